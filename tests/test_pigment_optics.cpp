// The composite against closed forms, statistics and a slow oracle in double precision.
#include <doctest/doctest.h>

#include <array>
#include <limits>
#include <numbers>
#include <numeric>
#include <opencv2/core/utility.hpp>

#include "sim/pigment/optics.h"
#include "sim/pigment/scatter.h"
#include "sim/pigment/stamping.h"
#include "tests/test_pigment_scene.h"

using namespace stipple;
using namespace stipple::scene;

namespace {

cv::Mat1f absorbance_of(const std::vector<Stamp>& stamps, cv::Size size) {
  cv::Mat1f out(size, 0.0f);
  const TileBins bins = bin_stamps(stamps, size, 0, max_tile_px);
  for (int t = 0; t < bins.count(); ++t) {
    std::vector<float> tile(tile_buffer_size);
    sum_absorbance(stamps, bins.stamps_of(t), bins.tile(t), tile.data());
    cv::Mat(bins.tile(t).size(), CV_32F, tile.data(), tile_stride_px * sizeof(float)).copyTo(out(bins.tile(t)));
  }
  return out;
}

int mirrored(int i, int n) {
  const int period = 2 * n;
  i = ((i % period) + period) % period;
  return i < n ? i : period - 1 - i;
}

/// The formulas written out, pixel by pixel, nothing cut off, nothing on a grid of its own.
struct Oracle {
  cv::Size size;
  std::vector<std::array<double, 3>> remission;

  Oracle(const Deposit& deposit, cv::Size photo_size) : size(photo_size), remission(static_cast<size_t>(size.area())) {
    std::vector<double> absorbance(remission.size(), 0.0);
    for (const Stamp& s : deposit.stamps) add(s, absorbance);
    for (int c = 0; c < 3; ++c) {
      std::vector<double> taken(absorbance.size());
      for (size_t i = 0; i < taken.size(); ++i) taken[i] = 1 - std::exp(-deposit.extinction[c] * absorbance[i]);
      std::vector<double> halo(taken.size(), 0.0), red_halo = halo;
      for (int k = 1; k < optics::profile_terms; ++k) {
        const std::vector<double> blurred =
            blur(taken, optics::profile_variance_mm2(k) * deposit.px_per_mm * deposit.px_per_mm);
        for (size_t i = 0; i < halo.size(); ++i) halo[i] += optics::profile_weight(k, c) * blurred[i];
      }
      const double w = deposit.below_share[c], narrow = optics::profile_weight(0, c);
      for (size_t i = 0; i < halo.size(); ++i)
        remission[i][static_cast<size_t>(c)] = 1 - w + w * (1 - taken[i]) * (1 - narrow * taken[i] - halo[i]);
    }
  }

  /// The footprint integrated over each pixel's box, by 6 x 6 samples.
  void add(const Stamp& s, std::vector<double>& absorbance) const {
    const double xx = s.cov_xx, yy = s.cov_yy, xy = s.cov_xy, det = xx * yy - xy * xy;
    constexpr int n = 6;
    for (int y = 0; y < size.height; ++y)
      for (int x = 0; x < size.width; ++x) {
        if (std::hypot(x + 0.5 - s.x_px, y + 0.5 - s.y_px) > 8 * std::sqrt(xx + yy) + 2) continue;
        double sum = 0;
        for (int k = 0; k < n * n; ++k) {
          const double dx = x + (k % n + 0.5) / n - s.x_px, dy = y + (k / n + 0.5) / n - s.y_px;
          sum += std::exp(-0.5 * (yy * dx * dx - 2 * xy * dx * dy + xx * dy * dy) / det);
        }
        absorbance[static_cast<size_t>(y * size.width + x)] +=
            s.mass_px2 * sum / (n * n * 2 * std::numbers::pi * std::sqrt(det));
      }
  }

