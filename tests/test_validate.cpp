// Prediction against a reality that is known: a made client's result, moved and relit, must be measured as it was made.
#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <opencv2/imgproc.hpp>

#include "sim/core/error.h"
#include "sim/core/random.h"
#include "sim/phantom/phantom.h"
#include "sim/pigment/ageing.h"
#include "sim/validate/validate.h"
#include "tests/scratch.h"

using namespace stipple;
using nlohmann::json;

namespace {

constexpr int width = 420, height = 560;

std::shared_ptr<const Photo> client_photo() {
  static const auto photo = [] {
    PhantomParams params;
    params.width_px = width, params.height_px = height;
    params.hair = PhantomHair::bald;
    Job job;
    return std::make_shared<const Photo>(make_phantom(params, job).photo);
  }();
  return photo;
}

/// A little turned, nearer and seen from aside: photo before to photo of the healed result.
const cv::Matx33d& moved() {
  static const cv::Matx33d m = cv::Matx33d(1, 0, 0, 0, 1, 0, 2e-5, -1e-5, 1) *
                               cv::Matx33d(1.03 * std::cos(0.05), -1.03 * std::sin(0.05), 9, 1.03 * std::sin(0.05),
                                           1.03 * std::cos(0.05), -14, 0, 0, 1);
  return m;
}

/// The same scene from elsewhere in warmer light that falls off to one side, with the camera's noise.
Photo another_day(const Photo& result) {
  const cv::Rect whole({0, 0}, result.size());
  cv::Mat3f light = linear_light(result, whole), out;
  const cv::Matx33d half(1, 0, -0.5, 0, 1, -0.5, 0, 0, 1);  // OpenCV's pixel centres lie at whole numbers
  cv::warpPerspective(light, out, half * moved() * half.inv(), light.size(), cv::INTER_CUBIC, cv::BORDER_REPLICATE);
  for (int y = 0; y < out.rows; ++y)
    for (int x = 0; x < out.cols; ++x)
      for (int c = 0; c < 3; ++c) {
        const double gain = std::array{1.15, 1.0, 0.85}[static_cast<size_t>(c)] * (1 + 0.1 * (x / 420.0 - 0.5));
        const double noise =
            1 + 0.01 * normal(static_cast<uint64_t>(y) * width + static_cast<uint64_t>(x), 0, static_cast<uint64_t>(c));
        out(y, x)[c] = std::clamp(out(y, x)[c] * static_cast<float>(gain * noise), 0.0F, 1.0F);
      }
  Photo photo;
  photo.rgb.create(out.size(), CV_8UC3);
  store_linear(photo, whole, out);
  return photo;
}

Photo result_at(Pipeline& pipeline, Settings settings, double years) {
  settings.pigment.years = years;
  Job job;
  return *pipeline.run(settings, job).after;
}

}  // namespace

TEST_CASE("features lay a photo over the one before to a pixel, and say when they cannot") {
  Job job;
  const cv::Mat1b nothing(height, width, uint8_t{0});
  const Photo later = another_day(*client_photo());
  Alignment coarse;  // off by up to 30 px
  coarse.source = "heads";
  const BothFeatures seen = features_of_both(*client_photo(), later, nothing, job);
  for (const Alignment& found : {align_by_features(seen), refined_by_features(seen, coarse, 40)}) {
    REQUIRE(found.source == "features");
    for (const cv::Point2d p :
         {cv::Point2d(210, 120), cv::Point2d(120, 300), cv::Point2d(300, 300), cv::Point2d(210, 420)}) {
      const cv::Vec3d is = found.before_to_later * cv::Vec3d(p.x, p.y, 1), wanted = moved() * cv::Vec3d(p.x, p.y, 1);
      CHECK(std::hypot(is[0] / is[2] - wanted[0] / wanted[2], is[1] / is[2] - wanted[1] / wanted[2]) < 1.5);
    }
  }
  CHECK(refined_by_features(seen, coarse, 0.5).source == "heads");
  Photo grey;
  grey.rgb = cv::Mat(height, width, CV_8UC3, cv::Scalar::all(128));
  CHECK(!align_by_features(features_of_both(*client_photo(), grey, nothing, job)).found());
}

