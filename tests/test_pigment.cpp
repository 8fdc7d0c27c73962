// Pigment in skin: time, shades, deposits. The optics of the composite have a file of their own.
#include <doctest/doctest.h>

#include <limits>
#include <numbers>

#include "sim/core/error.h"
#include "sim/pigment/ageing.h"
#include "sim/pigment/profile.h"
#include "sim/pigment/saturation.h"
#include "tests/test_pigment_scene.h"

using namespace stipple;

namespace {

/// Mean linear light of the middle of a flat patch of light skin with dots.
Rgb patch_mean(const PigmentParams& params, double density_per_cm2 = 140) {
  const cv::Size size(160, 160);
  const Rgb skin(0.56, 0.27, 0.23);
  const Head head = scene::flat_head(size, 8, skin);
  const Photo photo = scene::flat_photo(size, skin, CV_16U);
  const Field field = scene::random_field(head, cv::Rect(0, 0, 160, 160), density_per_cm2);
  Job job;
  const Deposit deposit = make_deposit(photo, head, field, params, job);
  const Photo out = composite(photo, head, deposit, job);
  const cv::Scalar mean = cv::mean(linear_light(out, cv::Rect(40, 40, 80, 80)));
  return Rgb(mean[0], mean[1], mean[2]);
}

double total_mass(const Deposit& deposit) {
  double sum = 0;
  for (const Stamp& stamp : deposit.stamps) sum += stamp.mass_px2;
  return sum;
}

Deposit deposit_of(const PigmentParams& params, double density_per_cm2 = 100) {
  const cv::Size size(200, 200);
  const Head head = scene::flat_head(size, 10);
  Job job;
  return make_deposit(scene::flat_photo(size, head.skin.scalp), head,
                      scene::random_field(head, cv::Rect(0, 0, 200, 200), density_per_cm2), params, job);
}

}  // namespace

TEST_CASE("retained pigment follows the published touch-up ages") {
  const PigmentParams params;
  const double table[][2] = {{1, 0.84}, {2, 0.74}, {3, 0.64}, {4.5, 0.53}, {6, 0.43}, {8, 0.33}};  // DOMAIN 3.2
  for (const auto& [years, left] : table)
    CHECK(retained(years, params, Band::typical) == doctest::Approx(left).epsilon(0.01));
  CHECK(retained(0.5, params, Band::typical) == doctest::Approx(0.90));
  CHECK(retained(healed_years, params, Band::typical) == doctest::Approx(1.0));
}

TEST_CASE("bands are ordered, widen with time and stay within 0..1") {
  const PigmentParams params;
  double width = 1;
  for (const double years : {0.5, 1.0, 2.0, 4.0}) {
    const double low = retained(years, params, Band::low), mid = retained(years, params, Band::typical),
                 high = retained(years, params, Band::high);
    CHECK(low < mid);
    CHECK(mid < high);
    CHECK(high <= 1);
    CHECK(high / low > width);
    width = high / low;
  }
  for (const double years : {0.0, 0.02, 0.3, 10.0, 30.0}) {
    CHECK(retained(years, params, Band::low) > 0);
    CHECK(retained(years, params, Band::low) <= retained(years, params, Band::typical));
    CHECK(retained(years, params, Band::typical) <= retained(years, params, Band::high));
  }
}

TEST_CASE("sun and scars shorten the course, care lengthens it") {
  PigmentParams sunny, careful, scarred;
  sunny.sun = 1, careful.sun = -1, scarred.scar_tissue = 1;
  const double usual = retained(4, {}, Band::typical);
  CHECK(retained(4, sunny, Band::typical) < usual);
  CHECK(retained(4, careful, Band::typical) > usual);
  CHECK(retained(4, scarred, Band::typical) < usual);
  CHECK(retained(0.5, scarred, Band::typical) == doctest::Approx(0.80));
}

TEST_CASE("healing ends at the healed dot and never turns back") {
  DotState before = healing(0, 7);
  CHECK(before.mass > 1.5);
  CHECK(before.diameter == doctest::Approx(1.92));
  for (double day = 0.25; day <= 30; day += 0.25) {
    const DotState now = healing(day / days_per_year, 7);
    CHECK(now.mass <= before.mass);
    CHECK(now.diameter <= before.diameter);
    CHECK(now.depth >= before.depth);
    before = now;
  }
  CHECK(before.mass == doctest::Approx(1));
  CHECK(before.diameter == doctest::Approx(1));
  CHECK(redness(0) == 1);
  CHECK(redness(3 / days_per_year) == doctest::Approx(0));
}

