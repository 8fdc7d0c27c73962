// What all that leaves the room has in common: its inks, its words for time, and what it says about itself.
#pragma once
#include <string>

#include "sim/consult/canvas.h"

namespace stipple {

namespace page_ink {
inline constexpr Ink paper = ink(0xFFFFFF), dark = ink(0x26231F), muted = ink(0x7D766C), rule = ink(0xDCD6CC),
                     tint = ink(0xF5F2ED), warning = ink(0xB4532A), accent = ink(0x3E6B62);
}

/// Stands on every sheet, film and page.
inline constexpr const char* disclaimer = "Simulation \xE2\x80\x93 results vary";

/// A time since the last session: "Same day", "3 weeks", "1 year 3 months".
std::string date_caption(double years);

}  // namespace stipple
