#include "sim/plan/corners.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace stipple {
namespace {

constexpr double least_facing = 0.25;  // of the camera; a corner turned further away is the model's guess
constexpr double degrees = 180 / std::numbers::pi;

// Angle between the front line and the temple line, measured over 15 mm on either side.
double corner_degrees(const SkinCurve& curve, double apex_mm) {
  constexpr double arm_mm = 15;
  const Vec3 apex = point_at(curve, apex_mm);
  const Vec3 a = (point_at(curve, apex_mm - arm_mm) - apex).normalized();
  const Vec3 b = (point_at(curve, apex_mm + arm_mm) - apex).normalized();
  return std::acos(std::clamp(a.dot(b), -1.0, 1.0)) * degrees;
}

// Where the corner of a drawn line is: the sharpest place within a finger's breadth of the preset's.
double sharpest_near(const SkinCurve& curve, double apex_mm) {
  constexpr double reach_mm = 20;
  double sharpest = apex_mm;
  for (double arc = apex_mm - reach_mm; arc <= apex_mm + reach_mm; arc += 1)
    if (corner_degrees(curve, arc) < corner_degrees(curve, sharpest)) sharpest = arc;
  return sharpest;
}

// The vertical through the outer corner of the eye, from the brow's level to the height of the corner, on the skin.
std::vector<Vec2> canthus_line_px(const HeadModel& model, double brow_y_mm, double canthus_x_mm, double height_mm) {
  constexpr int pieces = 16;
  std::vector<Vec2> line;
  for (int i = 0; i <= pieces; ++i)
    line.push_back(model.project(point_above_brow(model, brow_y_mm, canthus_x_mm, height_mm * i / pieces)));
  return line;
}

TempleCorner corner_at(const HeadModel& model, const Anatomy& anatomy, const SkinCurve& curve, double apex_mm,
                       bool left) {
  const Vec3 apex = point_at(curve, apex_mm);
  const double canthus_x = left ? anatomy.canthus_left_x_mm : anatomy.canthus_right_x_mm;
  const Vec3 foot = point_above_brow(model, anatomy.brow_y_mm, canthus_x, 0);
  TempleCorner corner;
  corner.left = left;
  corner.photo_px = model.project(apex);
  corner.corner_degrees = corner_degrees(curve, apex_mm);
  corner.recession_mm = point_at(curve, 0).z() - apex.z();
  corner.lean_degrees =
      std::atan2((left ? 1 : -1) * (apex.x() - canthus_x), std::hypot(apex.y() - foot.y(), apex.z() - foot.z())) *
      degrees;
  const double height_mm = height_above_brow_mm(model, anatomy.brow_y_mm, apex);
  corner.canthus_line_px = canthus_line_px(model, anatomy.brow_y_mm, canthus_x, std::max(height_mm, 1.0));
  return corner;
}

}  // namespace

std::vector<TempleCorner> corners_of(const Head& head, const Anatomy& anatomy, const Hairline3d& line) {
  std::vector<TempleCorner> corners;
  for (const bool left : {false, true}) {
    double apex_mm = left ? line.apex_left_mm : line.apex_right_mm;
    if (line.drawn) apex_mm = sharpest_near(line.curve, apex_mm);
    if (facing_camera(head.model, point_at(line.curve, apex_mm)) < least_facing) continue;
    corners.push_back(corner_at(head.model, anatomy, line.curve, apex_mm, left));
  }
  return corners;
}

}  // namespace stipple
