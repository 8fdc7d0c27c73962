// The composite against closed forms, statistics and a slow oracle in double precision.
#include <doctest/doctest.h>

#include <array>
#include <cstring>
#include <limits>
#include <numbers>
#include <numeric>
#include <opencv2/core/utility.hpp>

#include "sim/pigment/optics.h"
#include "sim/pigment/scatter.h"
#include "sim/pigment/stamping.h"
#include "tests/test_pigment_scene.h"

using namespace stipple;

namespace {

Stamp round_stamp(double x, double y, double mass_px2, double sigma_px) {
  const auto variance = static_cast<float>(sigma_px * sigma_px);
  return {static_cast<float>(x), static_cast<float>(y), static_cast<float>(mass_px2), variance, 0, variance};
}

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

Deposit deposit_with(std::vector<Stamp> stamps, double px_per_mm) {
  Deposit deposit;
  deposit.stamps = std::move(stamps);
  deposit.extinction = Rgb(0.9, 1.0, 1.1);
  deposit.below_share = Rgb(0.97, 0.9, 0.8);
  deposit.px_per_mm = px_per_mm;
  return deposit;
}

bool same_bytes(const cv::Mat& a, const cv::Mat& b) {
  if (a.size() != b.size() || a.type() != b.type()) return false;
  for (int y = 0; y < a.rows; ++y)
    if (std::memcmp(a.ptr(y), b.ptr(y), static_cast<size_t>(a.cols) * a.elemSize()) != 0) return false;
  return true;
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

std::vector<Stamp> scattered_stamps(cv::Size size, double px_per_mm, double density_per_cm2, double sigma_mm,
                                    double taken_mm2, uint64_t seed) {
  const Head head = scene::flat_head(size, px_per_mm);
  std::vector<Stamp> stamps;
  for (const Dot& dot : scene::random_field(head, cv::Rect(cv::Point(0, 0), size), density_per_cm2, seed).dots) {
    const double stretch = std::exp(0.5 * normal(dot.id, 0, 1)), angle = 7 * uniform(dot.id, 0, 3);
    const double variance = sigma_mm * sigma_mm * px_per_mm * px_per_mm;
    const double camera = 0.5 * 0.5;  // no photo is sharper
    const double a = variance * stretch + camera, b = variance / stretch + camera;
    const double c = std::cos(angle), s = std::sin(angle);
    stamps.push_back({static_cast<float>(dot.photo_px.x()), static_cast<float>(dot.photo_px.y()),
                      static_cast<float>(taken_mm2 * px_per_mm * px_per_mm), static_cast<float>(a * c * c + b * s * s),
                      static_cast<float>((a - b) * c * s), static_cast<float>(a * s * s + b * c * c)});
  }
  return stamps;
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

TEST_CASE("hair stays on top of pigment") {
  const cv::Size size(96, 96);
  Photo photo = scene::flat_photo(size, Rgb(0.5, 0.3, 0.2));
  cv::randu(photo.rgb, 20, 200);
  Head head = scene::flat_head(size, 8);
  head.hair_matte(cv::Rect(0, 0, 48, 96)).setTo(255);
  const Deposit deposit = deposit_with(scattered_stamps(size, 8, 200, 0.13, 0.09, 2), 8);
  Job job;
  const Photo out = composite(photo, head, deposit, job);
  const cv::Rect hair(0, 0, 48, 96), skin(48, 0, 48, 96);
  CHECK(same_bytes(photo.rgb(hair), out.rgb(hair)));
  CHECK(!same_bytes(photo.rgb(skin), out.rgb(skin)));
}

TEST_CASE("a highlight keeps its shine, and a matt lotion takes it") {
  const cv::Size size(120, 120);
  const Rgb skin(0.45, 0.27, 0.2);
  Photo photo = scene::flat_photo(size, skin, CV_16U);
  const cv::Rect shiny(50, 50, 20, 20);
  const double shine = 0.35;
  store_linear(photo, shiny, cv::Mat3f(shiny.size(), cv::Vec3f(0.8f, 0.62f, 0.55f)));
  const Head head = scene::flat_head(size, 8, skin);
  Deposit deposit = deposit_with(scattered_stamps(size, 8, 200, 0.2, 0.2, 2), 8);
  Job job;
  auto means = [&](const Photo& p, const cv::Rect& r) { return cv::mean(linear_light(p, r)); };
  const cv::Rect bare(10, 10, 20, 20);
  const Photo out = composite(photo, head, deposit, job);
  const double lost_bare = 1 - means(out, bare)[2] / means(photo, bare)[2];
  const double lost_shiny = 1 - means(out, shiny)[2] / means(photo, shiny)[2];
  CHECK(lost_bare > 0.1);
  CHECK(lost_shiny < 0.65 * lost_bare);
  deposit.matt = 1;
  const Photo matt = composite(photo, head, deposit, job);
  CHECK(means(out, shiny)[2] - means(matt, shiny)[2] > 0.5 * shine);
  CHECK(means(matt, bare)[2] == doctest::Approx(means(out, bare)[2]).epsilon(1e-3));
}

TEST_CASE("pale and uneven skin is no highlight") {
  // Skin tones from very light to dark, 15 % brighter and a little paler or redder than the head's median.
  const double tones[][3] = {
      {0.60, 0.42, 0.34}, {0.50, 0.34, 0.25}, {0.45, 0.27, 0.18}, {0.26, 0.14, 0.08}, {0.16, 0.08, 0.06}};
  for (const auto& t : tones)
    for (const double paler : {0.95, 1.0, 1.05}) {
      const auto r = static_cast<float>(1.15 * t[0]), g = static_cast<float>(1.15 * paler * t[1]),
                 b = static_cast<float>(1.15 * paler * t[2]);
      const float s =
          optics::shine_share(r, g, b, static_cast<float>(t[0]), static_cast<float>(t[1]), static_cast<float>(t[2]));
      CHECK(s < 0.03f);
    }
}

TEST_CASE("under warm lamps a dot in a highlight keeps the highlight's hue") {
  const cv::Size size(80, 80);
  Photo photo = scene::flat_photo(size, Rgb(0.98, 0.72, 0.46), CV_16U);
  Job job;
  const Photo out = composite(photo, scene::flat_head(size, 8, Rgb(0.62, 0.33, 0.2)),
                              deposit_with({round_stamp(40, 40, 20, 2)}, 8), job);
  const cv::Vec3f bare = linear_light(photo, cv::Rect(40, 40, 1, 1))(0, 0);
  const cv::Vec3f dot = linear_light(out, cv::Rect(40, 40, 1, 1))(0, 0);
  CHECK(dot[0] < 0.95f * bare[0]);
  CHECK(dot[2] / dot[0] < 1.15f * bare[2] / bare[0]);
}

TEST_CASE("grain survives: where pigment lowers the mean the noise goes down with it") {
  const cv::Size size(160, 160);
  Photo photo = scene::flat_photo(size, Rgb(0.4, 0.3, 0.2), CV_16U);
  cv::Mat3f grain = linear_light(photo, cv::Rect(cv::Point(0, 0), size));
  for (auto& p : grain) p *= static_cast<float>(1 + 0.04 * normal(9, static_cast<uint64_t>(&p - &grain(0, 0)), 0));
  store_linear(photo, cv::Rect(cv::Point(0, 0), size), grain);
  std::vector<Stamp> stamps;
  for (double y = -40; y < 200; y += 4)
    for (double x = -40; x < 200; x += 4) stamps.push_back(round_stamp(x, y, 0.4 * 16, 6));
  Job job;
  const Photo out = composite(photo, scene::flat_head(size, 8, Rgb(0.4, 0.3, 0.2)), deposit_with(stamps, 8), job);
  cv::Scalar m0, s0, m1, s1;
  const cv::Rect middle(40, 40, 80, 80);
  cv::meanStdDev(linear_light(photo, middle), m0, s0);
  cv::meanStdDev(linear_light(out, middle), m1, s1);
  for (int c = 0; c < 3; ++c) CHECK(s1[c] / m1[c] == doctest::Approx(s0[c] / m0[c]).epsilon(0.02));
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

TEST_CASE("the fast exponential is the exponential") {
  for (float x = 0; x > -86; x -= 0.0371f)
    CHECK(optics::exp(x) == doctest::Approx(std::exp(static_cast<double>(x))).epsilon(3e-7));
  CHECK(optics::exp(-1e30f) < 1e-37f);
}

TEST_CASE("transfer functions undo each other and hit the known points") {
  for (float code = 0; code <= 1; code += 1.0f / 255)
    CHECK(optics::linear_to_srgb(optics::srgb_to_linear(code)) == doctest::Approx(code).epsilon(1e-5));
  CHECK(optics::srgb_to_linear(0.5f) == doctest::Approx(0.21404).epsilon(1e-4));
}
