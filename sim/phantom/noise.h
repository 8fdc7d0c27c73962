// Smooth noise in space from hashed lattice gradients; the texture of skin, cloth and hair.
// Based on: Perlin, "Improving noise" (2002).
#pragma once
#include <cmath>
#include <cstdint>

#include "sim/core/math.h"

namespace stipple::phantom {

/// Gradient noise with features of about unit size, in about -1..1, mean 0.
inline double noise(const Vec3& p, uint32_t seed) {
  const double fx = std::floor(p.x()), fy = std::floor(p.y()), fz = std::floor(p.z());
  const auto ix = static_cast<uint32_t>(static_cast<int32_t>(fx)), iy = static_cast<uint32_t>(static_cast<int32_t>(fy)),
             iz = static_cast<uint32_t>(static_cast<int32_t>(fz));
  const double x = p.x() - fx, y = p.y() - fy, z = p.z() - fz;
  const auto corner = [&](uint32_t dx, uint32_t dy, uint32_t dz) {
    uint32_t h = (ix + dx) * 0x8DA6B343u ^ (iy + dy) * 0xD8163841u ^ (iz + dz) * 0xCB1AB31Fu ^ seed * 0x9E3779B9u;
    h = (h ^ (h >> 15)) * 0x2C1B3C6Du;
    h = (h ^ (h >> 12)) * 0x297A2D39u;
    h ^= h >> 15;
    const double u = x - dx, v = y - dy, w = z - dz;
    const double a = h & 8 ? v : u, b = h & 4 ? w : (h & 8 ? u : v);
    return (h & 1 ? -a : a) + (h & 2 ? -b : b);
  };
  const auto fade = [](double t) { return t * t * t * (t * (t * 6 - 15) + 10); };
  const double sx = fade(x), sy = fade(y), sz = fade(z);
  const auto mix = [](double a, double b, double t) { return a + (b - a) * t; };
  const double y0 = mix(mix(corner(0, 0, 0), corner(1, 0, 0), sx), mix(corner(0, 1, 0), corner(1, 1, 0), sx), sy);
  const double y1 = mix(mix(corner(0, 0, 1), corner(1, 0, 1), sx), mix(corner(0, 1, 1), corner(1, 1, 1), sx), sy);
  return mix(y0, y1, sz);
}

/// Octaves of noise from `size_mm` downwards, each half as large and half as strong; features below `finest_mm` fade
/// out, so that a picture's texture does not alias.
inline double fractal(const Vec3& p_mm, double size_mm, int octaves, double finest_mm, uint32_t seed) {
  double sum = 0, weight = 1;
  for (int i = 0; i < octaves && size_mm > finest_mm; ++i) {
    const double kept = std::min(1.0, size_mm / finest_mm - 1.0);
    sum += kept * weight * noise(p_mm / size_mm, seed + static_cast<uint32_t>(i));
    size_mm *= 0.5, weight *= 0.5;
  }
  return sum;
}

}  // namespace stipple::phantom