TEST_CASE("light is matched from skin alone, a slope included") {
  cv::Mat3f before(120, 160, cv::Vec3f(0.4F, 0.3F, 0.2F)), later = before.clone();
  for (int y = 0; y < 120; ++y)
    for (int x = 0; x < 160; ++x) later(y, x) *= static_cast<float>(std::exp(0.2 + 0.001 * (x - 80)));
  cv::Mat1b skin(120, 160, uint8_t{255});
  later(cv::Rect(60, 40, 40, 40)) *= 0.5;  // treated
  skin(cv::Rect(56, 36, 48, 48)) = 0;
  const LightGain gain = match_light(before, later, skin, 8, {80, 60});
  CHECK(gain.blocks > 100);
  CHECK(gain.at(1, 80, 60) == doctest::Approx(0.2).epsilon(0.02));
  CHECK(gain.at(0, 150, 60) == doctest::Approx(0.27).epsilon(0.05));
  CHECK(gain.log_sd < 0.01);
  CHECK(match_light(before, later, cv::Mat1b(120, 160, uint8_t{0}), 8, {80, 60}).blocks == 0);
}

TEST_CASE("a result as predicted is measured as predicted, another is not") {
  Pipeline pipeline(client_photo());
  Settings settings;
  settings.pigment.shade_parts_water = 13;
  settings.plan.mid_frontal_height_mm = 72;
  Job job;
  const Validation right = validate(pipeline, settings, another_day(result_at(pipeline, settings, 0.5)), 0.5, job);
  CHECK(right.alignment.source == "features");
  CHECK(right.zone_cm2 > 20);
  CHECK(right.darkening.predicted > 0.1);
  CHECK(std::abs(right.darkening.error()) < 0.02);
  CHECK(std::abs(right.darkening.error()) < 3 * right.darkening_sd);
  CHECK(right.darkening_sd < 0.05);
  CHECK(std::abs(right.red.error()) < 0.8);
  CHECK(std::abs(right.yellow.error()) < 0.8);
  REQUIRE(right.has_line);
  CHECK(std::abs(right.line_mm.measured) <= 1);
  CHECK(right.believable);

  Settings other = settings;
  other.plan.mid_frontal_height_mm = 78;
  other.pigment.shade_parts_water = 8;
  const Validation wrong = validate(pipeline, settings, another_day(result_at(pipeline, other, 0.5)), 0.5, job);
  CHECK(wrong.darkening.error() < -0.05);
  REQUIRE(wrong.has_line);
  CHECK(wrong.line_mm.measured == doctest::Approx(6).epsilon(0.25));
  CHECK(wrong.believable);

  Photo combed_over = result_at(pipeline, settings, 0.5);
  combed_over.rgb = combed_over.rgb.clone();
  cv::Mat top = combed_over.rgb(cv::Rect(0, 0, width, height / 4));
  top.convertTo(top, -1, 0.35);
  const Validation hidden = validate(pipeline, settings, another_day(combed_over), 0.5, job);
  CHECK(!hidden.believable);
  CHECK(hidden.notes.front().starts_with("no treatment"));
}

TEST_CASE("two dated photos give the speed of fading that they were made with, and narrow the band") {
  Pipeline pipeline(client_photo());
  Settings usual, fast;
  usual.pigment.shade_parts_water = fast.pigment.shade_parts_water = 9;
  fast.pigment.fade_rate = 1.8;
  Job job;
  std::vector<DatedPigment> seen;
  for (const double years : {0.3, 4.0}) {
    const Validation v = validate(pipeline, usual, another_day(result_at(pipeline, fast, years)), years, job);
    seen.push_back(pigment_seen(pipeline, usual, v, job));
  }
  const double dark = dark_skin_share(pipeline.head({}, job)->skin.ita_degrees);
  const FadeFit fit = fit_fade(seen, fade_years(usual.pigment, dark), usual.pigment.fade_rate_sd);
  CHECK(fit.rate == doctest::Approx(1.8).epsilon(0.15));
  CHECK(fit.rate_log_sd < 0.7 * usual.pigment.fade_rate_sd);
  PigmentParams learned = usual.pigment;
  learned.fade_rate = fit.rate, learned.fade_rate_sd = fit.rate_log_sd;
  const auto width_of = [](const PigmentParams& p) { return retained(6, p, Band::high) - retained(6, p, Band::low); };
  CHECK(width_of(learned) < 0.8 * width_of(usual.pigment));
}