  std::vector<double> blur(const std::vector<double>& in, double variance) const {
    const int radius = static_cast<int>(std::ceil(6 * std::sqrt(variance)));
    std::vector<double> kernel;
    for (int i = -radius; i <= radius; ++i) kernel.push_back(std::exp(-i * i / (2 * variance)));
    const double sum = std::accumulate(kernel.begin(), kernel.end(), 0.0);
    std::vector<double> rows(in.size()), out(in.size());
    for (int y = 0; y < size.height; ++y)
      for (int x = 0; x < size.width; ++x)
        for (int i = -radius; i <= radius; ++i)
          rows[static_cast<size_t>(y * size.width + x)] +=
              kernel[static_cast<size_t>(i + radius)] / sum *
              in[static_cast<size_t>(y * size.width + mirrored(x + i, size.width))];
    for (int y = 0; y < size.height; ++y)
      for (int x = 0; x < size.width; ++x)
        for (int i = -radius; i <= radius; ++i)
          out[static_cast<size_t>(y * size.width + x)] +=
              kernel[static_cast<size_t>(i + radius)] / sum *
              rows[static_cast<size_t>(mirrored(y + i, size.height) * size.width + x)];
    return out;
  }
};

/// Largest difference to the oracle in 8-bit codes, measured on a 16-bit photo.
double codes_from_oracle(const Deposit& deposit, cv::Size size, const Rgb& skin) {
  const Head head = scene::flat_head(size, deposit.px_per_mm, skin);
  const Photo photo = scene::flat_photo(size, skin, CV_16U);
  Job job;
  const Photo out = composite(photo, head, deposit, job);
  const Oracle oracle(deposit, size);
  double worst = 0;
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x)
      for (int c = 0; c < 3; ++c) {
        const double light =
            skin[c] * oracle.remission[static_cast<size_t>(y * size.width + x)][static_cast<size_t>(c)];
        const double code = optics::linear_to_srgb(static_cast<float>(light)) * 255.0;
        worst = std::max(worst, std::abs(code - out.rgb.at<cv::Vec3w>(y, x)[c] / 257.0));
      }
  return worst;
}

}  // namespace

TEST_CASE("a dot keeps its mass at any size, shape and sub-pixel position") {
  for (const double sigma : {0.0, 0.2, 0.5, 1.0, 3.0, 7.0})
    for (const double shift : {0.0, 0.25, 0.5, 0.77}) {
      const Stamp stamp = round_stamp(64 + shift, 64 - shift / 3, 2.5, sigma);
      CHECK(cv::sum(absorbance_of({stamp}, cv::Size(160, 160)))[0] == doctest::Approx(2.5).epsilon(1e-4));
    }
  Stamp ellipse = round_stamp(63.3, 65.1, 1, 3);
  ellipse.cov_xy = 7.5f;
  CHECK(cv::sum(absorbance_of({ellipse}, cv::Size(160, 160)))[0] == doctest::Approx(1).epsilon(1e-4));
}

TEST_CASE("a footprint has the covariance it was asked for") {
  const Stamp stamp{40.3f, 38.6f, 1, 9, 3, 4};
  const cv::Mat1f a = absorbance_of({stamp}, cv::Size(80, 80));
  double mx = 0, my = 0, xx = 0, xy = 0, yy = 0;
  for (int y = 0; y < 80; ++y)
    for (int x = 0; x < 80; ++x) mx += a(y, x) * (x + 0.5), my += a(y, x) * (y + 0.5);
  for (int y = 0; y < 80; ++y)
    for (int x = 0; x < 80; ++x) {
      const double dx = x + 0.5 - mx, dy = y + 0.5 - my;
      xx += a(y, x) * dx * dx, xy += a(y, x) * dx * dy, yy += a(y, x) * dy * dy;
    }
  CHECK(mx == doctest::Approx(40.3).epsilon(1e-3));
  CHECK(my == doctest::Approx(38.6).epsilon(1e-3));
  CHECK(xx == doctest::Approx(9 + 1.0 / 12).epsilon(0.02));  // the cut takes a little off
  CHECK(xy == doctest::Approx(3).epsilon(0.02));
  CHECK(yy == doctest::Approx(4 + 1.0 / 12).epsilon(0.02));
}

