// Randomness as a pure function of (seed, cell, draw): the same on every thread count and in every order of evaluation.
// Based on: Steele et al., "Fast splittable pseudorandom number generators" (splitmix64 finaliser).
#pragma once
#include <cmath>
#include <cstdint>
#include <numbers>

namespace stipple {

constexpr uint64_t mix64(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return z ^ (z >> 31);
}

constexpr uint64_t hash64(uint64_t seed, uint64_t cell, uint64_t draw) {
  constexpr uint64_t golden = 0x9E3779B97F4A7C15ull;
  return mix64(mix64(mix64(seed + golden) ^ (cell * golden + 1)) + draw * golden);
}

/// Uniform in [0, 1).
constexpr double uniform(uint64_t seed, uint64_t cell, uint64_t draw) {
  return static_cast<double>(hash64(seed, cell, draw) >> 11) * 0x1p-53;
}

/// Standard normal (Box-Muller; uses draws `draw` and `draw + 1`).
inline double normal(uint64_t seed, uint64_t cell, uint64_t draw) {
  const double u = 1.0 - uniform(seed, cell, draw), v = uniform(seed, cell, draw + 1);
  return std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * v);
}

}  // namespace stipple
