// Which shade a practitioner would mix for this client.
#pragma once
#include <string>

#include "sim/head/head.h"
#include "sim/pigment/pigment.h"

namespace stipple {

/// The client's own hair beside the treated area, as it will be worn.
struct Fringe {
  Rgb remission{1, 1, 1};  // its mean light against the bare skin under it
  double hair_light = 1;   // luminance of a single hair against that skin; 1 and above is white hair
};

struct ShadeAdvice {
  double parts_water = usual_parts_water;       // a step of shade_ladder()
  double first_session_parts_water = 30;        // one step lighter
  double ita_degrees = 0;                       // of the skin
  std::string skin_type;                        // "very light" .. "dark" by ITA (DOMAIN 4.4)
  double fringe_delta_e = 0, skin_delta_e = 0;  // CIE76 of the healed area to the fringe, to bare skin
  std::string reason;                           // to say aloud
};

/// The step whose healed area differs least from the fringe, among those that are seen on this skin at all: in real
/// results the treated zone stands out by 7 or more, and by less only where the client's hair is light too.
ShadeAdvice advise_shade(const SkinColour& skin, const Fringe& fringe, double density_per_cm2,
                         const PigmentParams& params);

}  // namespace stipple
