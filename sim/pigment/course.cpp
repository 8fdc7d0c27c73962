// One dot of a course of treatment as pigment in the skin at the asked time.
//
// Constants that no source gives are calibrated on photos of real work and real stubble; where each comes from is said
// beside it. Based on: DOMAIN 0, 2.1-2.3, 3, 4.
#include "sim/pigment/course.h"

#include <Eigen/Geometry>
#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <numbers>

#include "sim/core/error.h"
#include "sim/core/random.h"
#include "sim/pigment/ageing.h"
#include "sim/pigment/optics.h"
#include "sim/pigment/saturation.h"
#include "sim/pigment/visits.h"

namespace stipple {
namespace {

// Absorbance [mm2] of one healed dot per solids share and mm2 of nominal diameter squared. From two fresh results on
// light skin at 130 to 180 dots per cm2, whose dots have a contrast of 0.05 to 0.10 in octaves from 0.15 to 0.6 mm (log
// light): so much at the usual shade, with the scabs on.
constexpr double absorbance_per_solids = 700;

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

// Absorbance of the skin between dots per unit of cover. Pigment that went deeper than the dots and beside them is
// reached by red light most (DOMAIN 4.3): against the same skin before, treated zones lose 1 to 1.1 times as much red
// as green and 1.3 times or more as much as blue (logarithms, two results), and the skin between dots keeps 0.76 to
// 0.80 of its red. Blood while the skin is fresh is a judgement: no photo shows one client on the day and later.
const Rgb dust(0.9, 0.55, 0.25);
const Rgb fresh_blood(0.0, 0.8, 0.6);

constexpr double solids_undiluted = 0.15;  // DOMAIN 0

void check(double x, const FieldInfo& info) {
  if (info.automatic && x == 0) return;
  if (!(x >= info.min && x <= info.max))
    throw Error(ErrorKind::usage, std::string(info.key), "is out of range",
                "give a value from " + std::to_string(info.min) + " to " + std::to_string(info.max));
}

void check(const PigmentParams& params) {
  for_each_field(params, []<class T>(const FieldInfo& info, const T& value) {
    if constexpr (std::is_same_v<T, double> || std::is_same_v<T, int>) check(static_cast<double>(value), info);
    if constexpr (std::is_same_v<T, std::vector<double>>)
      for (const double each : value) check(each, info);
  });
}

}  // namespace

Course course_of(const PigmentParams& params, double ita_degrees) {
  check(params);
  Course course{params, read_pigment(params.pigment)};
  if (params.shade_parts_water == 0) course.params.shade_parts_water = usual_parts_water;
  course.tau_years = fade_years(params, dark_skin_share(ita_degrees));
  course.band = band_factor(params, course.tau_years, params.band);
  return course;
}

Rgb below_share(double depth_mm) {
  return (-2 * path_per_square_depth * depth_mm * depth_mm * attenuation_per_mm).exp();
}

SkinDot dot_in_skin(const Course& course, const Dot& dot, double age_years) {
  const PigmentParams& p = course.params;
  SkinDot out;
  out.age_years = age_years;
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
  // Towards the rim of a scar the skin is healthier than in its middle: it takes more and keeps it longer.
  const double scar = p.scar_tissue * static_cast<double>(dot.scar), scar_take = 1 - 0.1 * scar;
  const double tau_years = course.tau_years * scar_durability(scar) / scar_durability(p.scar_tissue);
  const double kept = fade_curve(out.age_years, tau_years, scar) * course.band;
  out.footprint.absorbance_mm2 = absorbance_per_solids * solids * nominal_mm * nominal_mm * dot.tone_factor *
                                 dot.take_factor * scar_take * state.mass * kept;
  return out;
}

Rgb extinction_at(const Course& course, double age_years) {
  const double scar = course.params.scar_tissue;
  const double carbon = fade_curve(age_years, course.tau_years, scar);
  Rgb sum(0, 0, 0);
  for (const PigmentComponent& component : course.pigment.components)
    sum += component.share * component.extinction *
           (fade_curve(age_years, course.tau_years * component.tau_factor, scar) / carbon);
  return sum;
}

Rgb extinction_of(const Course& course) {
  const std::vector<Layer> layers = layers_of(course.params);
  if (layers.size() == 1) return extinction_at(course, layers.front().age_years);
  Rgb sum(0, 0, 0);
  double weight = 0;
  for (const Layer& layer : layers) {
    const double left = layer.share * fade_curve(layer.age_years, course.tau_years, course.params.scar_tissue);
    sum += left * extinction_at(course, layer.age_years);
    weight += left;
  }
  return sum / weight;
}

Rgb wash_of(const Rgb& extinction, double redness) { return dust * extinction + fresh_blood * redness; }

Rgb mean_remission(const Course& course, double density_per_cm2) {
  Dot average;
  average.id = 1;
  const SkinDot dot = dot_in_skin(course, average, course.params.years);
  const Rgb extinction = extinction_at(course, course.params.years), below = below_share(dot.depth_mm);
  // Seen through the skin above it; dots at random pass exp(-light taken), once (T) and by the same way twice (T^2).
  const double blur_mm2 = dot.footprint.skin_blur_mm * dot.footprint.skin_blur_mm;
  const Mat2 spread = dot.footprint.pigment_mm2 + blur_mm2 * Mat2::Identity();
  const double in_skin_mm2 = 2 * std::numbers::pi * std::sqrt(dot.footprint.pigment_mm2.determinant());
  const double drawn_mm2 = 2 * std::numbers::pi * std::sqrt(spread.determinant());
  const double peak = peak_taking(in_skin_mm2 * taken_light(dot.footprint.absorbance_mm2 / in_skin_mm2) / drawn_mm2);
  const auto passed = [&](double strength) {
    return std::exp(-density_per_cm2 / 100 * drawn_mm2 * taken_light(strength * peak));
  };
  Rgb remitted;
  for (int c = 0; c < 3; ++c) {
    const double once = passed(extinction[c]), twice = passed(2 * extinction[c]);
    const double narrow = static_cast<double>(optics::profile_weight(0, c));
    remitted[c] = 1 - below[c] + below[c] * (narrow * twice + (1 - narrow) * once * once);
  }
  return remitted * (-wash_of(extinction, redness(dot.age_years)) * (1 - passed(extinction[0]))).exp();
}

}  // namespace stipple
