// Lines drawn with a round brush, as text: "WORD RADIUS x,y x,y ...; WORD RADIUS ...", where the word says what the
// brush does. Radius and places are shares of the photo (of its longer side, of width and height), so that they fit
// every size of it; with the radius written as "12px" they are the photo's own pixels.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "sim/core/error.h"
#include "sim/core/math.h"

namespace stipple {

struct BrushLine {
  std::string word;
  double radius = 0.01;  // > 0; a share is at most 0.5
  bool in_px = false;
  std::vector<Vec2> points;  // at least one; shares lie within -1..2
  bool operator==(const BrushLine&) const = default;
};

inline constexpr size_t most_stroke_points = 20'000;  // of all lines together

/// Throws Error{usage} with `key` as subject and `remedy` for anything else.
std::vector<BrushLine> parse_brush_lines(const std::string& text, const char* key, const char* remedy);
std::string format_brush_lines(const std::vector<BrushLine>& lines);

/// "0.4,0.5" as a share of the photo; nothing for other text and for places far outside.
std::optional<Vec2> parse_place(const std::string& word);
std::string format_place(const Vec2& at);
/// Parts between semicolons that hold more than blanks.
std::vector<std::string> parts_of(const std::string& text);
/// KEY: "PART" cannot be used; REMEDY
Error unusable(const char* key, const std::string& part, const char* remedy);

}  // namespace stipple
