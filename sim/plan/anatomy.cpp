// Landmarks where they are seen, typical anatomy where they are not; lengths along the skin in sagittal planes.
// Based on: ANSUR II and Farkas' face measurements (DOMAIN 5.1): glabella and lateral canthi as
// in sim/head; Garg's points (DOMAIN 1.4): temporal peak about 3 cm above and beside the lateral canthus.
#include "sim/plan/anatomy.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sim/head/anatomy.h"

namespace stipple {
namespace {

// Typical positions as shares of the semi-axes (77, 108, 100 mm).
const double brow_share_y = landmark_anatomy(glabella).head_mm.y() / standard_semi_axes_mm.y();
const double canthus_share_x = landmark_anatomy(canthus_left).head_mm.x() / standard_semi_axes_mm.x();
constexpr double peak_share_y = 28.0 / 108, peak_share_z = 56.0 / 100;
constexpr double sideburn_share_y = -20.0 / 108, sideburn_share_z = 24.0 / 100;

// The curve of the skin in a sagittal plane, as an angle t from the level of the origin over the top to the back.
struct Section {
  const HeadModel& model;
  double x;

  double side() const { return std::min(1.0, std::abs(x) / model.semi_axes_mm.x()); }
  double end_y(bool upwards) const {
    const double q = model.form.upright, y = model.semi_axes_mm.y() * std::pow(1 - std::pow(side(), q), 1 / q);
    return upwards ? y : model.form.underside * y;
  }
  Vec3 at(double t) const {
    const bool upwards = std::sin(t) >= 0, forward = std::cos(t) >= 0;
    const double end = end_y(upwards), y = end * std::sin(t);
    const double q = model.form.upright, p = forward ? model.form.front : model.form.back;
    const double height = std::abs(std::sin(t)) * std::pow(1 - std::pow(side(), q), 1 / q);
    const double level = std::pow(std::max(0.0, 1 - std::pow(height, q)), p / q);
    const double z = model.semi_axes_mm.z() * std::pow(std::max(0.0, level - std::pow(side(), p)), 1 / p);
    return {x, y, forward ? z : -z};
  }
  double angle_of(const Vec3& point) const {
    const double s = std::clamp(point.y() / std::max(1e-9, end_y(point.y() >= 0)), -1.0, 1.0);
    return point.z() >= 0 ? std::asin(s) : std::numbers::pi - std::asin(s);
  }
};

constexpr int steps_per_turn = 2048;  // about 0.3 mm of skin

// A landmark counts where it is seen clearly and the surface there faces the camera: at a slant the surface's error
// would move it sideways.
std::optional<Vec3> landmark_on_surface(const Head& head, Landmark which) {
  const LandmarkPoint& mark = head.landmarks[which];
  if (mark.confidence < 0.3) return {};
  const std::optional<Vec3> point = head.model.intersect(mark.photo_px);
  if (!point) return {};
  return facing_camera(head.model, *point) > 0.6 ? point : std::nullopt;
}

}  // namespace

Anatomy anatomy_of(const Head& head) {
  const Vec3& s = head.model.semi_axes_mm;
  Anatomy a;
  a.brow_y_mm = brow_share_y * s.y();
  if (const auto mark = landmark_on_surface(head, glabella);
      mark && std::abs(mark->y() - a.brow_y_mm) < 0.3 * s.y() && std::abs(mark->x()) < 0.2 * s.x()) {
    a.brow_y_mm = mark->y();
    a.midline_x_mm = mark->x();
  }
  auto canthus = [&](Landmark which, double sign) {
    const auto mark = landmark_on_surface(head, which);
    const double half = mark ? sign * (mark->x() - a.midline_x_mm) : 0;
    const bool believable = half > 0.8 * canthus_share_x * s.x() && half < 1.2 * canthus_share_x * s.x();
    return a.midline_x_mm + sign * (believable ? half : canthus_share_x * s.x());
  };
  a.canthus_left_x_mm = canthus(canthus_left, 1);
  a.canthus_right_x_mm = canthus(canthus_right, -1);
  // The temples hang from the brow's level: a head that was measured higher carries them higher.
  const double shift = a.brow_y_mm - brow_share_y * s.y();
  a.temporal_peak_yz_mm = {peak_share_y * s.y() + shift, peak_share_z * s.z()};
  a.sideburn_yz_mm = {sideburn_share_y * s.y() + shift, sideburn_share_z * s.z()};
  return a;
}

Vec3 onto_surface(const HeadModel& model, const Vec3& head_mm) { return model.chart_point(model.chart_of(head_mm)); }

Vec3 side_point(const HeadModel& model, const Vec2& yz_mm, double sign) {
  const Vec3& s = model.semi_axes_mm;
  // The outline in the midplane limits how high and far the point can be.
  Vec2 yz = yz_mm;
  if (const double outline = model.norm({0, yz.x(), yz.y()}); outline > 0.99) yz *= 0.99 / outline;
  const double q = model.form.upright, p = yz.y() >= 0 ? model.form.front : model.form.back;
  const double y = yz.x() / (yz.x() < 0 ? model.form.underside * s.y() : s.y()), z = yz.y() / s.z();
  const double rest = std::pow(1 - std::pow(std::abs(y), q), p / q) - std::pow(std::abs(z), p);
  return {sign * s.x() * std::pow(std::max(0.0, rest), 1 / p), yz.x(), yz.y()};
}

Vec3 vault_point(const HeadModel& model, double x_mm, double z_mm) {
  const Vec3& s = model.semi_axes_mm;
  const double ring = model.norm({x_mm, 0, z_mm}), q = model.form.upright;
  return {x_mm, s.y() * std::pow(std::max(0.0, 1 - std::pow(ring, q)), 1 / q), z_mm};
}

Vec3 point_above_brow(const HeadModel& model, double brow_y_mm, double x_mm, double height_mm) {
  const Section section{model, x_mm};
  const double step = std::numbers::pi / steps_per_turn;
  double t = section.angle_of({x_mm, brow_y_mm, 1}), length = 0;
  Vec3 point = section.at(t);
  while (t < std::numbers::pi) {
    const Vec3 next = section.at(t + step);
    const double piece = (next - point).norm();
    if (length + piece >= height_mm) return section.at(t + step * (height_mm - length) / std::max(1e-12, piece));
    length += piece, t += step, point = next;
  }
  return point;
}

double height_above_brow_mm(const HeadModel& model, double brow_y_mm, const Vec3& head_mm) {
  const Section section{model, head_mm.x()};
  const double from = section.angle_of({head_mm.x(), brow_y_mm, 1}), to = section.angle_of(head_mm);
  const int steps = std::max(1, static_cast<int>(std::abs(to - from) / std::numbers::pi * steps_per_turn));
  double length = 0;
  Vec3 point = section.at(from);
  for (int i = 1; i <= steps; ++i) {
    const Vec3 next = section.at(from + (to - from) * i / steps);
    length += (next - point).norm();
    point = next;
  }
  return to < from ? -length : length;
}

double mean_radius_mm(const HeadModel& model) { return std::cbrt(model.semi_axes_mm.prod()); }

double skin_length_mm(double chord_mm, double radius_mm) {
  return 2 * radius_mm * std::asin(std::min(1.0, chord_mm / (2 * radius_mm)));
}

}  // namespace stipple
