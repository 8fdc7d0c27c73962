#include "sim/head/strokes.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <locale>
#include <sstream>

namespace stipple {
namespace {

constexpr double farthest_px = 1e6;  // far outside every photo

/// "x,y" with nothing after it, each within `reach` of `middle`.
std::optional<Vec2> parse_pair(const std::string& word, double middle, double reach) {
  std::istringstream in(word);
  in.imbue(std::locale::classic());
  double x = 0, y = 0;
  char comma = 0;
  if (!(in >> x >> comma >> y) || comma != ',' || in.peek() != std::istringstream::traits_type::eof()) return {};
  if (!(std::abs(x - middle) <= reach && std::abs(y - middle) <= reach)) return {};
  return Vec2(x, y);
}

/// "0.01" or "12px".
bool parse_radius(std::string word, BrushLine& line) {
  line.in_px = word.ends_with("px");
  if (line.in_px) word.resize(word.size() - 2);
  std::istringstream in(word);
  in.imbue(std::locale::classic());
  if (!(in >> line.radius) || in.peek() != std::istringstream::traits_type::eof()) return false;
  return line.radius > 0 && line.radius <= (line.in_px ? farthest_px : 0.5);
}

BrushLine parse_line(const std::string& part, const char* key, const char* remedy) {
  std::istringstream in(part);
  std::string radius, word;
  BrushLine line;
  in >> line.word >> radius;
  if (!in || !parse_radius(radius, line)) throw unusable(key, part, remedy);
  while (in >> word) {
    const std::optional<Vec2> place = line.in_px ? parse_pair(word, 0, farthest_px) : parse_place(word);
    if (!place) throw unusable(key, word, remedy);
    line.points.push_back(*place);
  }
  if (line.points.empty()) throw unusable(key, part, remedy);
  return line;
}

}  // namespace

std::vector<BrushLine> parse_brush_lines(const std::string& text, const char* key, const char* remedy) {
  std::vector<BrushLine> lines;
  size_t points = 0;
  for (const std::string& part : parts_of(text)) {
    lines.push_back(parse_line(part, key, remedy));
    points += lines.back().points.size();
    if (points > most_stroke_points) throw unusable(key, part, "draw fewer strokes");
  }
  return lines;
}

std::string format_brush_lines(const std::vector<BrushLine>& lines) {
  std::string text;
  char number[48];
  for (const BrushLine& line : lines) {
    std::snprintf(number, sizeof number, line.in_px ? " %.1fpx" : " %.5f", line.radius);
    text.append(text.empty() ? "" : "; ").append(line.word).append(number);
    for (const Vec2& at : line.points) {
      std::snprintf(number, sizeof number, "%.1f,%.1f", at.x(), at.y());
      text.append(" ").append(line.in_px ? number : format_place(at));
    }
  }
  return text;
}

std::optional<Vec2> parse_place(const std::string& word) { return parse_pair(word, 0.5, 1.5); }

std::string format_place(const Vec2& at) {
  char text[40];
  std::snprintf(text, sizeof text, "%.4f,%.4f", at.x(), at.y());
  return text;
}

std::vector<std::string> parts_of(const std::string& text) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, ';');)
    if (part.find_first_not_of(" \t\n") != part.npos) parts.push_back(part);
  return parts;
}

Error unusable(const char* key, const std::string& part, const char* remedy) {
  const std::string quoted = std::string("\"").append(part, 0, 40).append("\"");
  return {ErrorKind::usage, key, quoted + " cannot be used", remedy};
}

}  // namespace stipple