TEST_CASE("uniform cover has the closed form of one absorbance everywhere") {
  // A lattice of wide stamps is flat to 1e-6: T = exp(-e a), both passes equal, M = 1 - w + w T^2.
  const cv::Size size(200, 200);
  const double spacing = 4, absorbance = 0.35;
  std::vector<Stamp> stamps;
  for (double y = -40; y < 240; y += spacing)
    for (double x = -40; x < 240; x += spacing) stamps.push_back(round_stamp(x, y, absorbance * spacing * spacing, 6));
  for (const double px_per_mm : {4.0, 10.0, 20.0}) {
    const Deposit deposit = deposit_with(stamps, px_per_mm);
    const Rgb skin(0.5, 0.3, 0.2);
    Job job;
    const Photo out =
        composite(scene::flat_photo(size, skin, CV_16U), scene::flat_head(size, px_per_mm, skin), deposit, job);
    const cv::Vec3f seen = linear_light(out, cv::Rect(100, 100, 1, 1))(0, 0);
    for (int c = 0; c < 3; ++c) {
      const double t = std::exp(-deposit.extinction[c] * absorbance), w = deposit.below_share[c];
      CHECK(seen[c] == doctest::Approx(skin[c] * (1 - w + w * t * t)).epsilon(5e-4));
    }
  }
}

TEST_CASE("many dots at random take what a Poisson pattern takes") {
  // Mean transmittance of a Poisson pattern: exp(-density * light taken by one dot). Dots here are independent.
  const cv::Size size(512, 512);
  const double sigma = 1.3, peak = 1.5, mass = 2 * std::numbers::pi * (sigma * sigma + 1.0 / 12) * peak;
  const int count = 6000;
  std::vector<Stamp> stamps;
  for (uint64_t i = 0; i < count; ++i)
    stamps.push_back(round_stamp(512 * uniform(5, i, 0), 512 * uniform(5, i, 1), mass, sigma));
  const cv::Mat1f a = absorbance_of(stamps, size);
  cv::Mat1f t;
  cv::exp(-a, t);
  const double ein = 1.1456;  // Ein(1.5), Abramowitz & Stegun 5.1
  const double expected = std::exp(-count / (512.0 * 512) * mass / peak * ein);
  // Spread of the mean: each dot's light taken, as if they did not overlap, is an upper bound.
  const double sd = std::sqrt(static_cast<double>(count)) * mass / (512.0 * 512);
  CHECK(std::abs(cv::mean(t)[0] - expected) < 4 * sd * expected);
}

TEST_CASE("composite agrees with a slow oracle within half an 8-bit code") {
  for (const double px_per_mm : {3.0, 5.0, 8.0, 12.0, 20.0}) {
    const cv::Size size(96, 80);
    const auto stamps = scattered_stamps(size, px_per_mm, 140, 0.13, 0.09, 3);
    REQUIRE(stamps.size() > 5);
    CAPTURE(px_per_mm);
    CHECK(codes_from_oracle(deposit_with(stamps, px_per_mm), size, Rgb(0.56, 0.27, 0.23)) < 0.5);
    CHECK(codes_from_oracle(deposit_with(stamps, px_per_mm), size, Rgb(0.16, 0.08, 0.06)) < 0.5);
  }
}

