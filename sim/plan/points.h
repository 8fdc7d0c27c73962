// Points, circles and polygons as people type them: "x,y x,y ..." in photo px.
#pragma once
#include <string>
#include <vector>

#include "sim/core/math.h"

namespace stipple {

/// Groups of `per_group` finite numbers separated by commas; groups separated by blanks or semicolons. "" gives none.
/// Throws Error{usage} with `name` as subject for anything else.
std::vector<std::vector<double>> parse_groups(const std::string& text, size_t per_group, const std::string& name);
/// Points "x,y ...": none, or at least `at_least`; throws Error{usage} otherwise.
std::vector<Vec2> parse_points(const std::string& text, size_t at_least, const std::string& name);

}  // namespace stipple
