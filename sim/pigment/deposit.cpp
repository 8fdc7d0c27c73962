// Dots of the plan as pigment in the skin at the asked time: mass, footprint and depth of each, the optics of all.
//
// Constants that no source gives are calibrated on photos of real work and real stubble; where each comes from is said
// beside it. Based on: DOMAIN 0, 2.1-2.3, 3, 4.
#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/core/utility.hpp>

#include "sim/core/error.h"
#include "sim/core/random.h"
#include "sim/pigment/ageing.h"
#include "sim/pigment/footprint.h"
#include "sim/pigment/pigment.h"
#include "sim/pigment/profile.h"
#include "sim/pigment/sharpness.h"

namespace stipple {
namespace {

// Absorbance [mm2] of one healed dot per solids share and mm2 of nominal diameter squared. From three results on light
// and dark skin, whose treated zones send back 0.60 to 0.72 of the red of the bare skin beside them at 130 to 180 dots
// per cm2: so much at the default shade.
constexpr double absorbance_per_solids = 1050;

// Standard deviation of the pigment cloud in the dermis beyond the nominal disc. From mean dot profiles in the same
// photos (0.79 px at 4 px/mm, 1.48 px at about 9.5 px/mm), less the camera, the pixel and the skin above.
constexpr double cloud_mm = 0.11;

// Standard deviation of the logarithm of a dot's length over its width: skin stretches under the needle, so that no dot
// is a disc. By eye, against the dots at 9.5 px/mm.
constexpr double elongation_log_sd = 0.3;

// Blur u of the skin above the pigment: standard deviation per mm of depth. At the default depth it is the narrowest
// term of the diffusion profile, which it stands for.
constexpr double blur_per_depth = 0.2;

// Effective attenuation 1/mm of skin with 0.2 % blood in red, green, blue (DOMAIN 4.3), and the path that counts for it
// per mm2 of squared depth. Real dots keep 0.43 / 0.36 / 0.31 of the light between them, far darker than the whole
// depth would allow (0.32 / 0.57 / 0.72 at least): nearly all light that leaves skin has been deeper than a few tenths
// of a millimetre. What is left of the path makes the zone's mean cooler than the dots, as in the photos.
const Rgb attenuation_per_mm(0.482, 1.055, 1.591);
constexpr double path_per_square_depth = 0.2;

// Absorbance of the skin between dots per unit of cover: pigment dust that lies outside the dots for good (the skin
// between real dots keeps 0.76 to 0.80 of bare skin's red, 0.05 to 0.1 less than scattering alone leaves), and blood
// while the skin is fresh (judgement: no photo shows one client on the day and later).
const Rgb dust(0.5, 0.5, 0.5);
const Rgb fresh_blood(0.0, 0.8, 0.6);

constexpr double solids_undiluted = 0.15;  // DOMAIN 0

/// What all dots of one course share.
struct Course {
  PigmentParams params;
  PigmentProfile pigment;
  double tau_years = 7.5;
  double blur_px = 0.7;
  double band = 1;
};

/// One dot in the skin, before it is seen.
struct SkinDot {
  SkinFootprint footprint;
  double depth_mm = 0;
  double age_years = 0;
};

int session_of(const Field& field, const Dot& dot) {
  int session = 1;
  while (session < 3 && dot.rank > field.share_of(session)) ++session;
  return session;
}

Rgb below_share(double depth_mm) {
  return (-2 * path_per_square_depth * depth_mm * depth_mm * attenuation_per_mm).exp();
}

SkinDot dot_in_skin(const Course& course, const Dot& dot, int session) {
  const PigmentParams& p = course.params;
  SkinDot out;
  out.age_years = p.years + (p.sessions - session) * session_gap_years;
  const double scab_days = 5 + 5 * uniform(dot.id, 0, 77);
  const DotState state = healing(out.age_years, scab_days);

  // Diameter: healed, swollen while fresh, grown with the years; the pigment in it stays the same.
  const double nominal_mm = p.dot_diameter_mm * dot.diameter_factor;
  const double diameter_mm = nominal_mm * state.diameter + growth_mm(out.age_years) * course.pigment.growth_factor;
  const double variance_mm2 = diameter_mm * diameter_mm / 16 + cloud_mm * cloud_mm;
  const double angle = 2 * std::numbers::pi * uniform(dot.id, 0, 78);
  const double stretch = std::exp(elongation_log_sd * normal(dot.id, 0, 79));
  const Mat2 turn = Eigen::Rotation2Dd(angle).toRotationMatrix();
  out.footprint.pigment_mm2 = variance_mm2 * (turn * Vec2(stretch, 1 / stretch).asDiagonal() * turn.transpose());
  out.depth_mm =
      std::max(0.05, (p.depth_mm + course.pigment.depth_mm) * state.depth + p.depth_sd_mm * dot.depth_offset);
  out.footprint.skin_blur_mm = blur_per_depth * out.depth_mm;

  const double solids = solids_undiluted / (p.shade_parts_water + 1);
  const double scar_take = 1 - 0.1 * p.scar_tissue;
  const double kept = fade_curve(out.age_years, course.tau_years, p.scar_tissue) * course.band;
  out.footprint.absorbance_mm2 = absorbance_per_solids * solids * nominal_mm * nominal_mm * dot.tone_factor *
                                 dot.take_factor * scar_take * state.mass * kept;
  return out;
}

/// Components fade at their own pace; the mass of dots carries the pace of carbon, the extinction the rest.
Rgb extinction_at(const Course& course) {
  const double years = course.params.years, scar = course.params.scar_tissue;
  const double carbon = fade_curve(years, course.tau_years, scar);
  Rgb sum(0, 0, 0);
  for (const PigmentComponent& component : course.pigment.components)
    sum += component.share * component.extinction *
           (fade_curve(years, course.tau_years * component.tau_factor, scar) / carbon);
  return sum;
}

void check(const PigmentParams& params) {
  for_each_field(params, [](const FieldInfo& info, const auto& value) {
    if constexpr (std::is_same_v<std::decay_t<decltype(value)>, double> ||
                  std::is_same_v<std::decay_t<decltype(value)>, int>) {
      const double x = static_cast<double>(value);
      if (!(x >= info.min && x <= info.max))
        throw Error(ErrorKind::usage, std::string(info.key), "is out of range",
                    "give a value from " + std::to_string(info.min) + " to " + std::to_string(info.max));
    }
  });
}

/// A dot whose session has been done.
struct DoneDot {
  const Dot* dot;
  int session;
};

std::vector<DoneDot> done_dots(const Field& field, int sessions) {
  std::vector<DoneDot> done;
  for (const Dot& dot : field.dots)
    if (const int session = session_of(field, dot); session <= sessions) done.push_back({&dot, session});
  return done;
}

/// What the optics need to know of all dots together.
struct Averages {
  double depth_mm = 0, redness = 0, px_per_mm = 0;
};

Averages averages_of(const Course& course, const HeadModel& model, const std::vector<DoneDot>& dots) {
  Averages sum;
  for (const auto& [dot, session] : dots) {
    Dot level = *dot;
    level.depth_offset = 0;
    const SkinDot skin = dot_in_skin(course, level, session);
    sum.depth_mm += skin.depth_mm;
    sum.redness += redness(skin.age_years);
    sum.px_per_mm += std::sqrt(std::abs(model.px_per_mm(dot->head_mm).determinant()));
  }
  const double n = static_cast<double>(dots.size());
  return {sum.depth_mm / n, sum.redness / n, sum.px_per_mm / n};
}

/// Each dot on its own, in its own place of the list: the same on any number of threads.
std::vector<Stamp> stamps_of(const Course& course, const HeadModel& model, const std::vector<DoneDot>& dots,
                             double mean_depth_mm) {
  std::vector<Stamp> stamps(dots.size());
  const double reached_at_mean = below_share(mean_depth_mm)[1];
  cv::parallel_for_(cv::Range(0, static_cast<int>(dots.size())), [&](const cv::Range& range) {
    for (auto i = static_cast<size_t>(range.start); i < static_cast<size_t>(range.end); ++i) {
      SkinDot skin = dot_in_skin(course, *dots[i].dot, dots[i].session);
      skin.footprint.share_reached = below_share(skin.depth_mm)[1] / reached_at_mean;
      stamps[i] = seen_stamp(model, *dots[i].dot, skin.footprint, course.blur_px);
    }
  });
  return stamps;
}

}  // namespace

Deposit make_deposit(const Photo& photo, const Head& head, const Field& field, const PigmentParams& params, Job& job) {
  check(params);
  job.step("pigment", 0);
  Course course{params, read_pigment(params.pigment)};
  const double dark_skin = std::clamp((10 - head.skin.ita_degrees) / 40, 0.0, 1.0);
  course.tau_years = fade_years(params, dark_skin);
  course.blur_px = camera_blur_px(photo, head);
  course.band = band_factor(params.years, course.tau_years, params.band);

  Deposit deposit;
  deposit.matt = params.matt;
  deposit.px_per_mm = head.scale.px_per_mm;
  deposit.extinction = extinction_at(course);
  const std::vector<DoneDot> dots = done_dots(field, params.sessions);
  if (dots.empty()) return deposit;
  const Averages averages = averages_of(course, head.model, dots);
  deposit.px_per_mm = averages.px_per_mm;
  deposit.below_share = below_share(averages.depth_mm);
  deposit.wash = dust * deposit.extinction + fresh_blood * averages.redness;
  job.step("pigment", 0.3);
  deposit.stamps = stamps_of(course, head.model, dots, averages.depth_mm);
  job.step("pigment", 1);
  return deposit;
}

}  // namespace stipple