TEST_CASE("pixels that no stamp reaches keep their bytes") {
  for (const int depth : {CV_8U, CV_16U}) {
    const cv::Size size(400, 300);
    const double px_per_mm = 6;
    Photo photo = scene::flat_photo(size, Rgb(0.5, 0.3, 0.2), depth);
    cv::randu(photo.rgb, 0, depth == CV_8U ? 256 : 65536);
    const Head head = scene::flat_head(size, px_per_mm);
    Deposit deposit = deposit_with({round_stamp(200, 150, 8, 2), round_stamp(210, 140, 8, 2)}, px_per_mm);
    deposit.matt = 1;
    deposit.wash = Rgb(1, 1, 1);
    Job job;
    const Photo out = composite(photo, head, deposit, job);
    const int reach = static_cast<int>(std::ceil(reach_mm * px_per_mm + footprint_cut * 2.1));
    cv::Mat1b far(size, uint8_t{1});
    far(cv::Rect(200 - reach, 140 - reach, 10 + 2 * reach, 10 + 2 * reach)).setTo(0);
    cv::Mat before, after;
    photo.rgb.copyTo(before, far), out.rgb.copyTo(after, far);
    CHECK(same_bytes(before, after));
    CHECK(!same_bytes(photo.rgb, out.rgb));
  }
}

TEST_CASE("no stamps, no change; and the input is left alone") {
  const cv::Size size(64, 48);
  Photo photo = scene::flat_photo(size, Rgb(0.5, 0.3, 0.2));
  cv::randu(photo.rgb, 0, 256);
  const cv::Mat kept = photo.rgb.clone();
  Job job;
  CHECK(same_bytes(composite(photo, scene::flat_head(size, 8), deposit_with({}, 8), job).rgb, kept));
  const Photo out = composite(photo, scene::flat_head(size, 8), deposit_with({round_stamp(20, 20, 9, 2)}, 8), job);
  CHECK(same_bytes(photo.rgb, kept));
}

TEST_CASE("same bytes on one thread and on several") {
  const cv::Size size(500, 400);
  Photo photo = scene::flat_photo(size, Rgb(0.5, 0.3, 0.2));
  cv::randu(photo.rgb, 60, 200);
  const Head head = scene::flat_head(size, 9);
  const Field field = scene::random_field(head, cv::Rect(30, 30, 440, 340), 150);
  auto run = [&](int threads) {
    const int before = cv::getNumThreads();
    cv::setNumThreads(threads);
    Job job;
    const Photo out = composite(photo, head, make_deposit(photo, head, field, {}, job), job);
    cv::setNumThreads(before);
    return out.rgb;
  };
  const cv::Mat one = run(1);
  CHECK(same_bytes(one, run(2)));
  CHECK(same_bytes(one, run(5)));
}

TEST_CASE("a cancelled composite stops") {
  const cv::Size size(100, 100);
  Job job;
  job.cancel();
  CHECK_THROWS_AS(composite(scene::flat_photo(size, Rgb(0.5, 0.3, 0.2)), scene::flat_head(size, 8),
                            deposit_with({round_stamp(50, 50, 9, 2)}, 8), job),
                  Cancelled);
}

TEST_CASE("stamps that cannot be are left out, at the border and beyond are fine") {
  const float nan = std::numeric_limits<float>::quiet_NaN(), inf = std::numeric_limits<float>::infinity();
  const cv::Size size(40, 30);
  const std::vector<Stamp> bad{{nan, 5, 1, 1, 0, 1}, {5, 5, nan, 1, 0, 1},  {5, 5, 1, inf, 0, 1}, {5, 5, 1, 1, 9, 1},
                               {5, 5, -1, 1, 0, 1},  {1e9f, 5, 1, 1, 0, 1}, {5, 5, 1, 1, 0, 1e9f}};
  CHECK(cv::sum(absorbance_of(bad, size))[0] == 0);
  const Photo photo = scene::flat_photo(size, Rgb(0.5, 0.3, 0.2));
  Job job;
  const auto deposit =
      deposit_with({round_stamp(0, 0, 9, 3), round_stamp(40, 30, 9, 3), round_stamp(-90, -90, 9, 3)}, 30);
  CHECK(!same_bytes(composite(photo, scene::flat_head(size, 30), deposit, job).rgb, photo.rgb));
}
