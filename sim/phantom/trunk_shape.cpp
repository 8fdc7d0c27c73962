// Neck, shoulders and a plain T-shirt, bent against the head where a client bows.
#include "sim/phantom/sdf.h"
#include "sim/phantom/shape_parts.h"

namespace stipple::phantom {
using namespace sdf;

Vec3 to_trunk(const Anatomy& an, const Vec3& p) {
  const double angle = an.bow_degrees * 0.017453292519943295 * smoothstep(-55, -165, p.y() - 0.35 * p.z());
  const double c = std::cos(angle), s = std::sin(angle);
  const Vec3 pivot(0, -95, -28), r = p - pivot;
  return pivot + Vec3(r.x(), c * r.y() - s * r.z(), s * r.y() + c * r.z());
}

double trunk_distance(const Vec3& q) {
  double d = cone(q, {0, -40, -22}, {0, -195, -38}, 54, 58);
  d = join(d, cone(q, {57, -46, -24}, {13, -208, 18}, 8, 8), 18);                               // sternocleidomastoid
  d = join(d, ellipsoid(q, {0, -148, 22}, {9, 15, 9}), 14);                                     // larynx
  d = join(d, cone(q, {22, -60, -62}, {92, -196, -58}, 22, 30), 34);                            // trapezius
  d = join(d, cone(q, {60, -225, -45}, {158, -240, -45}, 48, 50), 40);                          // shoulder
  d = join(d, cone({0.6 * q.x(), q.y(), q.z()}, {0, -300, -32}, {0, -700, -30}, 92, 100), 45);  // chest
  d = join(d, cone(q, {172, -250, -45}, {190, -560, -40}, 47, 42), 20);                         // upper arm
  return d;
}

double garment_distance(const Vec3& q, double trunk) {
  const Vec3 up = Vec3(0, 120, 42).normalized();
  const double above_collar = (q - Vec3(0, -180, -35)).dot(up);
  const double cloth = meet(trunk - 4.0, above_collar + 2.0, 2.0);
  const double band = meet(trunk - 5.5, std::abs(above_collar + 8.0) - 8.0, 3.0);
  return join(cloth, band, 1.5);
}

}  // namespace stipple::phantom