TEST_CASE("the fit is the exact solution where the photos are exact, and what was known where there are none") {
  const double tau = 7.5;
  const auto pigment = [&](double years, double rate, double take) {
    return DatedPigment{years, take - (rate - 1) * std::max(0.0, years - settled_years) / tau, 1e-4};
  };
  const FadeFit exact = fit_fade({pigment(0.2, 1.5, 0.05), pigment(3, 1.5, 0.05)}, tau, 0.33);
  CHECK(exact.rate == doctest::Approx(1.5).epsilon(1e-3));
  CHECK(exact.take_log == doctest::Approx(0.05).epsilon(1e-2));
  CHECK(exact.rate_log_sd == doctest::Approx(0.02));
  const FadeFit none = fit_fade({}, tau, 0.33);
  CHECK(none.rate == doctest::Approx(1));
  CHECK(none.rate_log_sd == doctest::Approx(0.33));
  // A client who fades faster keeps less, and never more than the usual course.
  PigmentParams slow, fast;
  slow.fade_rate = 0.7, fast.fade_rate = 2;
  CHECK(retained(5, slow, Band::typical) > retained(5, {}, Band::typical));
  CHECK(retained(5, fast, Band::typical) < retained(5, {}, Band::typical));
  CHECK(fade_years(fast, 0) == doctest::Approx(fade_years({}, 0) / 2));
}

TEST_CASE("stipple validate compares, learns, and refuses what cannot be compared") {
  const Scratch scratch;
  scratch.client("client.png");
  scratch.grey_picture("grey.png");
  REQUIRE(scratch.run("render client.png -q -o healed.png --years 0.5 --project-out c.stipple").code == 0);
  REQUIRE(scratch.run("render client.png -q -o later.png --years 4 --set fade_rate=2").code == 0);
  const Run run = scratch.run(
      "validate c.stipple --healed healed.png@0.5 --healed later.png@4 --json - --sheet s.png --project-out l.stipple");
  CAPTURE(run.err);
  REQUIRE(run.code == 0);
  const json told = json::parse(run.out);
  REQUIRE(told["photos"].size() == 2);
  CHECK(std::abs(told["photos"][0]["darkening_log"]["error"].get<double>()) < 0.01);
  CHECK(told["photos"][1]["darkening_log"]["error"].get<double>() > 0.01);
  CHECK(told["fade"]["rate"].get<double>() > 1.2);
  CHECK(cv::imread((scratch / "s.png").string()).cols > 3 * 640);
  const json learned = json::parse(content(scratch / "l.stipple"));
  CHECK(learned["settings"]["pigment"]["fade_rate"] == told["fade"]["rate"]);
  const auto before = scratch.files();
  for (const Refusal& one : std::vector<Refusal>{{"client.png", 2, "--healed"},
                                                 {"client.png --healed healed.png", 2, "PHOTO@YEARS"},
                                                 {"client.png --healed healed.png@x", 2, "0 to 30"},
                                                 {"client.png --healed missing.png@1", 3, "missing.png"},
                                                 {"client.png grey.png", 2, "grey.png"},
                                                 {"grey.png healed.png", 4, "grey.png"},
                                                 {"client.png healed.png --project-out p.stipple", 2, "two photos"}})
    scratch.refused("validate " + one.arguments, one.code, one.part);
  CHECK(scratch.files() == before);
}
