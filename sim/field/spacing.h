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

/// What a hand does to an even pattern at jitter 1: it leaves out a part of the places, and lands beside the others.
/// Leaving out alone would bring the distances of real work too, but with clumps and holes that no practitioner leaves;
/// with this much of both, two dots at 130 per cm2 come to 0.46 of the hexagonal spacing (DOMAIN 0: 0.4 to 0.7).
inline constexpr double most_left_out = 0.6;  // reach^2 of a place counts as 0.4 to 1 of itself, evenly
inline constexpr double hand_mm = 0.1;        // how far beside its place a dot lands

/// reach^2 [mm2] that a first dot needs, times density [1/cm2]. Pairs count in the density.
inline double reach2_density(const FieldParams& params) {
  return 100 * packing * (1 - most_left_out * params.spacing_jitter / 2) * (1 + params.doublet_share);
}

/// The least reach of a place that a first dot may have.
inline double least_reach_mm(double density_per_cm2, const FieldParams& params) {
  return std::sqrt(reach2_density(params) / density_per_cm2);
}

/// No two first dots lie nearer, along the skin, than the smaller of their two hard distances.
inline double hard_distance_mm(double density_per_cm2, const FieldParams& params) {
  return least_reach_mm(density_per_cm2, params) - 2 * hand_mm * params.spacing_jitter;
}

}  // namespace stipple
