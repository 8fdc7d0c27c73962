// What all dots of one course share, and one dot of it in the skin.
#pragma once
#include "sim/pigment/footprint.h"
#include "sim/pigment/pigment.h"
#include "sim/pigment/profile.h"

namespace stipple {

struct Course {
  PigmentParams params;  // with a shade
  PigmentProfile pigment;
  double tau_years = 7.5;
  double band = 1;  // visible pigment against the typical course, touch-ups included
};

/// Throws Error{usage} for an unknown pigment or values out of range.
Course course_of(const PigmentParams& params, double ita_degrees);

/// One dot in the skin, before it is seen.
struct SkinDot {
  SkinFootprint footprint;
  double depth_mm = 0;
  double age_years = 0;
};
SkinDot dot_in_skin(const Course& course, const Dot& dot, double age_years);

/// Share of the remitted light that has been below this depth.
Rgb below_share(double depth_mm);
/// Extinction of pigment of that age; the mass of dots carries the pace of carbon's fading.
Rgb extinction_at(const Course& course, double age_years);
/// Mean extinction of all that is in the skin at the course's time, by its darkness.
Rgb extinction_of(const Course& course);
/// Deposit::wash for skin this red.
Rgb wash_of(const Rgb& extinction, double redness);

/// Mean of the light that skin with `density_per_cm2` of the course's dots sends back, against bare skin, touch-ups
/// left out: what the composite draws at any scale, without drawing it. Good to 0.04 for healed work; fresh, dark and
/// dense dots stand more evenly than at random and take more.
Rgb mean_remission(const Course& course, double density_per_cm2);

}  // namespace stipple
