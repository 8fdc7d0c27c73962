// The sculpted head and shoulders of a synthetic client as one signed distance field in the head frame of HeadModel.
#pragma once
#include <cstdint>

#include "sim/core/math.h"

namespace stipple::phantom {

/// Sizes of one client; defaults are the male means of DOMAIN 5.1. All in mm or degrees.
struct Anatomy {
  Vec3 vault_mm{77.0, 108.0, 100.0};  // half breadth, origin to vertex, half length
  double exponent = 2.3;              // of the vault's horizontal section (DOMAIN 5.3)
  double pupil_distance_mm = 64.0;
  double nose_length = 1.0, nose_width = 1.0, chin = 1.0, jaw_width = 1.0, lips = 1.0, brow = 1.0, ear_flare = 1.0;
  double bow_degrees = 0;      // how far the head nods relative to the shoulders
  double gaze_up_degrees = 0;  // eyes relative to the head
  double gaze_left_degrees = 0;
  bool operator==(const Anatomy&) const = default;
};

/// Small individual variation around the means (a third of a standard deviation of DOMAIN 5.1); the pupil distance
/// stays at 64 mm so that pictures of any seed share one scale.
Anatomy anatomy_of(uint64_t seed);

enum class Part : uint8_t { none, head, ear, eye, garment };

/// Signed distance to the nearest surface, negative inside; never more than the true distance by over 10 %.
double distance(const Anatomy& anatomy, const Vec3& p_mm);
/// Which part the surface nearest to p belongs to.
Part part_at(const Anatomy& anatomy, const Vec3& p_mm);
/// Outward unit normal by central differences of the field over 0.04 mm.
Vec3 normal_at(const Anatomy& anatomy, const Vec3& p_mm);

/// Named points of the head. x is positive on the subject's left; mirror it for the right.
Vec3 eye_centre(const Anatomy& anatomy);
Vec3 pupil(const Anatomy& anatomy);
Vec3 gaze(const Anatomy& anatomy);
inline constexpr double eyeball_radius_mm = 12.0, iris_radius_mm = 5.85;
Vec3 lateral_canthus(const Anatomy& anatomy);
Vec3 tragus(const Anatomy& anatomy);
Vec3 glabella(const Anatomy& anatomy);
Vec3 nose_tip(const Anatomy& anatomy);
Vec3 menton(const Anatomy& anatomy);

}  // namespace stipple::phantom
