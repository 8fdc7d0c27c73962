// The visible side of a head as a surface for Progression.
#pragma once
#include "sim/field/progressive.h"
#include "sim/head/model.h"

namespace stipple {

/// Everything within 2.4 rad of the vertex that faces the camera, and a rim of some millimetres beyond the silhouette,
/// so that the pattern has no edge there. Depends on the head in millimetres only, not on the photo's pixels.
class HeadSurface {
 public:
  /// Throws Error{usage} for a head of no or absurd size.
  explicit HeadSurface(const HeadModel& model);

  static constexpr bool is_flat = false;
  double area_mm2() const { return area_mm2_; }
  /// An octahedron about the origin, turned at random: points are ordered by direction, so it needs no border.
  StartMesh start(uint64_t seed, double first_mm) const;
  Point3 random_place(double s, double t) const;
  Point3 at(const Point3& near) const;
  bool inside(const Point3& point) const;
  double orientation(const Point3& a, const Point3& b, const Point3& c) const;
  double least_reach_mm(const Point3&, double) const { return 0; }

 private:
  HeadModel model_;
  Vec3 camera_mm_;
  double area_mm2_ = 0;
};

}  // namespace stipple
