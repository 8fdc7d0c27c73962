// The visible side of a head as a charted surface for Progression.
#pragma once
#include <array>
#include <utility>
#include <vector>

#include "sim/field/progressive.h"
#include "sim/head/model.h"

namespace stipple {

/// Everything within 2.4 rad of the vertex that faces the camera, and a rim of some millimetres beyond the silhouette
/// so that the pattern has no edge there (facing is interpolated between lattice nodes). Depends on the head in
/// millimetres only, not on the photo's pixels.
class HeadSurface {
 public:
  /// Throws Error{usage} for a head of no or absurd size.
  explicit HeadSurface(const HeadModel& model);

  double area_cm2() const { return area_cm2_; }
  ChartBox box() const { return box_; }
  double stretch() const { return stretch_; }
  bool outside(double u, double v, double half) const;
  bool inside(double u, double v) const;
  std::array<float, 3> at(double u, double v) const;
  std::pair<double, double> chart_of(const SurfacePoint& point) const;
  LocalFrame frame(double u, double v, double reach_mm) const;
  double least_reach_mm(double, double, double) const { return 0; }

 private:
  static constexpr double polar_limit = 2.4, step = 0.02;
  static constexpr int nodes = 2 * static_cast<int>(polar_limit / step) + 5;  // per side, with a border
  struct Node {
    Eigen::Vector3f point;
    float facing;  // cosine between the normal and the way to the camera
  };

  float facing(double u, double v) const;
  const Node& node(int i, int j) const { return nodes_[static_cast<size_t>(j * nodes + i)]; }
  static int lattice(double chart) { return static_cast<int>((chart + polar_limit) / step + 2.0); }

  HeadModel model_;
  Vec3 camera_mm_;
  std::vector<Node> nodes_;
  ChartBox box_{};
  double stretch_ = 0, area_cm2_ = 0, least_radius_mm_ = 0;
};

}  // namespace stipple
