// The separate fields that shape.cpp unites; internal to the phantom. `q` is mirrored to the subject's left half.
#pragma once
#include "sim/phantom/shape.h"

namespace stipple::phantom {

/// Superellipsoid of HeadModel, narrower towards the forehead, with a shallower underside.
double vault_distance(const Anatomy& anatomy, const Vec3& q);
/// Vault, face and jaw without eyeballs, ears and neck.
double head_distance(const Anatomy& anatomy, const Vec3& q);
/// Elevation of the upper and depression of the lower lid's edge over the eyeball [radians], and the slit's tilt.
Vec2 lid_angles(const Anatomy& anatomy);
inline constexpr double lid_tilt = 0.06;
/// The lids' slit: negative inside the open wedge between them.
double fissure_distance(const Anatomy& anatomy, const Vec3& q);
double ear_distance(const Anatomy& anatomy, const Vec3& q);
/// Neck and trunk before dressing, and the T-shirt over them; both in the frame of the trunk.
double trunk_distance(const Vec3& q);
double garment_distance(const Vec3& q, double trunk);
/// Head frame -> frame of the trunk: the neck bends between the jaw and the collar.
Vec3 to_trunk(const Anatomy& anatomy, const Vec3& p);

}  // namespace stipple::phantom
