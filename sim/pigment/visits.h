// When pigment is put into the skin: the sessions of the course, and the touch-ups of later years.
#pragma once
#include <vector>

#include "sim/field/field.h"
#include "sim/pigment/pigment.h"

namespace stipple {

/// Day of a session (1..3) counted from the first one that is dated; where fewer are dated, the others follow every
/// 14 days.
double session_day(const PigmentParams& params, int session);

/// Pigment that was put in together, at params.years.
struct Layer {
  double age_years = 0;
  double share = 1;  // of the whole course
};
/// The course as the age of its last session, then each touch-up done by then.
std::vector<Layer> layers_of(const PigmentParams& params);

/// A dot that the needle set, and how long ago.
struct PlacedDot {
  const Dot* dot;
  double age_years;
};
/// The dots of the sessions done, then those of each touch-up: the needle goes into a share of the faded dots again,
/// evenly spread, other ones each time until all have had their turn.
std::vector<PlacedDot> placed_dots(const Field& field, const PigmentParams& params);

}  // namespace stipple
