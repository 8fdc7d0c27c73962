// The head's surface under a pinhole camera. The surface is the unit sphere of a gauge, a norm without symmetry (an l^p
// norm of x and z inside an l^q norm with y), so it is convex along every ray: Newton's method started before the
// surface runs towards the first hit without ever passing it, and a step that lands behind the nearest approach proves
// a miss.
#include "sim/head/model.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>

namespace stipple {
namespace {

constexpr double area_cap = 60;  // times the frontal value; the contract of area_mm2_per_px
constexpr int max_newton_steps = 60;

struct Norm {
  double value;
  Vec3 gradient;
};

double power(double x, double p) { return p == 2.0 ? x * x : std::pow(x, p); }

/// Semi-axes on the side of the origin where a point lies.
Vec3 axes_towards(const HeadModel& model, double y) {
  const Vec3& s = model.semi_axes_mm;
  return y < 0 ? Vec3(s.x(), model.form.underside * s.y(), s.z()) : s;
}

/// The norm whose unit sphere is the surface, and its gradient.
Norm surface_norm(const HeadModel& model, const Vec3& point) {
  const Vec3 axes = axes_towards(model, point.y()), u = point.cwiseQuotient(axes);
  const double p = u.z() > 0 ? model.form.front : model.form.back, q = model.form.upright;
  const double xp = power(std::abs(u.x()), p), zp = power(std::abs(u.z()), p), yq = power(std::abs(u.y()), q);
  const double sum = xp + zp, ring = p == q ? sum : std::pow(sum, q / p), total = ring + yq;
  const double value = q == 2.0 ? std::sqrt(total) : std::pow(total, 1 / q);
  // Each term's share of the norm, over its own coordinate.
  const double per_total = total > 0 ? value / total : 0.0, per_sum = sum > 0 ? ring / sum : 0.0;
  const auto slope = [](double share, double along) { return along != 0 ? share / along : 0.0; };
  const Vec3 gradient(slope(per_sum * xp, u.x()), slope(yq, u.y()), slope(per_sum * zp, u.z()));
  return {value, per_total * gradient.cwiseQuotient(axes)};
}

struct Ray {
  Vec3 origin, direction;  // head frame; direction has camera depth 1
  Vec3 at(double t) const { return origin + t * direction; }
};

Ray ray_through(const HeadModel& model, const Vec2& photo_px) {
  const Vec2 plane = (photo_px - model.principal_px) / model.focal_px;
  const Mat3 camera_to_head = model.head_to_camera.transpose();
  return {-(camera_to_head * model.centre_camera_mm), camera_to_head * Vec3(plane.x(), plane.y(), 1)};
}

/// |u(t)|^2 = a t^2 - 2 b t + c along the ray, in units of the semi-axes.
struct Quadratic {
  double a, b, c;
};

Quadratic ellipsoid_along(const Vec3& axes, const Ray& ray) {
  const Vec3 o = ray.origin.cwiseQuotient(axes), d = ray.direction.cwiseQuotient(axes);
  return {d.squaredNorm(), -o.dot(d), o.squaredNorm()};
}

/// How much farther than an ellipse a superellipse reaches towards its corners.
double corner_reach(double exponent) { return exponent > 2 ? std::exp2(0.5 - 1.0 / exponent) : 1.0; }

/// Surface point between the head's centre and the camera.
Vec3 nearest_on_axis(const HeadModel& model) {
  const Vec3 camera_at = -(model.head_to_camera.transpose() * model.centre_camera_mm);
  return camera_at / std::max(surface_norm(model, camera_at).value, 1e-12);
}

}  // namespace

Vec2 HeadModel::project(const Vec3& head_mm) const {
  const Vec3 camera = head_to_camera * head_mm + centre_camera_mm;
  return principal_px + focal_px / camera.z() * camera.head<2>();
}

double HeadModel::norm(const Vec3& head_mm) const { return surface_norm(*this, head_mm).value; }

std::optional<Vec3> HeadModel::intersect(const Vec2& photo_px) const {
  const Ray ray = ray_through(*this, photo_px);

  // Start where the ray enters the plain ellipsoid that encloses the surface.
  const Vec3 enclosing(semi_axes_mm.x(), semi_axes_mm.y() * std::max(1.0, form.underside), semi_axes_mm.z());
  const Quadratic q = ellipsoid_along(enclosing, ray);
  const double reach = corner_reach(std::max(form.front, form.back)) * corner_reach(form.upright);
  const double discriminant = q.b * q.b - q.a * (q.c - reach * reach);
  if (!(discriminant > 0)) return std::nullopt;
  double t = (q.b - std::sqrt(discriminant)) / q.a;
  if (!(t > 0)) return std::nullopt;

  // Newton steps only shrink towards the hit, so a step below the tolerance ends the search.
  for (int step = 0; step < max_newton_steps; ++step) {
    const Norm norm = surface_norm(*this, ray.at(t));
    const double slope = norm.gradient.dot(ray.direction);
    if (std::abs(norm.value - 1.0) < 1e-12) break;
    if (slope >= 0) return std::nullopt;
    const double next = t - (norm.value - 1.0) / slope;
    if (std::abs(next - t) < 1e-10 * t) break;
    t = next;
  }
  return ray.at(t);
}

Vec3 HeadModel::nearest(const Vec2& photo_px) const {
  if (const std::optional<Vec3> hit = intersect(photo_px)) return *hit;
  // Regula falsi (Illinois) on the way from the head's centre, which is hit, to the ray, until the silhouette is met.
  Vec2 inside = project(Vec3::Zero()), outside = photo_px;
  double depth = outline_distance_mm(inside), height = std::max(outline_distance_mm(outside), 0.0);
  for (int step = 0; step < 30 && height > 0; ++step) {
    const Vec2 between = inside + (outside - inside) * (depth / (depth - height));
    const double distance = outline_distance_mm(between);
    if (distance < 0) {
      inside = between;
      depth = distance;
      height /= 2;
      if (distance > -1e-3) break;
    } else {
      outside = between;
      height = distance;
      depth /= 2;
    }
  }
  return intersect(inside).value_or(nearest_on_axis(*this));
}

double HeadModel::outline_distance_mm(const Vec2& photo_px) const {
  // The ray's nearest approach: that of the plain ellipsoid, then Newton steps with the ellipsoid's curvature.
  const Ray ray = ray_through(*this, photo_px);
  Quadratic q = ellipsoid_along(semi_axes_mm, ray);
  if (ray.at(q.b / q.a).y() < 0) q = ellipsoid_along(axes_towards(*this, -1), ray);
  double t = std::max(q.b / q.a, 0.0);
  Norm norm = surface_norm(*this, ray.at(t));
  for (int step = 0; step < 3; ++step) {
    t -= norm.value * norm.gradient.dot(ray.direction) / q.a;
    norm = surface_norm(*this, ray.at(t));
  }
  return (norm.value - 1.0) / std::max(norm.gradient.norm(), 1e-12);
}

Vec3 HeadModel::normal(const Vec3& head_mm) const { return surface_norm(*this, head_mm).gradient.normalized(); }

bool HeadModel::faces_camera(const Vec3& head_mm) const {
  const Vec3 camera_at = -(head_to_camera.transpose() * centre_camera_mm);
  return surface_norm(*this, head_mm).gradient.dot(camera_at - head_mm) > 0;
}

std::pair<Vec3, Vec3> HeadModel::tangents(const Vec3& head_mm) const {
  // Carry +x and +z from the vertex to the point by the shortest turn of +y into the normal.
  const Vec3 n = normal(head_mm);
  const double k = 1.0 / std::max(1.0 + n.y(), 1e-9);
  return {Vec3(1 - n.x() * n.x() * k, -n.x(), -n.x() * n.z() * k),
          Vec3(-n.x() * n.z() * k, -n.z(), 1 - n.z() * n.z() * k)};
}

Mat2 HeadModel::px_per_mm(const Vec3& head_mm) const {
  const Vec3 camera = head_to_camera * head_mm + centre_camera_mm;
  const auto [s, t] = tangents(head_mm);
  Eigen::Matrix<double, 3, 2> tangents_camera;
  tangents_camera << head_to_camera * s, head_to_camera * t;
  Eigen::Matrix<double, 2, 3> projection;
  projection << 1, 0, -camera.x() / camera.z(), 0, 1, -camera.y() / camera.z();
  return focal_px / camera.z() * projection * tangents_camera;
}

double HeadModel::area_mm2_per_px(const Vec3& head_mm) const {
  // One pixel's pyramid cut by the tangent plane: depth^3 / (f^2 |view . normal|).
  const Vec3 camera = head_to_camera * head_mm + centre_camera_mm;
  const double distance = camera.norm();
  const double cosine = -camera.dot(head_to_camera * normal(head_mm)) / distance;
  const double frontal = camera.z() * camera.z() * camera.z() / (focal_px * focal_px * distance);
  return frontal / std::max(cosine, 1.0 / area_cap);
}

Vec3 HeadModel::chart_point(const Vec2& chart) const {
  const double polar = chart.norm();
  const double ring = polar > 1e-12 ? std::sin(polar) / polar : 1.0;
  const Vec3 direction(ring * chart.x(), std::cos(polar), ring * chart.y());
  return direction / surface_norm(*this, direction).value;
}

Vec2 HeadModel::chart_of(const Vec3& head_mm) const {
  const Vec2 flat(head_mm.x(), head_mm.z());
  const double radius = flat.norm();
  return radius > 0 ? Vec2(flat * (std::atan2(radius, head_mm.y()) / radius)) : Vec2(0, 0);
}

double facing_camera(const HeadModel& model, const Vec3& head_mm) {
  const Vec3 eye = -(model.head_to_camera.transpose() * model.centre_camera_mm);
  return model.normal(head_mm).dot((eye - head_mm).normalized());
}

Vec3 camera_direction(const HeadModel& model) {
  return -(model.head_to_camera.transpose() * model.centre_camera_mm).normalized();
}

}  // namespace stipple