TEST_CASE("the shade ladder is geometric and known by name") {
  const auto& ladder = shade_ladder();
  REQUIRE(ladder.size() == 8);
  for (size_t i = 1; i < ladder.size(); ++i) {
    const double ratio = ladder[i].parts_water / ladder[i - 1].parts_water;
    CHECK(ratio > 1.3);
    CHECK(ratio < 1.6);
    CHECK(shade_by_name(ladder[i].name) == ladder[i].parts_water);
  }
  CHECK(shade_by_name("12.5") == 12.5);
  CHECK(shade_by_name("Dark_Brown") == 9);
  CHECK(shade_by_name("salt and pepper") == 60);
  CHECK_THROWS_AS(shade_by_name("purple"), Error);
  CHECK_THROWS_AS(shade_by_name(""), Error);
  CHECK_THROWS_AS(shade_by_name("2"), Error);
  CHECK_THROWS_AS(shade_by_name("nan"), Error);
  CHECK_THROWS_WITH_AS(shade_by_name("20x"), doctest::Contains("salt-and-pepper"), Error);
}

TEST_CASE("steps of the ladder look alike: each is lighter by 0.4 to 4 L*") {
  auto lightness = [](double luminance) { return 116 * std::cbrt(luminance) - 16; };
  double before = -1;
  for (const Shade& shade : shade_ladder()) {
    PigmentParams params;
    params.shade_parts_water = shade.parts_water;
    const Rgb mean = patch_mean(params);
    const double now = lightness(0.2126 * mean[0] + 0.7152 * mean[1] + 0.0722 * mean[2]);
    if (before >= 0) {
      CHECK(now - before > 0.4);
      CHECK(now - before < 4);
    }
    before = now;
  }
}

TEST_CASE("the light a dot takes is Ein of its peak, and the inverse undoes it") {
  for (const double peak : {1e-6, 0.01, 0.5, 1.0, 2.9, 3.0, 3.1, 8.0, 40.0}) {
    // Against the integral over the plane: (1 - exp(-peak e^-t)) dt with t = r^2 / 2 s^2.
    double integral = 0;
    const double dt = 1e-3;
    for (double t = dt / 2; t < 40; t += dt) integral += -std::expm1(-peak * std::exp(-t)) * dt;
    CHECK(taken_light(peak) == doctest::Approx(integral).epsilon(1e-6));
    CHECK(peak_taking(taken_light(peak)) == doctest::Approx(peak).epsilon(1e-6));
  }
  CHECK(peak_taking(0) == 0);
}

TEST_CASE("darker shade, fresher age, later session: darker skin") {
  const PigmentParams usual;
  const Rgb reference = patch_mean(usual);
  CHECK((reference < Rgb(0.56, 0.27, 0.23)).all());
  for (const double years : {0.0, 0.02, 0.08}) {
    PigmentParams fresh = usual;
    fresh.years = years;
    CHECK((patch_mean(fresh) < reference).all());
  }
  double before = reference[1];
  for (const double years : {1.0, 3.0, 6.0, 12.0}) {
    PigmentParams aged = usual;
    aged.years = years;
    const double now = patch_mean(aged)[1];
    CHECK(now > before);
    before = now;
  }
  before = 0.27 + 1e-4;
  for (int sessions = 0; sessions <= 3; ++sessions) {
    PigmentParams params = usual;
    params.sessions = sessions;
    const double now = patch_mean(params)[1];
    CHECK(now < before);
    before = now;
  }
}

TEST_CASE("bands show in the picture") {
  PigmentParams params;
  params.years = 4;
  const double typical = patch_mean(params)[1];
  params.band = Band::low;
  CHECK(patch_mean(params)[1] > typical);
  params.band = Band::high;
  CHECK(patch_mean(params)[1] < typical);
}

TEST_CASE("no session, no dots") {
  PigmentParams params;
  params.sessions = 0;
  CHECK(deposit_of(params).stamps.empty());
  params.sessions = 1;
  const double share = static_cast<double>(deposit_of(params).stamps.size());
  params.sessions = 3;
  CHECK(share / static_cast<double>(deposit_of(params).stamps.size()) == doctest::Approx(0.3).epsilon(0.3));
}

TEST_CASE("deep pigment is cooler and softer") {
  PigmentParams shallow, deep;
  shallow.depth_mm = 0.3, deep.depth_mm = 1.0;
  const Deposit a = deposit_of(shallow), b = deposit_of(deep);
  CHECK(b.below_share[2] < a.below_share[2]);
  CHECK(b.stamps[0].cov_xx > a.stamps[0].cov_xx);
  // Cooler: of what light is lost, red loses more and blue less.
  const Rgb skin(0.56, 0.27, 0.23);
  const Rgb ratio_shallow = patch_mean(shallow) / skin, ratio_deep = patch_mean(deep) / skin;
  CHECK(ratio_deep[2] / ratio_deep[0] > ratio_shallow[2] / ratio_shallow[0]);
}

