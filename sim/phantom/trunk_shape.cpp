// Neck, shoulders and a plain T-shirt, bent against the head where a client bows.
#include "sim/phantom/sdf.h"
#include "sim/phantom/shape_parts.h"

namespace stipple::phantom {
using namespace sdf;

Vec3 to_trunk(const Anatomy& an, const Vec3& p) {
  const double bent = smoothstep(-55, -165, p.y() - 0.35 * p.z());
  if (bent <= 0) return p;
  const double angle = an.bow_degrees * 0.017453292519943295 * bent;
  const double c = std::cos(angle), s = std::sin(angle);
  const Vec3 pivot(0, -95, -28), r = p - pivot;
  return pivot + Vec3(r.x(), c * r.y() - s * r.z(), s * r.y() + c * r.z());
}

double trunk_distance(const Vec3& q) {
  double d = cone({0.96 * q.x(), q.y(), q.z()}, {0, -40, -16}, {0, -195, -34}, 51, 54);
  d = join(d, cone(q, {55, -50, -22}, {13, -208, 16}, 8, 7), 18);                               // sternocleidomastoid
  d = join(d, ellipsoid(q, {0, -146, 28}, {8, 15, 8}), 16);                                     // larynx
  d = join(d, cone(q, {10, -88, -50}, {80, -208, -58}, 16, 21), 32);                            // trapezius
  d = join(d, cone(q, {60, -232, -45}, {158, -246, -45}, 46, 48), 44);                          // shoulder
  d = join(d, cone({0.6 * q.x(), q.y(), q.z()}, {0, -300, -32}, {0, -700, -30}, 92, 100), 45);  // chest
  d = join(d, cone(q, {172, -250, -45}, {190, -560, -40}, 47, 42), 20);                         // upper arm
  return d;
}

double garment_distance(const Vec3& q, double trunk) {
  // A round neckline: cloth begins outside an upright elliptic cylinder, with a rib along its edge.
  const double outside = ellipsoid({q.x(), 0, q.z()}, {0, 0, -26}, {69, 1, 52});
  const double above = 0.78 * (q.y() + 162) + 0.62 * (q.z() + 34);
  const double cloth = meet(trunk - 2.5, std::max(above, -outside), 4.0);
  const double rib = meet(trunk - 3.8, std::max(above, std::abs(outside - 8.0) - 8.0), 4.0);
  return join(cloth, rib, 1.5);
}

}  // namespace stipple::phantom
