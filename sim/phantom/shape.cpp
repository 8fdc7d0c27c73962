// Unites the parts of a synthetic client into one field, and names its landmarks.
// Based on: the body sizes of DOMAIN 5.1 (ANSUR II); landmark heights follow from tragion-to-top 131 mm and
// menton-sellion 123 mm with the vertex at the top of the vault.
#include "sim/phantom/shape.h"

#include "sim/core/random.h"
#include "sim/phantom/sdf.h"
#include "sim/phantom/shape_parts.h"

namespace stipple::phantom {
using namespace sdf;

namespace {

constexpr double radians_per_degree = std::numbers::pi / 180;

/// Mirrored to the left half; rounded at the midline so that mirrored forms meet without a crease.
Vec3 mirrored(const Vec3& p) { return {std::sqrt(p.x() * p.x() + 6.0), p.y(), p.z()}; }

struct Fields {
  double skin, ear, eye, garment;
};

/// The eyeball, with the wet floor of the corners of the eye beside it.
double eye_distance(const Anatomy& an, const Vec3& q) {
  const Vec3 c = eye_centre(an);
  return std::min(sphere(q, c, eyeball_radius_mm), ellipsoid(q, c + Vec3(-0.8, 0, -0.8), {16.2, 9.5, 10.8}));
}

/// A bound of all that head_distance() holds, so that points of the trunk need not ask for the face.
double head_bound(const Vec3& q) { return (q - Vec3(0, -8, 4)).norm() - 132.0; }

Fields fields(const Anatomy& an, const Vec3& p) {
  constexpr double neck_blend = 26, far_from_head = 60;
  const Vec3 q = mirrored(p);
  Fields f{1e3, 1e3, 1e3, 1e3};
  const double bound = head_bound(q);
  f.skin = bound;
  if (bound < far_from_head) {
    f.skin = head_distance(an, q);
    if (q.x() > 52 && std::abs(q.z() + 10) < 62 && std::abs(q.y() + 18) < 68) f.ear = ear_distance(an, q);
    f.eye = eye_distance(an, {std::abs(p.x()), p.y(), p.z()});
  }
  if (p.y() < -20 || (p.z() < -40 && p.y() < 20)) {
    const Vec3 t = to_trunk(an, q);
    const double trunk = trunk_distance(t);
    if (p.y() < -90) f.garment = 0.85 * garment_distance(t, trunk);
    f.skin = join(f.skin, 0.85 * trunk, neck_blend);
  }
  return f;
}

}  // namespace

Anatomy anatomy_of(uint64_t seed) {
  const auto vary = [seed](uint64_t draw, double sd) {
    return std::clamp(stipple::normal(seed, 0xA7A7, 2 * draw), -2.0, 2.0) * sd;
  };
  Anatomy an;
  an.vault_mm += Vec3(vary(0, 0.9), vary(1, 2.0), vary(2, 1.2));
  an.nose_length = 1 + vary(3, 0.05), an.nose_width = 1 + vary(4, 0.06);
  an.chin = 1 + vary(5, 0.06), an.jaw_width = 1 + vary(6, 0.03), an.lips = 1 + vary(7, 0.10);
  an.brow = 1 + vary(8, 0.25), an.ear_flare = 1 + vary(9, 0.12);
  return an;
}

double distance(const Anatomy& an, const Vec3& p) {
  const Fields f = fields(an, p);
  return std::min(std::min(join(f.skin, f.ear, 4.0), f.eye), f.garment);
}

Part part_at(const Anatomy& an, const Vec3& p) {
  const Fields f = fields(an, p);
  if (f.eye < f.skin - 0.02 && f.eye < f.garment) return Part::eye;
  if (f.garment < f.skin) return Part::garment;
  return f.ear < f.skin ? Part::ear : Part::head;
}

Vec3 normal_at(const Anatomy& an, const Vec3& p) {
  constexpr double h = 0.02;
  Vec3 n = Vec3::Zero();
  for (const Vec3& k : {Vec3(1, -1, -1), Vec3(-1, -1, 1), Vec3(-1, 1, -1), Vec3(1, 1, 1)})
    n += k * distance(an, p + h * k);
  return n.normalized();
}

Vec3 eye_centre(const Anatomy& an) { return {0.5 * an.pupil_distance_mm, -8, 74.5}; }

Vec3 gaze(const Anatomy& an) {
  const double up = an.gaze_up_degrees * radians_per_degree, left = an.gaze_left_degrees * radians_per_degree;
  return {std::cos(up) * std::sin(left), std::sin(up), std::cos(up) * std::cos(left)};
}

Vec3 pupil(const Anatomy& an) { return eye_centre(an) + eyeball_radius_mm * gaze(an); }

Vec3 lateral_canthus(const Anatomy& an) { return eye_centre(an) + Vec3(12.2, 0.8, 6.0); }
Vec3 tragus(const Anatomy&) { return {72.5, -24.5, 3.0}; }
Vec3 glabella(const Anatomy&) { return {0, 14, 101}; }
Vec3 nose_tip(const Anatomy& an) { return {0, -4 - 37.5 * an.nose_length, 116.5 + 1.5 * an.nose_length}; }
Vec3 menton(const Anatomy&) { return {0, -122, 80}; }

}  // namespace stipple::phantom