TEST_CASE("pigment spreads with the years and none of it is made or lost") {
  // Fading apart, the light taken by a spread dot of the same pigment grows towards its mass and never past it.
  PigmentParams young, old;
  young.years = 0.5, old.years = 10;
  const Deposit a = deposit_of(young), b = deposit_of(old);
  REQUIRE(a.stamps.size() == b.stamps.size());
  const double faded = fade_curve(10, 7.5, 0) / fade_curve(0.5, 7.5, 0);
  CHECK(b.stamps[0].cov_xx > a.stamps[0].cov_xx);
  CHECK(total_mass(b) < total_mass(a));
  CHECK(total_mass(b) > total_mass(a) * faded);
}

TEST_CASE("the light that dots take is the same at any zoom") {
  const PigmentParams params;
  double reference = 0;
  for (const double px_per_mm : {20.0, 10.0, 5.0, 3.0}) {
    const cv::Size size(static_cast<int>(20 * px_per_mm), static_cast<int>(20 * px_per_mm));
    const Rgb skin(0.56, 0.27, 0.23);
    const Head head = scene::flat_head(size, px_per_mm, skin);
    const Photo photo = scene::flat_photo(size, skin, CV_16U);
    Job job;
    const Field field = scene::random_field(head, cv::Rect(cv::Point(0, 0), size), 60);
    const Photo out = composite(photo, head, make_deposit(photo, head, field, params, job), job);
    const double mean = cv::mean(linear_light(out, cv::Rect(cv::Point(0, 0), size)))[1] / 0.27;
    if (reference == 0) reference = 1 - mean;
    CHECK(1 - mean == doctest::Approx(reference).epsilon(0.1));
  }
}

TEST_CASE("components fade apart: iron oxide turns warm, tattoo ink turns cool, carbon keeps its hue") {
  auto drift = [](const char* pigment) {
    PigmentParams early, late;
    early.pigment = late.pigment = pigment;
    early.years = 0.5, late.years = 8;
    const Rgb a = deposit_of(early).extinction, b = deposit_of(late).extinction;
    return (b[2] / b[0]) / (a[2] / a[0]);  // above 1: absorbs more blue against red, looks warmer
  };
  CHECK(drift("carbon") == doctest::Approx(1));
  CHECK(drift("iron_oxide") > 1.1);
  CHECK(drift("tattoo_ink") < 0.9);
  CHECK(drift("organic") < 1);
}

TEST_CASE("pigment files are checked") {
  CHECK(read_pigment("carbon").components.size() == 1);
  CHECK_THROWS_WITH_AS(read_pigment("chalk"), doctest::Contains("iron_oxide"), Error);
  CHECK_THROWS_AS(parse_pigment("{", "carbon", "f"), Error);
  CHECK_THROWS_AS(parse_pigment("[]", "carbon", "f"), Error);
  CHECK_THROWS_AS(parse_pigment(R"({"carbon": {"title": "x"}})", "carbon", "f"), Error);
  CHECK_THROWS_AS(parse_pigment(R"({"carbon": {"title": "x", "note": "", "depth_mm": 0, "growth_factor": 1,
    "components": [{"share": 0.4, "extinction": [1, 1, 1], "tau_factor": 1}]}})",
                                "carbon", "f"),
                  Error);
}

TEST_CASE("values out of range are refused by name") {
  PigmentParams params;
  params.depth_mm = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_WITH_AS(deposit_of(params), doctest::Contains("depth"), Error);
  params = {};
  params.sessions = 9;
  CHECK_THROWS_WITH_AS(deposit_of(params), doctest::Contains("sessions"), Error);
}

TEST_CASE("a photo's blur is measured on its edges") {
  const cv::Size size(400, 400);
  const Head head = scene::flat_head(size, 8);
  double before = 0;
  for (const double sigma : {0.6, 1.0, 1.6, 2.4}) {
    // Oblique bars whose edges are blurred exactly, before the pixel's box.
    Photo photo;
    photo.rgb = cv::Mat(size, CV_8UC3);
    for (int y = 0; y < size.height; ++y)
      for (int x = 0; x < size.width; ++x) {
        const double d = std::remainder(0.94 * x + 0.34 * y, 40.0);
        const double edge =
            0.5 * std::erfc(-(std::abs(d) - 10) / (std::numbers::sqrt2 * std::sqrt(sigma * sigma + 1.0 / 12)));
        photo.rgb.at<cv::Vec3b>(y, x) = cv::Vec3b::all(static_cast<uint8_t>(60 + 120 * edge + 0.5));
      }
    Deposit deposit;
    Job job;
    const Field one{{scene::dot_at(head, Vec2(200, 200))}};
    const Stamp stamp = make_deposit(photo, head, one, {}, job).stamps.at(0);
    CHECK(stamp.cov_xx > before + 0.05);
    before = stamp.cov_xx;
  }
}
