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
  const double u = std::abs(q.x()) / a + 1e-6, w = std::abs(q.z()) / c + 1e-6, v = q.y() / b;
  const double ue = std::pow(u, e), we = std::pow(w, e), m = ue + we;
  const double ring = std::pow(m, 2.0 / e), g = std::sqrt(ring + v * v);
  const Vec3 gradient(ring / m * ue / (u * a * g), v / (b * g), ring / m * we / (w * c * g));
  return (g - 1.0) / gradient.norm();
}

namespace {

double cranium(const Anatomy& an, const Vec3& q) {
  double d = vault_distance(an, q);
  // Frontal and parietal eminences and the occiput make the plain vault a skull.
  d -= 3.0 * bump(q, {0, 55, 84}, {62, 48, 45});
  d -= 5.0 * bump(q, {50, 80, -14}, {52, 52, 66});
  d -= 3.0 * bump(q, {0, 2, -100}, {55, 48, 40});
  d += 2.5 * bump(q, {66, 18, 52}, {26, 30, 34});  // temporal fossa
  return d;
}

double face_masses(const Anatomy& an, const Vec3& q, double d) {
  const double jw = an.jaw_width, chin = an.chin;
  d = join(d, ellipsoid(q, {0, -38, 36}, {56, 74, 56}), 22);            // mid-face
  d = join(d, ellipsoid(q, {45, -29, 50}, {21, 15, 25}), 22);           // cheekbone
  d = join(d, capsule(q, {56, -23, 50}, {64, -20, 12}, 6.5), 18);       // its arch
  d = join(d, ellipsoid(q, {27, -58, 54}, {27, 33, 31}), 22);           // cheek
  d = join(d, cone(q, {49 * jw, -78, 6}, {15, -109, 70}, 13, 13), 24);  // mandible
  d = join(d, cone(q, {49 * jw, -78, 6}, {60, -28, 0}, 13, 10), 22);    // its ramus
  d = join(d, ellipsoid(q, {0, -69, 70}, {35, 27, 29}), 20);            // muzzle
  return join(d, ellipsoid(q, {0, -107, 79 + 4 * (chin - 1)}, {21, 15, 15 * chin}), 20);
}

double sockets_and_brow(const Anatomy& an, const Vec3& q, double d) {
  d -= 1.6 * an.brow * ridge(q, {10, 11, 98}, {40, 14, 84}, 14);
  d += 8.0 * bump(q, {34, -8, 91}, {27, 20, 28});
  d += 5.0 * bump(q, {18, -9, 91}, {15, 17, 20});
  d += 5.5 * bump(q, {0, -5, 101}, {20, 20, 18});
  d -= 2.0 * bump(q, {29, -28, 85}, {20, 12, 16});
  d += 1.6 * bump(q, {50, -56, 70}, {24, 26, 28});  // hollow under the cheekbone
  return d;
}

double nose(const Anatomy& an, const Vec3& q, double d) {
  const double l = an.nose_length, w = an.nose_width;
  const double tip_y = -4 - 37.5 * l;
  d = join(d, cone(q, {0, -1, 88}, {0, tip_y + 3, 107}, 5.4, 7.4), 9);           // bridge
  d = join(d, cone(q, {4.5 * w, -8, 81}, {9.0 * w, tip_y, 95}, 5.5, 8.6), 11);   // side walls
  d = join(d, ellipsoid(q, {0, tip_y, 107.5 + 1.5 * l}, {9.5 * w, 8, 8.6}), 9);  // tip
  d = join(d, ellipsoid(q, {12.0 * w, tip_y - 4, 98.5}, {6, 6.6, 9.5}), 9);      // wing
  d = join(d, capsule(q, {0, tip_y - 8.5, 98}, {0, tip_y - 6.5, 108}, 3.4), 5);  // columella
  d += 0.8 * ridge(q, {17 * w, tip_y + 3, 100}, {20 * w, tip_y - 5, 92}, 6);     // crease above the wing
  const Vec3 nostril = q - Vec3(6.6 * w, tip_y - 11, 103);
  return carve(d, ellipsoid({nostril.x() - 0.25 * nostril.z(), nostril.y(), nostril.z()}, {0, 0, 0}, {3.0, 5.0, 5.6}),
               3);
}

double mouth(const Anatomy& an, const Vec3& q, double d) {
  d += 1.6 * ridge(q, {0, -56, 102}, {0, -67, 102.5}, 5.0);  // philtrum
  d += 1.4 * ridge(q, {20, -48, 92}, {33, -76, 80}, 10);     // nasolabial fold
  d += 3.2 * bump(q, {0, -92, 96}, {25, 9, 14});             // below the lower lip
  const double full = an.lips;
  // The line of the mouth is the crease that two lips make where they meet.
  const double upper = ellipsoid(q, {6, -72.0, 93.6}, {16.5, 4.9 * full, 8.0});
  const double lower = ellipsoid(q, {3, -80.2, 92.4}, {16.5, 6.0 * full, 8.4});
  d = join(d + 1.5 * ridge(q, {0, -75.8, 98}, {26, -75.4, 86}, 4.5), join(upper, lower, 1.0), 5);
  return d + 1.3 * bump(q, {26, -74.4, 88}, {6, 5.5, 9});
}

double lids(const Anatomy& an, const Vec3& q, double d) {
  const Vec3 e = eye_centre(an);
  const double slit = fissure_distance(an, q);
  d = join(d, sphere(q, e, eyeball_radius_mm + 1.6), 5.0);
  // A fold above the upper lid, a soft bag below the lower.
  const Vec3 r = q - e;
  const double x = r.x() / 16;
  d += 1.1 * ridge(q, e + Vec3(-11, 7.0, 9.0), e + Vec3(11, 7.5, 8.0), 3.4) * std::max(0.0, 1 - x * x);
  d = carve(d, std::max(slit, sphere(q, e, eyeball_radius_mm + 3.4)), 1.2);
  return d;
}

}  // namespace

Vec2 lid_angles(const Anatomy& an) {
  const double up = an.gaze_up_degrees * 0.0105;  // the upper lid follows the gaze, the lower one less
  return {0.40 + up, 0.44 - 0.5 * up};
}

double fissure_distance(const Anatomy& an, const Vec3& q) {
  constexpr double half_width = 14.8;
  const Vec3 c = eye_centre(an);
  const double x = q.x() - c.x(), y = q.y() - c.y() - lid_tilt * x, z = q.z() - c.z();
  // The lids close towards the corners of the eye.
  const double across = (x + 0.6) / half_width, open = std::sqrt(std::max(0.0, 1 - across * across));
  const Vec2 lid = lid_angles(an) * (0.25 + 0.75 * open);
  return std::max({y * std::cos(lid.x()) - z * std::sin(lid.x()), -y * std::cos(lid.y()) - z * std::sin(lid.y()),
                   0.8 * (std::abs(x + 0.6) - half_width), -z});
}

double head_distance(const Anatomy& an, const Vec3& q) {
  double d = cranium(an, q);
  if (q.y() > 62 || q.z() < -45) return d;  // beyond the reach of the face
  d = face_masses(an, q, d);
  if (q.z() < 40 || q.y() > 45) return d;
  d = sockets_and_brow(an, q, d);
  d = nose(an, q, d);
  d = mouth(an, q, d);
  return lids(an, q, d);
}

}  // namespace stipple::phantom
