// Tables of the named hairlines. Based on: styles and edge structure in DOMAIN 1.4, 2.4 (convex adult line, transition
// zone of 5-10 mm, broken or defined edge); the shares themselves are judged on overlays of real heads.
#include "sim/plan/presets.h"

#include <algorithm>

namespace stipple {
namespace {

constexpr std::array<HairlinePreset, 8> presets{{
    // name                   0.12   0.25  0.5   0.75  0.9   1    recede temple trans edge irreg scatter
    {Hairline::natural, {0.012, 0.05, 0.20, 0.52, 0.80, 1}, 0, 5, 1.0, 1.0, 1.0, 1.0},
    {Hairline::soft, {0.015, 0.06, 0.23, 0.56, 0.83, 1}, 1, 5, 1.6, 0.7, 1.3, 3.0},
    {Hairline::defined, {0.010, 0.04, 0.17, 0.48, 0.76, 1}, -2, 4, 0.6, 1.6, 0.5, 0.4},
    {Hairline::edge_up, {0.008, 0.03, 0.15, 0.44, 0.72, 1}, -6, 1, 0.2, 3.0, 0.15, 0.2},
    {Hairline::widows_peak, {0.15, 0.25, 0.38, 0.62, 0.84, 1}, 4, 6, 0.9, 1.0, 0.8, 0.8},
    {Hairline::mature, {0.015, 0.07, 0.26, 0.60, 0.85, 1}, 8, 7, 1.1, 0.9, 1.0, 1.2},
    {Hairline::rounded, {0.020, 0.10, 0.38, 0.76, 0.94, 1}, -5, 6, 1.2, 0.9, 1.0, 1.0},
    {Hairline::follow, {0.012, 0.05, 0.20, 0.52, 0.80, 1}, 0, 5, 1.0, 1.0, 1.0, 1.0},
}};

}  // namespace

const HairlinePreset& preset_of(Hairline name) { return presets[static_cast<size_t>(name)]; }

EdgeProfile edge_profile(const PlanParams& params) {
  const HairlinePreset& preset = preset_of(params.hairline);
  return {preset.scatter_mm, preset.transition_factor * params.transition_mm,
          std::min(preset.edge_density_factor * params.edge_density_per_cm2, params.density_per_cm2)};
}

double effective_recession_mm(const PlanParams& params) {
  return std::max(0.0, params.temple_recession_mm + preset_of(params.hairline).recession_offset_mm);
}

double effective_irregularity_mm(const PlanParams& params) {
  return params.irregularity_mm * preset_of(params.hairline).irregularity_factor;
}

}  // namespace stipple
