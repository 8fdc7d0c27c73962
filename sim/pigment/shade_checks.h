// Rule checks of what is put into the skin, beside those of where (sim/plan/checks.h).
#pragma once
#include <vector>

#include "sim/pigment/advice.h"
#include "sim/plan/plan.h"

namespace stipple {

/// The treatment as it heals.
struct ShadeChoice {
  const SkinColour& skin;
  const PigmentParams& pigment;  // with a shade
  double density_per_cm2 = 0;
  const ShadeAdvice& advice;
  std::optional<Fringe> seam;  // the client's own hair, where the treated area has to pass for it
};

/// Dots that are too big or cover too much, a shade too dark for the skin, a seam to the client's own hair.
std::vector<RuleCheck> shade_checks(const ShadeChoice& choice);

/// Share 0..1 of the skin that lies under healed dots of this diameter, at random places.
double healed_cover(double density_per_cm2, double dot_diameter_mm);

}  // namespace stipple
