// shaders/pigment.glsl as C++: the same text, after a shim that gives GLSL's built-in functions C++ meanings.
#pragma once
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

namespace stipple::optics {

/// e^x for x <= 0, relative error below 2e-7. No branches and no calls, so that loops over it become vector code.
inline float exp(float x) {
  const float t = std::max(x, -87.0f) * 1.44269504f;
  const float whole = (t + 12582912.0f) - 12582912.0f;  // rounds to the nearest integer
  const float f = (t - whole) * 0.693147181f;
  const float series =
      1 + f * (1 + f * (0.5f + f * (0.166666667f + f * (4.16666667e-2f + f * (8.33333333e-3f + f * 1.38888889e-3f)))));
  return series * std::bit_cast<float>((static_cast<int32_t>(whole) + 127) << 23);
}

inline float max(float a, float b) { return a > b ? a : b; }
inline float min(float a, float b) { return a < b ? a : b; }
inline float clamp(float x, float low, float high) { return min(max(x, low), high); }
inline float pow(float x, float power) { return std::pow(x, power); }

#define PIGMENT_FUNCTION inline
#include "shaders/pigment.glsl"
#undef PIGMENT_FUNCTION

}  // namespace stipple::optics
