// The shade ladder: parts of water to one part of pigment in equal ratios, which the eye reads as equal steps because
// absorbed light grows like the logarithm of the pigment once dots are dark in the middle. Based on: DOMAIN 2.3.
#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>

#include "sim/core/error.h"
#include "sim/pigment/pigment.h"

namespace stipple {
namespace {

/// Names compare without case, blanks, hyphens and underscores.
std::string key_of(const std::string& name) {
  std::string key;
  for (const char c : name)
    if (std::isalnum(static_cast<unsigned char>(c)))
      key += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return key;
}

}  // namespace

const std::vector<Shade>& shade_ladder() {
  static const std::vector<Shade> ladder{{"black", 4},         {"soft black", 6},      {"dark brown", 9},
                                         {"medium brown", 13}, {"light brown", 20},    {"dark blond", 30},
                                         {"blond", 45},        {"salt-and-pepper", 60}};
  return ladder;
}

double shade_by_name(const std::string& name) {
  double parts = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), parts);
  if (error == std::errc() && end == name.data() + name.size() && std::isfinite(parts) && parts >= 3 && parts <= 80)
    return parts;
  for (const Shade& shade : shade_ladder())
    if (key_of(shade.name) == key_of(name)) return shade.parts_water;
  std::string choices;
  for (const Shade& shade : shade_ladder()) choices += (choices.empty() ? "" : ", ") + shade.name;
  throw Error(ErrorKind::usage, "shade \"" + name.substr(0, 60) + "\"", "is not known",
              "give parts of water from 3 to 80, or one of: " + choices);
}

}  // namespace stipple
