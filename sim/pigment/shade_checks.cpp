// Measures the healed treatment against the limits of good practice and words what to say.
// Based on: DOMAIN 0 (healed dots), 1.3 (cover of stubble and of dots), 2.3 (shades), 2.5 (what looks fake).
#include "sim/pigment/shade_checks.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sim/head/skin.h"
#include "sim/pigment/ageing.h"
#include "sim/pigment/course.h"

namespace stipple {
namespace {

constexpr double largest_dot_mm = 0.25;  // upper end of healed dots
constexpr double most_cover = 0.08;      // of 0.5 mm stubble lying flat; 0.14 reads as paint
// Judgement: beside each other on one head, a difference half as large as that of a treated area to bare skin (7).
constexpr double largest_seam_delta_e = 3.5;

/// The ladder's next darker step.
double one_step_darker(double parts_water) {
  double darker = shade_ladder().front().parts_water;
  for (const Shade& shade : shade_ladder())
    if (shade.parts_water < 0.95 * parts_water) darker = shade.parts_water;
  return darker;
}

/// CIE76 of the healed area to the hair that it ends at.
double seam_delta_e(const ShadeChoice& choice) {
  PigmentParams healed = choice.pigment;
  healed.years = healed_years, healed.sessions = 3, healed.band = Band::typical;
  const Rgb treated =
      choice.skin.scalp * mean_remission(course_of(healed, choice.skin.ita_degrees), choice.density_per_cm2);
  return (lab_of(treated) - lab_of(choice.skin.scalp * choice.seam->remission)).norm();
}

}  // namespace

double healed_cover(double density_per_cm2, double dot_diameter_mm) {
  return -std::expm1(-density_per_cm2 / 100 * std::numbers::pi / 4 * dot_diameter_mm * dot_diameter_mm);
}

std::vector<RuleCheck> shade_checks(const ShadeChoice& choice) {
  std::vector<RuleCheck> checks;
  const PigmentParams& pigment = choice.pigment;
  if (pigment.dot_diameter_mm > largest_dot_mm)
    checks.push_back(
        {"dots_too_big", Severity::warning, pigment.dot_diameter_mm, largest_dot_mm, "mm",
         "These dots are wider than a shaved hair ever looks. Up close they read as freckles, and over the "
         "years they run together; use a finer needle and less pressure."});
  if (const double cover = healed_cover(choice.density_per_cm2, pigment.dot_diameter_mm); cover > most_cover)
    checks.push_back({"too_much_cover", Severity::warning, 100 * cover, 100 * most_cover, "% of the skin",
                      "The dots would cover more of the skin than a shaved head's own stubble does. That looks like "
                      "paint; make the dots smaller or leave more room between them."});
  if (const double darkest = one_step_darker(choice.advice.parts_water);
      pigment.shade_parts_water < 0.95 * darkest && darkest < choice.advice.parts_water)
    checks.push_back({"too_dark", Severity::warning, pigment.shade_parts_water, darkest, "parts water",
                      "This is more than one step darker than suits the skin and the hair beside it. Too light can be "
                      "deepened at the next session; too dark heals bluish, and only a laser takes it away."});
  if (choice.seam)
    if (const double seam = seam_delta_e(choice); seam > largest_seam_delta_e)
      checks.push_back({"colour_seam", Severity::advice, seam, largest_seam_delta_e, "delta E",
                        "Where the treated area meets the client's own shaved hair, the two would differ enough to be "
                        "seen. Choose the shade nearest to the sides, or blend in over a wider zone."});
  return checks;
}

}  // namespace stipple
