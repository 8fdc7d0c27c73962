// Cranium and face: a vault with the proportions of HeadModel, onto which the masses of the face are joined and whose
// finer forms (sockets, folds, lips) are pressed in or raised by compact bumps.
#include "sim/phantom/sdf.h"
#include "sim/phantom/shape_parts.h"

namespace stipple::phantom {
using namespace sdf;

double vault_distance(const Anatomy& an, const Vec3& q) {
  const double e = an.exponent, c = an.vault_mm.z();
  const double forward = std::clamp((q.z() + 15.0) / c, 0.0, 1.0);
  const double a = an.vault_mm.x() * (1.0 - 0.09 * forward * forward);
  const double b = q.y() >= 0 ? an.vault_mm.y() : 86.0;
  const double u = std::abs(q.x()) / a, w = std::abs(q.z()) / c, v = q.y() / b;
  const double m = std::pow(u, e) + std::pow(w, e);
  if (m < 1e-12) return (std::abs(v) - 1.0) * b;
  const double ring = std::pow(m, 2.0 / e), g = std::sqrt(ring + v * v);
  const Vec3 gradient(ring / m * std::pow(u, e - 1) / (a * g), v / (b * g), ring / m * std::pow(w, e - 1) / (c * g));
  return (g - 1.0) / gradient.norm();
}

namespace {

double cranium(const Anatomy& an, const Vec3& q) {
  double d = vault_distance(an, q);
  // Frontal and parietal eminences and the occiput make the plain vault a skull.
  d -= 3.0 * bump(q, {0, 55, 84}, {62, 48, 45});
  d -= 3.0 * bump(q, {48, 78, -20}, {48, 50, 62});
  d -= 3.0 * bump(q, {0, 2, -100}, {55, 48, 40});
  d += 2.5 * bump(q, {66, 18, 52}, {26, 30, 34});  // temporal fossa
  return d;
}

double face_masses(const Anatomy& an, const Vec3& q, double d) {
  const double jw = an.jaw_width;
  d = join(d, ellipsoid(q, {0, -38, 36}, {56, 74, 56}), 22);                                 // mid-face
  d = join(d, ellipsoid(q, {47, -27, 52}, {20, 13, 24}), 18);                                // cheekbone
  d = join(d, capsule(q, {56, -22, 52}, {64, -20, 12}, 6.5), 16);                            // its arch
  d = join(d, ellipsoid(q, {28, -62, 50}, {27, 34, 31}), 20);                                // cheek
  d = join(d, cone(q, {49 * jw, -78, 6}, {15, -109, 70}, 13, 13), 24);                       // mandible
  d = join(d, cone(q, {49 * jw, -78, 6}, {60, -28, 0}, 13, 10), 22);                         // its ramus
  d = join(d, ellipsoid(q, {0, -72, 70}, {33, 26, 26}), 18);                                 // muzzle
  d = join(d, ellipsoid(q, {0, -107, 78 + 4 * (an.chin - 1)}, {21, 15, 15 * an.chin}), 20);  // chin
  return d;
}

double sockets_and_brow(const Anatomy& an, const Vec3& q, double d) {
  d -= 3.2 * an.brow * ridge(q, {9, 12, 98}, {40, 13, 84}, 15);
  d += 9.5 * bump(q, {33, -9, 88}, {23, 17, 26});
  d += 5.0 * bump(q, {17, -5, 92}, {11, 12, 18});
  d += 7.0 * bump(q, {0, -4, 101}, {17, 16, 18});
  d += 2.0 * bump(q, {48, -52, 72}, {22, 24, 26});  // hollow under the cheekbone
  return d;
}

double nose(const Anatomy& an, const Vec3& q, double d) {
  const double l = an.nose_length, w = an.nose_width;
  const double tip_y = -4 - 37.5 * l;
  d = join(d, cone(q, {0, -2, 86}, {0, tip_y + 4, 104}, 6.5, 8.0), 9);
  d = join(d, cone(q, {6 * w, -8, 80}, {9 * w, tip_y, 96}, 7, 9), 10);
  d = join(d, ellipsoid(q, {0, tip_y, 107.5 + 1.5 * l}, {9.5 * w, 8.5, 9}), 7);
  d = join(d, ellipsoid(q, {12.8 * w, tip_y - 4, 98}, {6, 7, 8.5}), 4);
  d = join(d, capsule(q, {0, tip_y - 8.5, 98}, {0, tip_y - 6, 109}, 3.6), 4);
  d += 1.4 * ridge(q, {13 * w, tip_y + 5, 103}, {19 * w, tip_y - 1, 94}, 5);  // crease above the wing
  return carve(d, ellipsoid(q, {6.4 * w, tip_y - 11, 103.5}, {3.4, 5.5, 6}), 2.5);
}

double mouth(const Anatomy& an, const Vec3& q, double d) {
  d += 1.2 * ridge(q, {0, -56, 101}, {0, -66, 101}, 5.5);  // philtrum
  d += 1.6 * ridge(q, {20, -48, 90}, {32, -74, 78}, 8);    // nasolabial fold
  d += 3.0 * bump(q, {0, -93, 94}, {24, 9, 14});           // below the lower lip
  const double full = an.lips;
  d = join(d, ellipsoid(q, {6.5, -71.2, 93.5}, {15, 4.6 * full, 7}), 6);  // upper lip
  d = join(d, ellipsoid(q, {0, -80.6, 92.5}, {17, 5.6 * full, 7.5}), 6);  // lower lip
  d += 2.6 * ridge(q, {0, -75.8, 101.5}, {13, -75.2, 98}, 3.0);
  d += 2.6 * ridge(q, {13, -75.2, 98}, {25, -76.5, 86}, 3.2);
  return d + 1.5 * bump(q, {27, -77, 84}, {7, 7, 9});
}

double lids(const Anatomy& an, const Vec3& q, double d) {
  const Vec3 e = eye_centre(an);
  const double lid = carve(sphere(q, e, eyeball_radius_mm + 1.5), fissure_distance(an, q), 1.0);
  d = carve(d, sphere(q, e, eyeball_radius_mm + 0.2), 1.0);
  d = join(d, lid, 4.0);
  return std::max(d, -std::max(sphere(q, e, eyeball_radius_mm + 3.5), fissure_distance(an, q)));
}

}  // namespace

double fissure_distance(const Anatomy& an, const Vec3& q) {
  constexpr double upper = 0.34, lower = 0.40, tilt = 0.06;  // radians
  const Vec3 c = eye_centre(an);
  const double x = q.x() - c.x(), y = q.y() - c.y() - tilt * x, z = q.z() - c.z();
  const double up = an.gaze_up_degrees * 0.0105;  // the upper lid follows the gaze, the lower one less
  const double au = upper + up, al = lower - 0.5 * up;
  return std::max({y * std::cos(au) - z * std::sin(au), -y * std::cos(al) - z * std::sin(al), -z});
}

double head_distance(const Anatomy& an, const Vec3& q) {
  double d = face_masses(an, q, cranium(an, q));
  if (q.z() < 40 || q.y() > 45) return d;
  d = sockets_and_brow(an, q, d);
  d = nose(an, q, d);
  d = mouth(an, q, d);
  return lids(an, q, d);
}

}  // namespace stipple::phantom
