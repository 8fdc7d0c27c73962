// 100,000 soft dots into 12 MP against a straightforward loop and against OpenCV's impulses and blurs, in one run:
// only the ratios mean anything. All contenders cut footprints at the same 3.7 standard deviations.
//   bench_composite [ROUNDS]
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <functional>
#include <opencv2/core.hpp>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>
#include <string>

#include "sim/pigment/optics.h"
#include "sim/pigment/stamping.h"
#include "tests/test_pigment_scene.h"

using namespace stipple;

namespace {

const cv::Size photo_size(4000, 3000);
constexpr float extinction[3] = {0.9f, 1.0f, 1.1f};
constexpr double px_per_mm = 13;

/// R uniform in 1.5..6 px, sigma = R / 2, in an ellipse of 1800 x 1600 px.
std::vector<Stamp> workload(int count) {
  std::vector<Stamp> stamps;
  for (uint64_t i = 0; static_cast<int>(stamps.size()) < count; ++i) {
    const double u = 2 * uniform(1, i, 0) - 1, v = 2 * uniform(1, i, 1) - 1;
    if (u * u + v * v > 1) continue;
    const double sigma = (1.5 + 4.5 * uniform(1, i, 2)) / 2, peak = 0.3 + 0.7 * uniform(1, i, 3);
    const auto variance = static_cast<float>(sigma * sigma);
    stamps.push_back({static_cast<float>(2000 + 900 * u), static_cast<float>(1500 + 800 * v),
                      static_cast<float>(peak * 6.2832 * (variance + 1.0 / 12)), variance, 0, variance});
  }
  return stamps;
}

/// Ours: tiles of absorbance, then one multiplication per pixel and channel of the tiles that have dots.
void tiled(const std::vector<Stamp>& stamps, cv::Mat3f& image) {
  const TileBins bins = bin_stamps(stamps, image.size(), 0, max_tile_px);
  cv::parallel_for_(cv::Range(0, bins.count()), [&](const cv::Range& range) {
    std::vector<float> absorbance(tile_buffer_size);
    std::vector<float> line(3 * max_tile_px);
    for (int t = range.start; t < range.end; ++t) {
      if (bins.stamps_of(t).empty()) continue;
      const cv::Rect tile = bins.tile(t);
      sum_absorbance(stamps, bins.stamps_of(t), tile, absorbance.data());
      for (int y = 0; y < tile.height; ++y) {
        const float* a = absorbance.data() + y * tile_stride_px;
        float* out = image.ptr<float>(tile.y + y) + 3 * tile.x;
        for (int x = 0; x < tile.width; ++x)
          for (int c = 0; c < 3; ++c) out[3 * x + c] *= optics::transmittance(a[x], extinction[c]);
      }
    }
  });
}

/// What one writes first: every dot multiplies the pixels it covers.
void straightforward(const std::vector<Stamp>& stamps, cv::Mat3f& image) {
  for (const Stamp& s : stamps) {
    const float variance = s.cov_xx + 1.0f / 12, reach = footprint_cut * std::sqrt(variance);
    const float peak = s.mass_px2 / (6.2831853f * variance);
    for (int y = std::max(0, static_cast<int>(std::ceil(s.y_px - reach - 0.5f)));
         y <= std::min(image.rows - 1, static_cast<int>(std::floor(s.y_px + reach - 0.5f))); ++y)
      for (int x = std::max(0, static_cast<int>(std::ceil(s.x_px - reach - 0.5f)));
           x <= std::min(image.cols - 1, static_cast<int>(std::floor(s.x_px + reach - 0.5f))); ++x) {
        const float dx = static_cast<float>(x) + 0.5f - s.x_px, dy = static_cast<float>(y) + 0.5f - s.y_px;
        const float a = peak * std::exp(-(dx * dx + dy * dy) / (2 * variance));
        for (int c = 0; c < 3; ++c) image(y, x)[c] *= std::exp(-extinction[c] * a);
      }
  }
}

/// Impulses sorted into four widths, spread bilinearly, blurred, added, applied to their bounding box.
void impulses(const std::vector<Stamp>& stamps, cv::Mat3f& image) {
  const cv::Rect box(1080, 680, 1840, 1640);
  cv::Mat1f sum(box.size(), 0.0f);
  for (int k = 0; k < 4; ++k) {
    cv::Mat1f plane(box.size(), 0.0f);
    for (const Stamp& s : stamps) {
      const float sigma = std::sqrt(s.cov_xx);
      if (std::clamp(static_cast<int>((sigma - 0.75f) / 0.5625f), 0, 3) != k) continue;
      const float x = s.x_px - 0.5f - static_cast<float>(box.x), y = s.y_px - 0.5f - static_cast<float>(box.y);
      const int ix = static_cast<int>(x), iy = static_cast<int>(y);
      const float fx = x - static_cast<float>(ix), fy = y - static_cast<float>(iy);
      plane(iy, ix) += s.mass_px2 * (1 - fx) * (1 - fy), plane(iy, ix + 1) += s.mass_px2 * fx * (1 - fy);
      plane(iy + 1, ix) += s.mass_px2 * (1 - fx) * fy, plane(iy + 1, ix + 1) += s.mass_px2 * fx * fy;
    }
    const double sigma = 0.75 + 0.5625 * (k + 0.5);
    const int size = 2 * static_cast<int>(std::ceil(static_cast<double>(footprint_cut) * sigma)) + 1;
    cv::GaussianBlur(plane, plane, cv::Size(size, size), sigma);
    sum += plane;
  }
  std::vector<cv::Mat> channels(3);
  for (size_t c = 0; c < 3; ++c) cv::exp(sum * -extinction[c], channels[c]);
  cv::Mat passed;
  cv::merge(channels, passed);
  cv::Mat part = image(box);
  cv::multiply(part, passed, part);
}

/// Largest difference of ours to double precision without any cut, in 8-bit codes, on a sample of rows.
double worst_code(const std::vector<Stamp>& stamps, const cv::Mat3f& ours, float light) {
  double worst = 0;
  for (int y = 1100; y < 1900; y += 97)
    for (int x = 1200; x < 2800; x += 3) {
      double a = 0;
      for (const Stamp& s : stamps) {
        const double dx = x + 0.5 - s.x_px, dy = y + 0.5 - s.y_px, variance = s.cov_xx + 1.0 / 12;
        if (dx * dx + dy * dy < 64 * variance)
          a += s.mass_px2 / (2 * CV_PI * variance) * std::exp(-(dx * dx + dy * dy) / (2 * variance));
      }
      for (int c = 0; c < 3; ++c)
        worst = std::max(
            worst, 255.0 * std::abs(optics::linear_to_srgb(ours(y, x)[c]) -
                                    optics::linear_to_srgb(light * static_cast<float>(std::exp(-extinction[c] * a)))));
    }
  return worst;
}

/// Wall time, and processor time of all threads: the one that stays comparable on a busy machine.
struct Time {
  double wall_ms, cpu_ms;
};

Time measure(const std::function<void()>& work) {
  const std::clock_t cpu = std::clock();
  const auto start = std::chrono::steady_clock::now();
  work();
  return {std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count(),
          1000.0 * static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC};
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

double peak_rss_mb() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.rfind("VmHWM:", 0) == 0) return std::atof(line.c_str() + 6) / 1024;
  return 0;
}

