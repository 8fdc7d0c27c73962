// The sRGB transfer functions (IEC 61966-2-1). Shaders have their own in shaders/pigment.glsl.
#pragma once
#include <cmath>

namespace stipple {

inline double linear_of_srgb(double encoded) {
  return encoded <= 0.04045 ? encoded / 12.92 : std::pow((encoded + 0.055) / 1.055, 2.4);
}
inline double srgb_of_linear(double linear) {
  return linear <= 0.0031308 ? linear * 12.92 : 1.055 * std::pow(linear, 1 / 2.4) - 0.055;
}

}  // namespace stipple
