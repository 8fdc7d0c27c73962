// Points and polygons as people type them: "x,y x,y ..." in photo px.
#pragma once
#include <string>
#include <vector>

#include "sim/core/math.h"

namespace stipple {

/// Finite numbers "x,y" separated by blanks or semicolons: none, or at least `at_least` points. Throws Error{usage}
/// with `name` as subject for anything else.
std::vector<Vec2> parse_points(const std::string& text, size_t at_least, const std::string& name);

}  // namespace stipple
