// The head as a surface: a superellipsoid in its own millimetres, seen by a pinhole camera. One chart converts between
// photo pixels, points on the skin and the flat chart that dots are sampled in. DOMAIN 5.1, 5.3.
#pragma once
#include <optional>

#include "sim/core/math.h"

namespace stipple {

/// How a head departs from an ellipsoid: the exponent of its horizontal sections before the ears and behind them, that
/// of its upright sections, and how far its underside reaches as a share of its height.
/// Forehead rounder than occiput, crown flatter than an ellipsoid's and sides drawn in below the ears: so the skin of
/// sculpted skulls of DOMAIN 5.3's sizes comes out within 3 % from every side (tests/bench/bench_truth.cpp).
struct HeadForm {
  double front = 1.95, back = 2.25, upright = 2.15, underside = 0.88;
  bool operator==(const HeadForm&) const = default;
};
inline constexpr HeadForm ellipsoid_form{2, 2, 2, 1};

/// Head frame [mm]: origin at the centre of the vault near ear level, x to the subject's left, y up, z forward (face).
/// Camera frame [mm]: x right, y down, z away from the camera.
/// Surface: (|x/a|^p + |z/c|^p)^(q/p) + |y/b|^q = 1 with semi-axes (a, b, c), p = form.front for z > 0 and form.back
/// elsewhere, q = form.upright; b is form.underside times as long for y < 0. Convex and smooth where the halves meet.
struct HeadModel {
  Vec3 semi_axes_mm{77.0, 108.0, 100.0};
  HeadForm form;
  Mat3 head_to_camera = Vec3(1, -1, -1).asDiagonal();  // facing the camera
  Vec3 centre_camera_mm{0, 0, 700};
  double focal_px = 1000;
  Vec2 principal_px{0, 0};  // photo px, pixel centres at integers + 0.5

  /// Photo position of a point in the head frame. The point must lie before the camera.
  Vec2 project(const Vec3& head_mm) const;
  /// 1 on the surface, proportional to the distance from the origin along any direction.
  double norm(const Vec3& head_mm) const;
  /// First point of the surface on the ray through a photo position; nothing where the ray misses.
  std::optional<Vec3> intersect(const Vec2& photo_px) const;
  /// The same; rays that miss get the silhouette's point on the way to the head's centre.
  Vec3 nearest(const Vec2& photo_px) const;
  /// Distance of the ray from the silhouette: 0 on it, negative inside, exact to first order [mm].
  double outline_distance_mm(const Vec2& photo_px) const;
  /// Outward unit normal (head frame) at a point of the surface.
  Vec3 normal(const Vec3& head_mm) const;
  /// Whether the surface at this point faces the camera.
  bool faces_camera(const Vec3& head_mm) const;
  /// d(photo px)/d(mm along two orthonormal tangents) at a surface point; columns follow tangents().
  Mat2 px_per_mm(const Vec3& head_mm) const;
  /// +x and +z at the vertex, elsewhere turned with the normal by the shortest way (no singular point but straight
  /// down).
  std::pair<Vec3, Vec3> tangents(const Vec3& head_mm) const;
  /// mm2 of skin seen by one photo pixel there (infinite towards the silhouette; capped at 60 times the frontal value).
  double area_mm2_per_px(const Vec3& head_mm) const;
  /// Chart: azimuthal equidistant about the vertex. |chart| = polar angle from +y in radians (0..2.4 used); the azimuth
  /// is that of (x, z). Gives the surface point in that direction from the origin.
  Vec3 chart_point(const Vec2& chart) const;
  Vec2 chart_of(const Vec3& head_mm) const;

  bool operator==(const HeadModel&) const = default;
};

/// Cosine of the angle between the surface's normal and the way to the camera; negative where it is turned away.
double facing_camera(const HeadModel& model, const Vec3& head_mm);
/// Unit vector from the head's centre to the camera, head frame: y is the sine of how far the camera looks down.
Vec3 camera_direction(const HeadModel& model);

}  // namespace stipple
