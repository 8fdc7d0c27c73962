// shaders/pigment.glsl as C++: the same text, after a shim that gives GLSL's built-in functions C++ meanings.
#pragma once
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#include "sim/pigment/lanes.h"

namespace stipple::optics {

/// e^x for x <= 0 (float or Lanes), relative error below 3e-7. No branches and no calls: vector code.
template <class Number>
STIPPLE_VECTOR_PART Number exp(Number x) {
  const Number zero{};
  const Number t = (x > zero - 87.0f ? x : zero - 87.0f) * 1.44269504f;
  const Number whole = (t + 12582912.0f) - 12582912.0f;  // rounds to the nearest integer
  const Number f = (t - whole) * 0.693147181f;
  const Number series =
      1.0f +
      f * (1.0f + f * (0.5f + f * (0.166666667f + f * (4.16666667e-2f + f * (8.33333333e-3f + f * 1.38888889e-3f)))));
  return series * std::bit_cast<Number>((to_int(whole) + 127) << 23);
}

inline float max(float a, float b) { return a > b ? a : b; }
inline float min(float a, float b) { return a < b ? a : b; }
inline float clamp(float x, float low, float high) { return min(max(x, low), high); }
inline float pow(float x, float power) { return std::pow(x, power); }

#define PIGMENT_FUNCTION STIPPLE_VECTOR_PART
#include "shaders/pigment.glsl"
#undef PIGMENT_FUNCTION

}  // namespace stipple::optics
