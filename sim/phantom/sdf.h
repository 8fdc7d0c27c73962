// Building blocks of signed distance fields: primitives, smooth set operations and compact bumps. Lengths in mm.
// Based on: Hart, "Sphere tracing" (1996); the polynomial smooth minimum as used by Inigo Quilez.
#pragma once
#include <algorithm>
#include <cmath>

#include "sim/core/math.h"

namespace stipple::sdf {

inline double sphere(const Vec3& p, const Vec3& centre, double radius) { return (p - centre).norm() - radius; }

/// First-order distance to an axis-aligned ellipsoid; exact sign, gradient of length one at the surface.
inline double ellipsoid(const Vec3& p, const Vec3& centre, const Vec3& radii) {
  const Vec3 q = (p - centre).cwiseQuotient(radii);
  const double k0 = q.norm(), k1 = q.cwiseQuotient(radii).norm();
  return k1 < 1e-9 ? -radii.minCoeff() : k0 * (k0 - 1.0) / k1;
}

/// A segment whose radius goes linearly from ra at a to rb at b.
inline double cone(const Vec3& p, const Vec3& a, const Vec3& b, double ra, double rb) {
  const Vec3 ab = b - a;
  const double h = std::clamp((p - a).dot(ab) / ab.squaredNorm(), 0.0, 1.0);
  return (p - a - h * ab).norm() - (ra + h * (rb - ra));
}
inline double capsule(const Vec3& p, const Vec3& a, const Vec3& b, double r) { return cone(p, a, b, r, r); }

/// Union of two fields with a fillet of about k mm.
inline double join(double a, double b, double k) {
  const double h = std::max(k - std::abs(a - b), 0.0) / k;
  return std::min(a, b) - h * h * k * 0.25;
}
/// a without b, the rim rounded over about k mm.
inline double carve(double a, double b, double k) { return -join(-a, b, k); }
/// The part common to a and b, its edge rounded over about k mm.
inline double meet(double a, double b, double k) { return -join(-a, -b, k); }

/// 1 at the centre of an ellipsoidal neighbourhood, 0 with zero slope at its border: a bump to add to or take from a
/// distance.
inline double bump(const Vec3& p, const Vec3& centre, const Vec3& radii) {
  const double d2 = (p - centre).cwiseQuotient(radii).squaredNorm();
  if (d2 >= 1.0) return 0.0;
  const double s = 1.0 - d2;
  return s * s;
}
/// The same along a segment.
inline double ridge(const Vec3& p, const Vec3& a, const Vec3& b, double radius) {
  const Vec3 ab = b - a;
  const double h = std::clamp((p - a).dot(ab) / ab.squaredNorm(), 0.0, 1.0);
  const double d2 = (p - a - h * ab).squaredNorm() / (radius * radius);
  return d2 >= 1.0 ? 0.0 : (1.0 - d2) * (1.0 - d2);
}

inline double smoothstep(double from, double to, double x) {
  const double t = std::clamp((x - from) / (to - from), 0.0, 1.0);
  return t * t * (3.0 - 2.0 * t);
}
inline double lerp(double a, double b, double t) { return a + (b - a) * t; }

}  // namespace stipple::sdf
