// Dots of the plan as pigment in the skin at the asked time, seen by the camera; the optics of all of them.
#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <map>
#include <opencv2/core/utility.hpp>

#include "sim/pigment/ageing.h"
#include "sim/pigment/course.h"
#include "sim/pigment/pigment.h"
#include "sim/pigment/sharpness.h"
#include "sim/pigment/visits.h"

namespace stipple {
namespace {

/// What the optics need to know of all dots together.
struct Averages {
  double depth_mm = 0, redness = 0, px_per_mm = 0;
};

Averages averages_of(const Course& course, const std::vector<PlacedDot>& dots) {
  Averages sum;
  std::map<double, SkinDot> levels;  // by age, without a dot's own depth: dots of a visit share all that is averaged
  for (const auto& [dot, age_years] : dots) {
    const auto [level, fresh] = levels.try_emplace(age_years);
    if (fresh) level->second = dot_in_skin(course, Dot{}, age_years);
    sum.depth_mm += level->second.depth_mm;
    sum.redness += redness(level->second.age_years);
    sum.px_per_mm += std::sqrt(std::abs(dot->px_per_mm.determinant()));
  }
  const double n = static_cast<double>(dots.size());
  return {sum.depth_mm / n, sum.redness / n, sum.px_per_mm / n};
}

/// Each dot on its own, in its own place of the list: the same on any number of threads.
std::vector<Stamp> stamps_of(const Course& course, const std::vector<PlacedDot>& dots, double mean_depth_mm,
                             double camera_blur) {
  std::vector<Stamp> stamps(dots.size());
  const double reached_at_mean = below_share(mean_depth_mm)[1];
  cv::parallel_for_(cv::Range(0, static_cast<int>(dots.size())), [&](const cv::Range& range) {
    for (auto i = static_cast<size_t>(range.start); i < static_cast<size_t>(range.end); ++i) {
      SkinDot skin = dot_in_skin(course, *dots[i].dot, dots[i].age_years);
      skin.footprint.share_reached = below_share(skin.depth_mm)[1] / reached_at_mean;
      stamps[i] = seen_stamp(*dots[i].dot, skin.footprint, camera_blur);
    }
  });
  return stamps;
}

}  // namespace

Deposit make_deposit(const Photo& photo, const Head& head, const Field& field, const PigmentParams& params, Job& job) {
  return make_deposit(camera_blur_px(photo, head), head, field, params, job);
}

Deposit make_deposit(double camera_blur_px, const Head& head, const Field& field, const PigmentParams& params,
                     Job& job) {
  job.step("pigment", 0);
  const Course course = course_of(params, head.skin.ita_degrees);

  Deposit deposit;
  deposit.matt = params.matt;
  deposit.px_per_mm = head.scale.px_per_mm;
  deposit.extinction = extinction_of(course);
  const std::vector<PlacedDot> dots = placed_dots(field, params);
  if (dots.empty()) return deposit;
  const Averages averages = averages_of(course, dots);
  deposit.px_per_mm = averages.px_per_mm;
  deposit.below_share = below_share(averages.depth_mm);
  deposit.wash = wash_of(deposit.extinction, averages.redness);
  job.step("pigment", 0.3);
  deposit.stamps = stamps_of(course, dots, averages.depth_mm, camera_blur_px);
  job.step("pigment", 1);
  return deposit;
}

}  // namespace stipple