struct Contender {
  const char* name;
  int threads;
  std::function<void()> prepare, work;
  std::vector<double> wall_ms = {}, cpu_ms = {};
};

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::max(1, std::atoi(argv[1])) : 5;
  const std::vector<Stamp> stamps = workload(100'000);
  constexpr float light = 0.5f;

  // The whole composite first, so that the peak of memory is its own.
  Photo photo;
  photo.rgb = cv::Mat(photo_size, CV_8UC3, cv::Scalar(188, 149, 124));
  const Head head = scene::flat_head(photo_size, px_per_mm, Rgb(0.5, 0.3, 0.2));
  Deposit deposit;
  deposit.stamps = stamps;
  deposit.px_per_mm = px_per_mm;
  Job job;
  const double before_mb = peak_rss_mb();
  Photo out = composite(photo, head, deposit, job);
  std::printf("composite: peak %.0f MB, of which photo, matte and dots %.0f\n", peak_rss_mb(), before_mb);

  out = Photo();
  cv::Mat3f image(photo_size);
  cv::Mat copy;
  auto reset = [&] { image.setTo(cv::Scalar::all(light)); };
  std::vector<Contender> all;
  for (const int threads : {1, 2}) all.push_back({"ours, float linear", threads, reset, [&] { tiled(stamps, image); }});
  all.push_back({"straightforward loop", 1, reset, [&] { straightforward(stamps, image); }});
  all.push_back({"OpenCV impulses + blur", 1, reset, [&] { impulses(stamps, image); }});
  for (const int threads : {1, 2})
    all.push_back(
        {"whole composite, 8 bit, scattering", threads, [] {}, [&] { out = composite(photo, head, deposit, job); }});
  all.push_back({"copy of the 8-bit frame", 1, [] {}, [&] { photo.rgb.copyTo(copy); }});
  for (int round = 0; round < rounds; ++round)
    for (Contender& c : all) {
      cv::setNumThreads(c.threads);
      c.prepare();
      const Time t = measure(c.work);
      c.wall_ms.push_back(t.wall_ms), c.cpu_ms.push_back(t.cpu_ms);
    }
  const double ours = median(all[0].cpu_ms);
  for (const Contender& c : all)
    std::printf("%-36s %d thr  median wall %7.1f  cpu %7.1f (min %7.1f) ms  = %5.2f x ours\n", c.name, c.threads,
                median(c.wall_ms), median(c.cpu_ms), *std::min_element(c.cpu_ms.begin(), c.cpu_ms.end()),
                median(c.cpu_ms) / ours);
  reset();
  tiled(stamps, image);
  std::printf("largest error against double precision: %.3f 8-bit codes\n", worst_code(stamps, image, light));
}
