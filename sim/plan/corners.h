// The fronto-temporal corners of a line, as a consultant speaks of them (DOMAIN 1.4).
#pragma once
#include <vector>

#include "sim/plan/hairline.h"

namespace stipple {

/// The corner must stay an angle, above the outer corner of the eye. By how much no source says: an angle of 145
/// degrees and 10 degrees (about 14 mm) beside the vertical are judgements.
inline constexpr double widest_corner_degrees = 145, largest_lean_degrees = 10;

/// Corners that face the camera well enough to be measured, the subject's right one first. A preset's corner is where
/// the preset puts it; of a line drawn by hand it is the sharpest place near there.
std::vector<TempleCorner> corners_of(const Head& head, const Anatomy& anatomy, const Hairline3d& line);

}  // namespace stipple
