// A sampled copy of the distance field: cheap steps far from the surface, soft shadows and occlusion.
#pragma once
#include <vector>

#include "sim/core/job.h"
#include "sim/phantom/shape.h"

namespace stipple::phantom {

/// Distances [mm] on a regular lattice over head and shoulders, read by trilinear interpolation. Within 7 mm of the
/// surface the lattice holds the field itself, farther away an interpolation of a coarse lattice.
class DistanceGrid {
 public:
  static constexpr double spacing_mm = 3.0;
  DistanceGrid(const Anatomy& anatomy, Job& job);

  /// Distance at p; outside the lattice a lower bound from the lattice's box.
  double operator()(const Vec3& p_mm) const;
  const Vec3& lowest() const { return low_; }
  const Vec3& highest() const { return high_; }

 private:
  Vec3 low_, high_;
  int nx_, ny_, nz_;
  std::vector<float> values_;
  float at(int x, int y, int z) const {
    return values_[(static_cast<size_t>(z) * static_cast<size_t>(ny_) + static_cast<size_t>(y)) *
                       static_cast<size_t>(nx_) +
                   static_cast<size_t>(x)];
  }
};

}  // namespace stipple::phantom
