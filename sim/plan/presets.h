// The named hairlines as tables: shape in shares and mm, softness of the edge.
#pragma once
#include <array>

#include "sim/plan/plan.h"

namespace stipple {

/// How far the front line has receded at set shares of the way from the midline to the fronto-temporal apex.
inline constexpr std::array<double, 6> recession_stations{0.12, 0.25, 0.5, 0.75, 0.9, 1.0};

struct HairlinePreset {
  Hairline name;
  std::array<double, 6> recession;  // 0..1 of the apex' recession, at recession_stations
  double recession_offset_mm;       // added to PlanParams::temple_recession_mm
  double temple_depth_mm;           // how far the temple bays back between apex and temporal peak
  double transition_factor;         // times PlanParams::transition_mm
  double edge_density_factor;       // times PlanParams::edge_density_per_cm2
  double irregularity_factor;       // times PlanParams::irregularity_mm
  double scatter_mm;                // single dots before the line
};

const HairlinePreset& preset_of(Hairline name);

/// Softness that the finished edge has: parameters times preset.
struct EdgeProfile {
  double scatter_mm, transition_mm, edge_density_per_cm2;
};
EdgeProfile edge_profile(const PlanParams& params);
double effective_recession_mm(const PlanParams& params);
double effective_irregularity_mm(const PlanParams& params);

}  // namespace stipple
