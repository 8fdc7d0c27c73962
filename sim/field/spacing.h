// Density <-> spacing of the dots that a plan chooses from a progressive set.
#pragma once
#include <cmath>

#include "sim/field/field.h"

namespace stipple {

/// Points of a progressive set with reach >= r, times r^2, per unit area: measured on flat and curved surfaces, the
/// same at every r (tests/test_field.cpp).
inline constexpr double packing = 0.66;

/// A pair's second dot comes at this multiple of the first one's rank.
inline constexpr double pair_delay = 1.15;

/// reach^2 [mm2] that a first dot needs, times density [1/cm2]. `spacing_jitter` scales each point's reach^2 by a
/// factor uniform in [1 - jitter, 1]: the pattern is a random part of a denser one and so less even, down to 0.55 of
/// the hexagonal spacing at jitter 1 (DOMAIN 0), and its hard-core distance stays exact. Pairs count in the density.
inline double reach2_density(const FieldParams& params) {
  return 100 * packing * (1 - params.spacing_jitter / 2) * (1 + params.doublet_share);
}

/// No two first dots lie nearer than the smaller of their two hard distances.
inline double hard_distance_mm(double density_per_cm2, const FieldParams& params) {
  return std::sqrt(reach2_density(params) / density_per_cm2);
}

}  // namespace stipple
