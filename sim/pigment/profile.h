// Pigments by what they are made of, from assets/pigments.json.
#pragma once
#include <string>
#include <vector>

#include "sim/core/math.h"

namespace stipple {

struct PigmentComponent {
  double share = 1;  // of the colour at healing; shares sum to 1
  Rgb extinction{1, 1, 1};
  double tau_factor = 1;  // time constant of its fade against carbon's
};

struct PigmentProfile {
  std::string name, title, note;
  std::vector<PigmentComponent> components;
  double depth_mm = 0;  // deeper than carbon by this
  double growth_factor = 1;
};

/// Throws Error{usage} for a name that is not in the file (naming the choices), Error{unreadable} for a damaged file.
PigmentProfile read_pigment(const std::string& name);
/// The same from the text of a file; `file` stands for it in messages.
PigmentProfile parse_pigment(const std::string& json, const std::string& name, const std::string& file);

}  // namespace stipple
