// Hairlines from measures: control points by anatomy, a smooth curve on the skin, two scales of wandering.
// Based on: DOMAIN 1.4: Shapiro & Shapiro 2013 (apex on the vertical through the lateral canthus; micro- plus
// macro-irregularity), Garg (temporal peak).
#include "sim/plan/hairline.h"

#include <algorithm>
#include <cmath>

#include "sim/core/error.h"
#include "sim/core/random.h"
#include "sim/plan/presets.h"

namespace stipple {
namespace {

constexpr uint64_t wander_seed = 0x5717'71E5;  // a constant: the same measures always give the same line
constexpr double macro_wave_mm = 17, micro_wave_mm = 4.5, micro_share = 1.0 / 3;
constexpr double anchor_mm = 9;  // the wandering fades to nothing this close to mid-frontal point and apices

// Smooth noise in -1..1 with features of about one unit of t.
double smooth_noise(double t, uint64_t channel) {
  const double cell = std::floor(t), f = t - cell, s = f * f * f * (f * (6 * f - 15) + 10);
  auto value = [&](double c) {
    return 2 * uniform(wander_seed, static_cast<uint64_t>(static_cast<int64_t>(c)), channel) - 1;
  };
  return (1 - s) * value(cell) + s * value(cell + 1);
}

double two_scales(double arc_mm, uint64_t channel) {
  return smooth_noise(arc_mm / macro_wave_mm, channel) +
         micro_share * smooth_noise(arc_mm / micro_wave_mm, channel + 1);
}

// Control points of one side from the midline outward: front, apex, bay of the temple, temporal peak, sideburn.
struct Side {
  std::vector<Vec3> points;
  size_t apex = 0, peak = 0;
};

Side side_controls(const HeadModel& model, const Anatomy& anatomy, const PlanParams& params, const Vec3& middle,
                   double sign) {
  const HairlinePreset& preset = preset_of(params.hairline);
  const double canthus = sign > 0 ? anatomy.canthus_left_x_mm : anatomy.canthus_right_x_mm;
  const double recession = effective_recession_mm(params);
  Side side;
  for (size_t i = 0; i < recession_stations.size(); ++i)
    side.points.push_back(vault_point(model,
                                      anatomy.midline_x_mm + recession_stations[i] * (canthus - anatomy.midline_x_mm),
                                      middle.z() - preset.recession[i] * recession));
  side.apex = side.points.size() - 1;
  // A temple that has receded at the apex has receded at its peak too, by less.
  const Vec2 apex = side.points.back().tail<2>();
  Vec2 peak = anatomy.temporal_peak_yz_mm;
  peak.y() = std::max(peak.y() - 0.4 * std::max(0.0, recession - 22), apex.y() + 2);
  const Vec2 burn = anatomy.sideburn_yz_mm;
  // Below the corner the temple runs towards the canthus and bays back on its way to the peak.
  const Vec2 turn = apex + 0.2 * (peak - apex) - Vec2(0, 0.2 * preset.temple_depth_mm);
  const Vec2 bay = apex + 0.55 * (peak - apex) - Vec2(0, preset.temple_depth_mm);
  const Vec2 jaw = 0.55 * peak + 0.45 * burn - Vec2(0, 2);
  for (const Vec2& yz : {turn, bay, peak, jaw, burn}) side.points.push_back(side_point(model, yz, sign));
  side.peak = side.apex + 3;
  return side;
}

double arc_at(const SkinCurve& curve, const Vec3& point) {
  size_t nearest = 0;
  for (size_t i = 0; i < curve.size(); ++i)
    if ((curve.points[i] - point).squaredNorm() < (curve.points[nearest] - point).squaredNorm()) nearest = i;
  return curve.arc_mm[nearest];
}

// Wandering that is the same on both sides plus a difference that is opposite on them: without asymmetry the line is
// its own mirror image. Both fade out at the anchors, which keep their measures.
std::vector<double> wandering_mm(const Hairline3d& line, const PlanParams& params) {
  const double irregularity = effective_irregularity_mm(params), asymmetry = params.asymmetry_mm;
  std::vector<double> offset(line.curve.size());
  for (size_t i = 0; i < offset.size(); ++i) {
    const double arc = line.curve.arc_mm[i], way = std::abs(arc), sign = arc < 0 ? -1 : 1;
    const double apex = arc < 0 ? -line.apex_right_mm : line.apex_left_mm;
    auto away_from = [&](double anchor) { return 1 - std::exp(-std::pow((way - anchor) / anchor_mm, 2)); };
    const double anchored = away_from(0) * away_from(apex);
    const double lean = std::min(1.0, way / apex);
    offset[i] = anchored * irregularity * two_scales(way, 0) +
                sign * 0.5 * asymmetry * away_from(0) * (0.6 * lean + away_from(apex) * two_scales(way, 2));
  }
  return offset;
}

}  // namespace

Hairline3d preset_hairline(const HeadModel& model, const Anatomy& anatomy, const PlanParams& params) {
  Hairline3d line;
  line.middle = point_above_brow(model, anatomy.brow_y_mm, anatomy.midline_x_mm, params.mid_frontal_height_mm);
  const Side left = side_controls(model, anatomy, params, line.middle, 1);
  const Side right = side_controls(model, anatomy, params, line.middle, -1);
  std::vector<Vec3> through(right.points.rbegin(), right.points.rend());
  through.push_back(line.middle);
  through.insert(through.end(), left.points.begin(), left.points.end());

  line.curve = skin_curve(model, through, line.middle);
  line.apex_left_mm = arc_at(line.curve, left.points[left.apex]);
  line.apex_right_mm = arc_at(line.curve, right.points[right.apex]);
  line.peak_left_mm = arc_at(line.curve, left.points[left.peak]);
  line.peak_right_mm = arc_at(line.curve, right.points[right.peak]);
  return line;
}

Hairline3d wandering_hairline(const HeadModel& model, const Hairline3d& line, const PlanParams& params) {
  Hairline3d wandering = line;
  wandering.curve = moved_inward(model, line.curve, wandering_mm(line, params));
  return wandering;
}

Hairline3d drawn_hairline(const HeadModel& model, const Hairline3d& preset, const std::vector<Vec2>& photo_points) {
  std::vector<Vec3> drawn;
  for (const Vec2& px : photo_points)
    if (const auto point = model.intersect(px)) drawn.push_back(*point);
  if (drawn.size() < 2)
    throw Error(ErrorKind::usage, "line_points", "fewer than two of the points lie on the head",
                "draw the hairline on the head");
  // People draw from either end; the curve runs from the subject's right to the left.
  if (arc_at(preset.curve, drawn.front()) > arc_at(preset.curve, drawn.back()))
    std::reverse(drawn.begin(), drawn.end());

  // Beyond its ends the line goes on as the preset does, after a gap in which the spline eases from one to the other.
  constexpr double easing_mm = 12;
  const double from = arc_at(preset.curve, drawn.front()) - easing_mm;
  const double to = arc_at(preset.curve, drawn.back()) + easing_mm;
  std::vector<Vec3> through;
  constexpr size_t stride = 6;
  for (size_t i = 0; i < preset.curve.size(); i += stride)
    if (preset.curve.arc_mm[i] < from) through.push_back(preset.curve.points[i]);
  through.insert(through.end(), drawn.begin(), drawn.end());
  for (size_t i = 0; i < preset.curve.size(); i += stride)
    if (preset.curve.arc_mm[i] > to) through.push_back(preset.curve.points[i]);

  Hairline3d line = preset;
  line.drawn = true;
  line.curve = skin_curve(model, through, preset.middle);
  return line;
}

std::vector<Vec2> visible_front_px(const Head& head, const Hairline3d& line) {
  // A few millimetres of line on the very silhouette tell nothing: enough of the front must face the camera.
  constexpr double least_facing = 0.2, least_front_mm = 15;
  std::vector<Vec2> visible;
  double front_mm = 0;
  for (size_t i = 0; i < line.curve.size(); ++i) {
    const Vec3& p = line.curve.points[i];
    const Vec2 px = head.model.project(p);
    const bool inside = px.x() >= 0 && px.y() >= 0 && px.x() < head.photo_size.width && px.y() < head.photo_size.height;
    if (!inside || !head.model.faces_camera(p)) continue;
    visible.push_back(px);
    const double arc = line.curve.arc_mm[i];
    if (i > 0 && arc >= line.apex_right_mm && arc <= line.apex_left_mm && facing_camera(head.model, p) > least_facing)
      front_mm += (p - line.curve.points[i - 1]).norm();
  }
  return front_mm >= least_front_mm ? visible : std::vector<Vec2>{};
}

}  // namespace stipple
