// Ways to look at a result beside the photo itself.
#pragma once
#include <string>

#include "sim/photo/photo.h"

namespace stipple {

/// What the treatment changes, and how much: the photo in pale grey with the darkened skin coloured over it, stronger
/// where more light is taken. 8 bit.
Photo changes(const Photo& before, const Photo& after);

/// As an eye of normal sharpness sees it from `distance_m` away (0.1 to 20): nothing finer than a minute of arc.
/// `px_per_mm` of the photo at the head.
Photo seen_from(const Photo& photo, double distance_m, double px_per_mm);

/// "photo", "changes", or a distance as in "0.5m".
struct Look {
  enum Kind { photo, changes, distance } kind = photo;
  double distance_m = 0;
};
/// Throws Error{usage} for anything else.
Look look_by_name(const std::string& name);
/// "What changes", "Seen from 3 m"; "" for the photo.
std::string look_caption(const Look& look);

}  // namespace stipple
