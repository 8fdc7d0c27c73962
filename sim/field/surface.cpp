// The head's chart is tabulated on a lattice of 0.02 rad: frames, stretch, area and what faces the camera are read from
// it, while points themselves come from the chart.
#include "sim/field/surface.h"

#include <Eigen/Geometry>

#include "sim/core/error.h"

namespace stipple {
namespace {

constexpr float rim = -0.05f;  // cosine up to which the far side is filled, some 4 mm

}  // namespace

HeadSurface::HeadSurface(const HeadModel& model) : model_(model), nodes_(static_cast<size_t>(nodes * nodes)) {
  const Vec3& axes = model.semi_axes_mm;
  if (!(axes.minCoeff() >= 10) || !(axes.maxCoeff() <= 1000) || !(model.exponent >= 1.2) || !(model.exponent <= 20) ||
      !model.centre_camera_mm.allFinite() || !model.head_to_camera.allFinite())
    throw Error(ErrorKind::usage, "head", "its fitted size is not that of a head", "state the scale with a marker");
  camera_mm_ = -(model.head_to_camera.transpose() * model.centre_camera_mm);

  for (int j = 0; j < nodes; ++j)
    for (int i = 0; i < nodes; ++i) {
      const Vec3 point = model.chart_point({(i - 2) * step - polar_limit, (j - 2) * step - polar_limit});
      nodes_[static_cast<size_t>(j * nodes + i)] = {
          point.cast<float>(), static_cast<float>(model.normal(point).dot((camera_mm_ - point).normalized()))};
    }

  // Extent, stretch and area of what is seen, lattice cell by lattice cell.
  least_radius_mm_ = axes.minCoeff() * (model.exponent < 2 ? 0.5 : 1.0);
  box_ = {polar_limit, polar_limit, -polar_limit, -polar_limit};
  for (int j = 0; j + 1 < nodes; ++j)
    for (int i = 0; i + 1 < nodes; ++i) {
      const double u = (i - 2) * step - polar_limit, v = (j - 2) * step - polar_limit;
      if (outside(u + step / 2, v + step / 2, step / 2)) continue;
      box_ = {std::min(box_.u0, u), std::min(box_.v0, v), std::max(box_.u1, u + step), std::max(box_.v1, v + step)};
      const Eigen::Vector3f du = node(i + 1, j).point - node(i, j).point, dv = node(i, j + 1).point - node(i, j).point;
      const float a = du.squaredNorm(), b = du.dot(dv), d = dv.squaredNorm();
      const float largest = (a + d) / 2 + std::sqrt((a - d) * (a - d) / 4 + b * b);
      stretch_ = std::max(stretch_, std::sqrt(static_cast<double>(largest)) / step);
      area_cm2_ += static_cast<double>(du.cross(dv).norm()) / 100;
    }
  stretch_ *= 1.03;  // between the nodes
}

float HeadSurface::facing(double u, double v) const {
  const double x = (u + polar_limit) / step + 2.0, y = (v + polar_limit) / step + 2.0;
  const int i = std::clamp(static_cast<int>(x), 0, nodes - 2), j = std::clamp(static_cast<int>(y), 0, nodes - 2);
  const float s = static_cast<float>(x - i), t = static_cast<float>(y - j);
  return (1 - t) * ((1 - s) * node(i, j).facing + s * node(i + 1, j).facing) +
         t * ((1 - s) * node(i, j + 1).facing + s * node(i + 1, j + 1).facing);
}

bool HeadSurface::outside(double u, double v, double half) const {
  const double nearest_u = std::max(0.0, std::abs(u) - half), nearest_v = std::max(0.0, std::abs(v) - half);
  if (nearest_u * nearest_u + nearest_v * nearest_v > polar_limit * polar_limit) return true;

  // Interpolation is bilinear: within one lattice cell it is largest in a corner, across several also at their nodes.
  for (double y : {v - half, v + half})
    for (double x : {u - half, u + half})
      if (facing(x, y) > rim) return false;
  const int i0 = std::max(lattice(u - half), 0), i1 = std::min(lattice(u + half), nodes - 1);
  const int j0 = std::max(lattice(v - half), 0), j1 = std::min(lattice(v + half), nodes - 1);
  if (i0 == i1 && j0 == j1) return true;
  for (int j = j0; j <= std::min(j1 + 1, nodes - 1); ++j)
    for (int i = i0; i <= std::min(i1 + 1, nodes - 1); ++i)
      if (node(i, j).facing > rim) return false;
  return true;
}

bool HeadSurface::inside(double u, double v) const {
  return u * u + v * v <= polar_limit * polar_limit && facing(u, v) > rim;
}

std::array<float, 3> HeadSurface::at(double u, double v) const {
  const Eigen::Vector3f point = model_.chart_point({u, v}).cast<float>();
  return {point.x(), point.y(), point.z()};
}

std::pair<double, double> HeadSurface::chart_of(const SurfacePoint& point) const {
  const Vec2 chart = model_.chart_of(Eigen::Vector3f(point.x, point.y, point.z).cast<double>());
  return {chart.x(), chart.y()};
}

LocalFrame HeadSurface::frame(double u, double v, double reach_mm) const {
  const int i = std::clamp(lattice(u), 0, nodes - 2), j = std::clamp(lattice(v), 0, nodes - 2);
  const float s = static_cast<float>((u + polar_limit) / step + 2.0 - i),
              t = static_cast<float>((v + polar_limit) / step + 2.0 - j);
  const Eigen::Vector3f &p00 = node(i, j).point, &p10 = node(i + 1, j).point, &p01 = node(i, j + 1).point,
                        &p11 = node(i + 1, j + 1).point;
  const Eigen::Vector3f du = ((1 - t) * (p10 - p00) + t * (p11 - p01)) / static_cast<float>(step);
  const Eigen::Vector3f dv = ((1 - s) * (p01 - p00) + s * (p11 - p10)) / static_cast<float>(step);
  const Eigen::Vector3f origin = (1 - t) * ((1 - s) * p00 + s * p10) + t * ((1 - s) * p01 + s * p11);

  // Two tangents, the derivatives in them, and how far one millimetre can reach in the chart.
  const Eigen::Vector3f e1 = du.normalized(), e2 = (dv - dv.dot(e1) * e1).normalized();
  LocalFrame f;
  f.origin = {origin.x(), origin.y(), origin.z()}, f.e1 = {e1.x(), e1.y(), e1.z()}, f.e2 = {e2.x(), e2.y(), e2.z()};
  f.u1 = du.dot(e1), f.u2 = 0, f.v1 = dv.dot(e1), f.v2 = dv.dot(e2);
  const float area = std::abs(f.u1 * f.v2), slack = static_cast<float>(1.05 + 2.5 * reach_mm / least_radius_mm_);
  f.window_u = slack * dv.norm() / area, f.window_v = slack * du.norm() / area;
  return f;
}

}  // namespace stipple
