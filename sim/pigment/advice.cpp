// Tries the ladder. Based on: DOMAIN 2.3 (what practitioners choose by, too light is invisible, first session lighter),
// 4.4 (skin types by ITA).
#include "sim/pigment/advice.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numbers>
#include <vector>

#include "sim/head/skin.h"
#include "sim/pigment/ageing.h"
#include "sim/pigment/course.h"

namespace stipple {
namespace {

// Treated zones of real results under black and brown hair stand out from bare skin by at least this much; for hair as
// light as grey and blond need not.
constexpr double least_seen_delta_e = 7, light_hair = 0.35;  // luminance

double delta_e(const Rgb& a, const Rgb& b) { return (lab_of(a) - lab_of(b)).norm(); }

std::string skin_type_of(double ita_degrees) {
  static constexpr std::pair<double, const char*> types[] = {
      {55, "very light"}, {41, "light"}, {28, "intermediate"}, {10, "tan"}, {-30, "brown"}};
  for (const auto& [above, name] : types)
    if (ita_degrees > above) return name;
  return "dark";
}

struct Step {
  const Shade* shade;
  double to_fringe, to_skin;
};

std::vector<Step> steps_of(const Rgb& skin, const Rgb& fringe, double density_per_cm2, const Course& healed) {
  std::vector<Step> steps;
  for (const Shade& shade : shade_ladder()) {
    Course course = healed;
    course.params.shade_parts_water = shade.parts_water;
    const Rgb treated = skin * mean_remission(course, density_per_cm2);
    steps.push_back({&shade, delta_e(treated, skin * fringe), delta_e(treated, skin)});
  }
  return steps;
}

std::string reason_of(const ShadeAdvice& advice, const Shade& shade) {
  char text[240];
  std::snprintf(text, sizeof text,
                "shade %g:1 (%s) suits %s skin (ITA %.0f degrees): healed it differs from the client's own hair "
                "beside it by %.0f and from bare skin by %.0f (delta E); start the first session with %g:1",
                shade.parts_water, shade.name.c_str(), advice.skin_type.c_str(), advice.ita_degrees,
                advice.fringe_delta_e, advice.skin_delta_e, advice.first_session_parts_water);
  return text;
}

}  // namespace

ShadeAdvice advise_shade(const SkinColour& skin, const Fringe& fringe, double density_per_cm2,
                         const PigmentParams& params) {
  PigmentParams healed = params;
  healed.years = healed_years, healed.sessions = 3, healed.band = Band::typical;
  const std::vector<Step> steps =
      steps_of(skin.scalp, fringe.remission, density_per_cm2, course_of(healed, skin.ita_degrees));
  const double hair = fringe.hair_light * luminance(skin.scalp);
  const double least_seen = least_seen_delta_e * std::clamp(1 - hair / light_hair, 0.0, 1.0);
  // Steps run from dark to light; the darkest is seen best.
  size_t best = 0;
  for (size_t i = 1; i < steps.size(); ++i)
    if (steps[i].to_skin >= least_seen && steps[i].to_fringe < steps[best].to_fringe) best = i;
  ShadeAdvice advice;
  advice.parts_water = steps[best].shade->parts_water;
  advice.first_session_parts_water = steps[std::min(best + 1, steps.size() - 1)].shade->parts_water;
  advice.ita_degrees = skin.ita_degrees;
  advice.skin_type = skin_type_of(skin.ita_degrees);
  advice.fringe_delta_e = steps[best].to_fringe, advice.skin_delta_e = steps[best].to_skin;
  advice.reason = reason_of(advice, *steps[best].shade);
  return advice;
}

}  // namespace stipple
