// A preview that learns how right it was: each quantity is read off the photo as off the prediction.
#include "sim/validate/validate.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "sim/core/error.h"
#include "sim/head/skin.h"
#include "sim/pigment/ageing.h"
#include "sim/validate/zone.h"

namespace stipple {
namespace {

constexpr double piece_mm = 5;
constexpr double least_zone_cm2 = 2;
constexpr double unseen_grey = 225;       // encoded: where the later photo shows nothing
constexpr double camera_log_sd = 0.01;    // what a camera's own toning does from picture to picture, at the least
constexpr double coarse_log_sd = 0.15;    // where the photos could be laid over each other only roughly
constexpr double reach_mm_of_heads = 15;  // how far heads laid over each other may be apart
constexpr double far_darkening = 0.5, far_colour = 15, seen_turn_degrees = 20;
constexpr double take_log_sd = 0.10, least_rate_sd = 0.02;

int piece_px(const Comparison& grid) { return std::max(4, static_cast<int>(std::lround(piece_mm * grid.px_per_mm))); }

cv::Point2d middle_of(const cv::Mat1b& zone) {
  const cv::Moments m = cv::moments(zone, true);
  return m.m00 > 0 ? cv::Point2d(m.m10 / m.m00, m.m01 / m.m00) : cv::Point2d(zone.cols / 2.0, zone.rows / 2.0);
}

void undo_light(cv::Mat3f& measured, const LightGain& light) {
  for (int y = 0; y < measured.rows; ++y)
    for (int x = 0; x < measured.cols; ++x)
      for (int c = 0; c < 3; ++c) measured(y, x)[c] *= static_cast<float>(std::exp(-light.at(c, x, y)));
}

Rgb mean_light(const cv::Mat3f& light, const cv::Mat1b& zone) {
  const cv::Scalar mean = cv::mean(light, zone);
  return {mean[0], mean[1], mean[2]};
}

void compare_colour(const Comparison& grid, Validation& out) {
  const Vec3 before = lab_of(mean_light(grid.before, grid.zone));
  const Vec3 predicted = lab_of(mean_light(grid.predicted, grid.zone)) - before,
             measured = lab_of(mean_light(grid.measured, grid.zone)) - before;
  out.lightness = {predicted[0], measured[0]};
  out.red = {predicted[1], measured[1]};
  out.yellow = {predicted[2], measured[2]};
}

/// Variance of the logarithm of light finer than `coarse_px`, over `zone`.
double fine_variance(const cv::Mat3f& light, const cv::Mat1b& zone, double fine_px, double coarse_px) {
  cv::Mat1f green, fine, coarse;
  cv::extractChannel(light, green, 1);
  cv::log(cv::max(green, 1e-4), green);
  cv::GaussianBlur(green, fine, {}, fine_px);
  cv::GaussianBlur(green, coarse, {}, coarse_px);
  cv::Scalar mean, sd;
  cv::meanStdDev(fine - coarse, mean, sd, zone);
  return sd[0] * sd[0];
}

/// What the treatment added to fine detail, at the photo's own size.
void compare_dots(const Result& result, const Photo& healed, const Comparison& grid, Validation& out) {
  cv::Mat1b zone, seen;
  cv::resize(grid.zone, zone, result.before->size(), 0, 0, cv::INTER_NEAREST);
  const cv::Rect box = cv::boundingRect(zone);
  const cv::Mat3f later = laid_over(healed, out.alignment, result.before->size(), result.before->size(), seen)(box);
  const double px_per_mm = result.head->scale.px_per_mm, fine = 0.7, coarse = std::max(1.5, 1.2 * px_per_mm);
  const cv::Mat1b inside(zone(box) & seen(box));
  const double bare = fine_variance(linear_light(*result.before, box), inside, fine, coarse),
               predicted = fine_variance(linear_light(*result.after, box), inside, fine, coarse),
               measured = fine_variance(later, inside, fine, coarse);
  // Light that changes slowly has no part in this, so it need not be matched.
  out.dot_contrast = {std::sqrt(std::max(0.0, predicted - bare)), std::sqrt(std::max(0.0, measured - bare))};
}

Alignment align(const Settings& settings, const Result& result, const Photo& healed, Job& job) {
  cv::Mat1b changed(result.plan->density_per_cm2 > 0);
  cv::resize(changed, changed, result.before->size(), 0, 0, cv::INTER_NEAREST);
  const BothFeatures seen = features_of_both(*result.before, healed, changed, job);
  Alignment alignment = align_by_features(seen);
  if (alignment.found()) return alignment;
  HeadParams params;  // all else was said of the other photo
  params.parser_model = settings.head.parser_model;
  alignment = align_by_heads(*result.head, find_head(healed, params, job));
  if (alignment.found()) return refined_by_features(seen, alignment, reach_mm_of_heads * result.head->scale.px_per_mm);
  throw Error(ErrorKind::usage, healed.path.empty() ? "healed photo" : healed.path,
              "cannot be laid over the photo before",
              "take it from the same side, with the face or the ears in the picture");
}

std::vector<std::string> doubts(const Validation& v) {
  std::vector<std::string> notes;
  if (!v.believable)
    notes.push_back(
        "no treatment changes skin like that, so the numbers tell of something else: hair over the skin, "
        "another part of the head, or other light");
  if (v.alignment.turned_degrees > seen_turn_degrees)
    notes.push_back("the head is turned by about " + std::to_string(std::lround(v.alignment.turned_degrees)) +
                    " degrees between the photos");
  if (v.alignment.source != "features")
    notes.push_back("the photos were laid over each other by " + v.alignment.source +
                    " alone, which is some millimetres coarse; take both from the same place");
  if (v.light.blocks == 0)
    notes.push_back("too little untreated skin is seen to match the light; the darkening is what the photos show");
  else if (v.light.log_sd > 0.08)
    notes.push_back("the light differs much between the photos; take both in the same place and light");
  return notes;
}

}  // namespace

Validation validate(Pipeline& pipeline, const Settings& settings, const Photo& healed, double years, Job& job) {
  Settings then = settings;
  then.pigment.years = years;
  const Result result = pipeline.run(then, job);
  Validation out;
  out.years = years;
  out.alignment = align(settings, result, healed, job);
  Comparison grid = compare_on_grid(result, healed, out.alignment);
  out.zone_cm2 = cv::countNonZero(grid.zone) / (100 * grid.px_per_mm * grid.px_per_mm);
  if (out.zone_cm2 < least_zone_cm2)
    throw Error(ErrorKind::usage, healed.path.empty() ? "healed photo" : healed.path,
                "shows too little of the planned skin to compare", "take it from the same place, without a hat");
  out.light = match_light(grid.before, grid.measured, grid.skin, piece_px(grid), middle_of(grid.zone));
  undo_light(grid.measured, out.light);
  const Darkening predicted = darkening_of(grid.before, grid.predicted, grid.zone, piece_px(grid)),
                  measured = darkening_of(grid.before, grid.measured, grid.zone, piece_px(grid));
  out.darkening = {predicted.mean, measured.mean};
  const double coarse = out.alignment.source == "features" ? 0 : coarse_log_sd;
  out.darkening_sd = std::hypot(std::hypot(out.light.log_sd, measured.sd), std::hypot(camera_log_sd, coarse));
  compare_colour(grid, out);
  compare_dots(result, healed, grid, out);
  if (const std::optional<double> shift = line_shift_mm(grid, *result.plan))
    out.has_line = true, out.line_mm = {0, *shift};
  out.believable = std::abs(out.darkening.error()) < std::max(far_darkening, 3 * out.darkening_sd) &&
                   std::hypot(out.red.error(), out.yellow.error()) < far_colour;
  out.notes = doubts(out);
  return out;
}

Photo laid_over_photo(const Photo& healed, const Alignment& alignment, const Photo& before) {
  Photo out;
  out.rgb.create(before.size(), CV_8UC3);
  cv::Mat1b seen;
  const cv::Mat3f light = laid_over(healed, alignment, before.size(), before.size(), seen);
  store_linear(out, cv::Rect({0, 0}, before.size()), light);
  out.rgb.setTo(cv::Scalar::all(unseen_grey), seen == 0);
  return out;
}

DatedPigment pigment_seen(Pipeline& pipeline, const Settings& settings, const Validation& validation, Job& job) {
  constexpr double step = 0.15;  // of the logarithm of pigment, up and down
  constexpr double darkest = 3, lightest = 80;
  Settings with = settings;
  with.pigment.years = validation.years;
  const double parts = pipeline.run(with, job).parts_water;
  const auto parts_at = [&](double log_pigment) {
    return std::clamp((parts + 1) * std::exp(-log_pigment) - 1, darkest, lightest);
  };
  const auto darkening_at = [&](double parts_water) {
    with.pigment.shade_parts_water = parts_water;
    const Result result = pipeline.run(with, job);
    const Comparison grid = compare_on_grid(result, *result.after, Alignment{});
    return darkening_of(grid.before, grid.predicted, grid.zone, piece_px(grid)).mean;
  };
  const double more = parts_at(step), less = parts_at(-step);
  const double slope = std::log(darkening_at(more) / darkening_at(less)) / std::log((less + 1) / (more + 1));
  const double measured = std::max(validation.darkening.measured, 1e-3);
  return {validation.years, std::log(measured / validation.darkening.predicted) / slope,
          std::max(0.02, validation.darkening_sd / measured / slope)};
}

FadeFit fit_fade(const std::vector<DatedPigment>& seen, double tau_years, double rate_log_sd) {
  // log ratio = take - (rate - 1) * (years since settled) / tau; both unknowns with what was known of them.
  Eigen::Matrix2d normal =
      Eigen::Vector2d(1 / (take_log_sd * take_log_sd), 1 / (rate_log_sd * rate_log_sd)).asDiagonal();
  Eigen::Vector2d right = Eigen::Vector2d::Zero();
  for (const DatedPigment& one : seen) {
    const Eigen::Vector2d row(1, -std::max(0.0, one.years - settled_years) / tau_years);
    normal += row * row.transpose() / (one.sd * one.sd);
    right += row * one.log_ratio / (one.sd * one.sd);
  }
  const Eigen::Vector2d best = normal.ldlt().solve(right);
  const Eigen::Matrix2d covariance = normal.inverse();
  FadeFit fit;
  fit.take_log = best[0];
  fit.take_log_sd = std::sqrt(covariance(0, 0));
  fit.rate = std::clamp(1 + best[1], 0.25, 4.0);
  fit.rate_log_sd = std::clamp(std::sqrt(covariance(1, 1)) / fit.rate, least_rate_sd, rate_log_sd);
  return fit;
}

}  // namespace stipple
