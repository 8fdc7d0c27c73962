// The standard head: where landmarks and the border between face and scalp lie in the head frame. DOMAIN 1.4, 5.1, 5.3.
#pragma once
#include <vector>

#include "sim/head/head.h"

namespace stipple {

inline const Vec3 standard_semi_axes_mm{77.0, 108.0, 100.0};  // DOMAIN 5.3, men; SD 2.7, 4.5, 3.5

/// Position on the standard head [mm, head frame] and how far it varies between people (1 SD, mm per axis).
struct LandmarkAnatomy {
  Vec3 head_mm;
  double sd_mm;
};
LandmarkAnatomy landmark_anatomy(Landmark landmark);

/// Polar angle [radians from +y] at which the scalp ends, at an azimuth [radians, 0 = +z, signs alike]. A mature
/// hairline in front, down the temple, over the ear and along the nape.
double scalp_end_polar(double azimuth);

/// Where a point of a head's surface lies against that border, its axes brought to the standard head's.
struct BorderPlace {
  double above_mm = 0;  // of skin; negative on face and neck
  double azimuth = 0;   // radians, 0 = +z, both sides alike
};
BorderPlace border_place(const HeadModel& model, const Vec3& head_mm);

/// A point of the standard head's surface and its distance from that border [mm]: positive on the scalp, within
/// +-limit.
struct BorderSample {
  Vec3 head_mm;
  double scalp_mm;
  Vec3 across;  // unit tangent at right angles to the border
};
/// `count` points spread evenly over the surface down to `max_polar`; symmetric in x.
std::vector<BorderSample> border_samples(int count, double max_polar, double limit_mm);

}  // namespace stipple
