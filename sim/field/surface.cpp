// The head is star-shaped about its origin, so directions from there order its points as on a sphere.
#include "sim/field/surface.h"

#include <Eigen/Geometry>
#include <numbers>

#include "sim/core/error.h"

namespace stipple {
namespace {

constexpr double polar_limit = 2.4, rim_cosine = -0.05;  // the rim is some 4 mm wide

Vec3 vec(const Point3& p) { return {static_cast<double>(p.x), static_cast<double>(p.y), static_cast<double>(p.z)}; }
Point3 rounded(const Vec3& p) {
  return {static_cast<float>(p.x()), static_cast<float>(p.y()), static_cast<float>(p.z())};
}
bool has_form(const HeadForm& form) {
  const auto usable = [](double exponent) { return exponent >= 1.2 && exponent <= 20; };
  return usable(form.front) && usable(form.back) && usable(form.upright) && form.underside >= 0.1 &&
         form.underside <= 10;
}
Vec2 chart(double polar, double azimuth) { return {polar * std::cos(azimuth), polar * std::sin(azimuth)}; }

}  // namespace

HeadSurface::HeadSurface(const HeadModel& model) : model_(model) {
  const Vec3& axes = model.semi_axes_mm;
  if (!(axes.minCoeff() >= 10) || !(axes.maxCoeff() <= 1000) || !has_form(model.form) ||
      !model.centre_camera_mm.allFinite() || !model.head_to_camera.allFinite())
    throw Error(ErrorKind::usage, "head", "its fitted size is not that of a head", "state the scale with a marker");
  camera_mm_ = -(model.head_to_camera.transpose() * model.centre_camera_mm);

  constexpr int rings = 48, sectors = 96;
  constexpr double ring = polar_limit / rings, sector = 2 * std::numbers::pi / sectors;
  for (int i = 0; i < rings; ++i)
    for (int j = 0; j < sectors; ++j) {
      const Vec3 a = model.chart_point(chart(i * ring, j * sector)),
                 b = model.chart_point(chart(i * ring, (j + 1) * sector));
      const Vec3 c = model.chart_point(chart((i + 1) * ring, j * sector)),
                 d = model.chart_point(chart((i + 1) * ring, (j + 1) * sector));
      if (inside(rounded(model.chart_point(chart((i + 0.5) * ring, (j + 0.5) * sector)))))
        area_mm2_ += (d - a).cross(c - b).norm() / 2;
    }
}

StartMesh HeadSurface::start(uint64_t seed, double first_mm) const {
  const Vec3 x = Vec3(normal(seed, 0, 10), normal(seed, 0, 12), normal(seed, 0, 14)).normalized();
  const Vec3 y = x.unitOrthogonal(), z = x.cross(y);
  StartMesh mesh;
  for (const Vec3& direction : {x, y, z, Vec3(-x), Vec3(-y), Vec3(-z)}) {
    const double share = 1 - uniform(seed, mesh.points.size(), 4);
    mesh.points.push_back({at(rounded(direction * 100)), static_cast<float>(first_mm / std::sqrt(share))});
  }

  // Eight faces, one per octant: face number = signs of x, y, z; flipping one sign crosses the edge opposite that
  // corner.
  for (uint32_t signs = 0; signs < 8; ++signs) {
    const uint32_t a = signs & 1 ? 3 : 0, b = signs & 2 ? 4 : 1, c = signs & 4 ? 5 : 2;
    const bool mirrored = ((signs & 1) ^ (signs >> 1 & 1) ^ (signs >> 2 & 1)) != 0;
    StartMesh::Triangle face{{a, b, c}, {signs ^ 1, signs ^ 2, signs ^ 4}};
    if (mirrored) face = {{a, c, b}, {signs ^ 1, signs ^ 4, signs ^ 2}};
    mesh.triangles.push_back(face);
  }
  return mesh;
}

Point3 HeadSurface::random_place(double s, double t) const {
  const double polar = std::acos(1 - s * (1 - std::cos(polar_limit)));
  return rounded(model_.chart_point(chart(polar, 2 * std::numbers::pi * t)));
}

Point3 HeadSurface::at(const Point3& near) const { return rounded(model_.chart_point(model_.chart_of(vec(near)))); }

bool HeadSurface::inside(const Point3& point) const {
  static const double lowest = std::cos(polar_limit);
  const Vec3 p = vec(point);
  return p.y() >= lowest * p.norm() && model_.normal(p).dot((camera_mm_ - p).normalized()) > rim_cosine;
}

double HeadSurface::orientation(const Point3& a, const Point3& b, const Point3& c) const {
  return vec(a).dot(vec(b).cross(vec(c)));
}

}  // namespace stipple
