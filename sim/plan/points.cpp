// Strict reader of the point lists in PlanParams: a wrong list is an error that names the value, never a guess.
#include "sim/plan/points.h"

#include <charconv>
#include <cmath>
#include <optional>

#include "sim/core/error.h"

namespace stipple {
namespace {

constexpr size_t longest_list = 10'000;         // points; nobody draws more
constexpr double farthest_coordinate_px = 1e6;  // far outside every photo

/// The number at `at`, which then stands behind it.
std::optional<double> parse_coordinate(const char*& at, const char* end) {
  double value = 0;
  const auto [stop, status] = std::from_chars(at, end, value);
  if (status != std::errc{} || !std::isfinite(value) || std::abs(value) > farthest_coordinate_px) return {};
  at = stop;
  return value;
}

Vec2 parse_point(const std::string& word, const std::string& name) {
  const char *at = word.data(), *const end = at + word.size();
  const std::optional<double> x = parse_coordinate(at, end);
  const bool comma = at < end && *at == ',';
  if (comma) ++at;
  const std::optional<double> y = parse_coordinate(at, end);
  if (x && comma && y && at == end) return {*x, *y};
  throw Error(ErrorKind::usage, name, "\"" + word.substr(0, 60) + "\" is not x,y",
              "give photo points as \"x,y x,y ...\"");
}

}  // namespace

std::vector<Vec2> parse_points(const std::string& text, size_t at_least, const std::string& name) {
  constexpr const char* blanks = " \t\r\n;";
  std::vector<Vec2> points;
  size_t at = text.find_first_not_of(blanks);
  while (at != std::string::npos) {
    const size_t end = std::min(text.find_first_of(blanks, at), text.size());
    points.push_back(parse_point(text.substr(at, end - at), name));
    if (points.size() > longest_list)
      throw Error(ErrorKind::usage, name, "has more than " + std::to_string(longest_list) + " entries", "draw fewer");
    at = text.find_first_not_of(blanks, end);
  }
  if (!points.empty() && points.size() < at_least)
    throw Error(ErrorKind::usage, name,
                "has " + std::to_string(points.size()) + (points.size() == 1 ? " point" : " points"),
                "give at least " + std::to_string(at_least));
  return points;
}

}  // namespace stipple
