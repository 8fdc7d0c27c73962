// Scale references and their errors, fused as independent estimates of ln(px per mm) by inverse variance.
#include "sim/head/scale.h"

#include <array>
#include <cmath>
#include <sstream>
#include <vector>

#include "sim/core/error.h"
#include "sim/head/anatomy.h"

namespace stipple {
namespace {

constexpr double head_size_sd = 0.036, pupils_sd = 0.055;  // DOMAIN 5.1, relative
constexpr double pupil_point_px_share = 0.02;              // 1 SD of a found pupil, of the pupils' distance
constexpr double stated_sd = 0.01;

struct Estimate {
  double log_px_per_mm, sd;
  std::string source;
};

Scale marker_scale(const Fit& fit, const std::string& marker) {
  std::istringstream text(marker);
  std::array<double, 5> v{};
  char comma = ',';
  for (size_t i = 0; i < v.size(); ++i)
    if ((i > 0 && !(text >> comma)) || comma != ',' || !(text >> v[i]) || !std::isfinite(v[i]))
      throw Error(ErrorKind::usage, "marker", "\"" + marker + "\" is not x0,y0,x1,y1,mm",
                  "give two photo points and their distance in mm");
  const double length_px = std::hypot(v[2] - v[0], v[3] - v[1]);
  if (!(text >> std::ws).eof() || !(length_px >= 2) || !(v[4] > 0.1 && v[4] < 2000))
    throw Error(ErrorKind::usage, "marker", "the points of \"" + marker + "\" cannot be used",
                "give two points some px apart and their distance in mm");

  // The marker lies on the skin, nearer to the camera than the head's centre: compare it with the model's own length.
  const HeadModel& model = fit.model;
  const Vec3 a = model.nearest({v[0], v[1]}), b = model.nearest({v[2], v[3]});
  const double model_mm = (a - b).norm(), model_px = (model.project(a) - model.project(b)).norm();
  const double at_skin = model_mm > 1 && model_px > 0.9 * length_px ? model_px / model_mm : length_px / v[4];
  const double to_centre = at_skin / (model.focal_px / model.centre_camera_mm.z());
  return {length_px / v[4] / to_centre, std::hypot(stated_sd, 1.5 / length_px), "marker"};
}

std::vector<Estimate> measured(const Fit& fit, const std::array<LandmarkPoint, landmark_count>& landmarks) {
  const double fitted = std::log(fit.model.focal_px / fit.model.centre_camera_mm.z());
  std::vector<Estimate> estimates{{fitted, std::hypot(head_size_sd, fit.scale_error), "head breadth"}};
  const LandmarkPoint &left = landmarks[pupil_left], &right = landmarks[pupil_right];
  if (left.confidence >= 0.3 && right.confidence >= 0.3) {
    // What the model makes of standard pupils in this pose tells how much the distance is foreshortened.
    const Vec2 model_left = fit.model.project(landmark_anatomy(pupil_left).head_mm);
    const Vec2 model_right = fit.model.project(landmark_anatomy(pupil_right).head_mm);
    const double seen = (left.photo_px - right.photo_px).norm(), expected = (model_left - model_right).norm();
    const double breadth = expected / (64 * std::exp(fitted));  // 1 = seen from the front
    // Pupils that contradict the head's size by more than people differ were not found but guessed.
    const bool plausible =
        std::abs(std::log(std::max(seen, 1e-9) / expected)) < 3 * std::hypot(head_size_sd, pupils_sd);
    if (seen > 3 && breadth > 0.6 && plausible)
      estimates.push_back({fitted + std::log(seen / expected),
                           std::hypot(pupils_sd, std::hypot(pupil_point_px_share, 0.15 * (1 - breadth))), "pupils"});
  }
  return estimates;
}

}  // namespace

Scale measure_scale(const Fit& fit, const std::array<LandmarkPoint, landmark_count>& landmarks,
                    const HeadParams& params) {
  if (params.mm_per_px > 0) return {1 / params.mm_per_px, stated_sd, "stated"};
  if (!params.marker.empty()) return marker_scale(fit, params.marker);
  double weight = 0, sum = 0;
  Scale scale;
  for (const Estimate& e : measured(fit, landmarks)) {
    weight += 1 / (e.sd * e.sd);
    sum += e.log_px_per_mm / (e.sd * e.sd);
    scale.source += (scale.source.empty() ? "" : " and ") + e.source;
  }
  scale.px_per_mm = std::exp(sum / weight);
  scale.relative_error = std::sqrt(1 / weight);
  return scale;
}

}  // namespace stipple
