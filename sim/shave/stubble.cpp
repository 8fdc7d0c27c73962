// A follicular unit leaves one or two hairs cut to a fraction of a millimetre that lie down along the head's own flow,
// and their roots show through the skin. Each unit becomes one stroke with that area of hair, drawn by the optics of
// pigment, so that stubble and pigment look of one kind. Based on: DOMAIN 1.2, 1.3 (hairs per unit, shaft, cover).
#include "sim/shave/stubble.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>
#include <opencv2/core/utility.hpp>

#include "sim/core/random.h"
#include "sim/pigment/footprint.h"
#include "sim/pigment/sharpness.h"

namespace stipple {
namespace {

constexpr double hairs_per_unit = 1.8, shaft_mm = 0.07;
// What shows of the hair below the surface. Real shaved heads: stubble covers 0.1 to 0.33 as dark hair would, where
// hair above the skin alone makes it 0.1.
constexpr double root_mm = 0.5;
constexpr double unit_spread_mm = 0.06;  // standard deviation of hairs about their unit
constexpr double lean = 0.7;             // of the length, as seen from above
constexpr double flow_sd = 0.5;          // radians about the flow from the vertex
constexpr double faintest = 0.12;        // extinction left to white hair: its shadow
const Rgb below_share(0.75, 0.72, 0.7);  // light that skin returns from below the roots

double extinction_of(double hair_light) { return std::clamp(1.15 * (1 - hair_light), faintest, 1.0); }

double unit_absorbance_mm2(double length_mm) { return hairs_per_unit * shaft_mm * (length_mm + root_mm); }

Mat2 footprint_mm2(const Head& head, const Dot& dot, double length_mm) {
  const auto [s, t] = head.model.tangents(dot.head_mm);
  const Vec3 away(dot.head_mm.x(), -40, dot.head_mm.z());
  const double angle = std::atan2(away.dot(t), away.dot(s)) + flow_sd * normal(dot.id, 1, 0);
  const double along = length_mm * length_mm / 12, across = shaft_mm * shaft_mm / 16;
  const Mat2 turn = Eigen::Rotation2Dd(angle).toRotationMatrix();
  return turn * Vec2(along, across).asDiagonal() * turn.transpose() +
         unit_spread_mm * unit_spread_mm * Mat2::Identity();
}

SkinFootprint unit_in_skin(const Head& head, const Dot& dot, double length_mm) {
  SkinFootprint unit;
  unit.absorbance_mm2 = unit_absorbance_mm2(length_mm) * dot.tone_factor * dot.take_factor;
  unit.pigment_mm2 = footprint_mm2(head, dot, length_mm * dot.diameter_factor);
  return unit;
}

}  // namespace

Deposit stubble_deposit(const Photo& photo, const Head& head, const cv::Mat1f& density_per_cm2, double hair_light,
                        const ShaveParams& params, Job& job) {
  Plan plan;
  plan.density_per_cm2 = density_per_cm2;
  FieldParams placing;
  placing.seed = 0x57B1;  // never the dots of a treatment
  const Field field = place_dots(head, plan, placing, job);
  const double blur_px = camera_blur_px(photo, head);
  Deposit deposit;
  deposit.extinction = Rgb::Constant(extinction_of(hair_light));
  deposit.below_share = below_share;
  deposit.px_per_mm = head.scale.px_per_mm;
  deposit.stamps.resize(field.dots.size());
  cv::parallel_for_({0, static_cast<int>(field.dots.size())}, [&](const cv::Range& range) {
    for (auto i = static_cast<size_t>(range.start); i < static_cast<size_t>(range.end); ++i)
      deposit.stamps[i] =
          seen_stamp(field.dots[i], unit_in_skin(head, field.dots[i], lean * params.stubble_mm), blur_px);
  });
  return deposit;
}

Fringe fringe_of(const Head& head, const std::optional<HairLook>& hair, bool hair_stays, const ShaveParams& params) {
  const double light = hair ? hair->light : luminance(SkinColour{}.hair) / std::max(luminance(head.skin.scalp), 1e-3);
  if (hair_stays && hair && !hair->cropped) return {Rgb::Constant(std::min(light, 1.0)), light};
  const Rgb cut = stubble_remission(params.density_per_cm2, light, params);
  if (hair && hair->stubble) return {cut.min(hair->mean_light), light};
  // A few millimetres of hair will be worn now as it is, now shaved: halfway between suits both.
  if (hair && hair->cropped) return {(cut * hair->mean_light).sqrt().min(1), light};
  return {cut, light};
}

Rgb stubble_remission(double density_per_cm2, double hair_light, const ShaveParams& params) {
  const double absorbance = density_per_cm2 / 100 * unit_absorbance_mm2(lean * params.stubble_mm);
  return 1 - below_share + below_share * std::exp(-2 * extinction_of(hair_light) * absorbance);
}

}  // namespace stipple
