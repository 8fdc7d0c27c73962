// Strict reader of the point lists in PlanParams: a wrong list is an error that names the value, never a guess.
#include "sim/plan/points.h"

#include <charconv>
#include <cmath>

#include "sim/core/error.h"

namespace stipple {
namespace {

constexpr size_t longest_list = 10'000;         // groups; nobody draws more
constexpr double farthest_coordinate_px = 1e6;  // far outside every photo

[[noreturn]] void refuse(const std::string& name, const std::string& group, size_t per_group) {
  throw Error(ErrorKind::usage, name, "\"" + group.substr(0, 60) + "\" is not " + (per_group == 2 ? "x,y" : "x,y,r"),
              per_group == 2 ? "give photo points as \"x,y x,y ...\"" : "give photo circles as \"x,y,r x,y,r ...\"");
}

std::vector<double> parse_group(const std::string& group, size_t per_group, const std::string& name) {
  std::vector<double> numbers;
  const char *at = group.data(), *const end = group.data() + group.size();
  while (true) {
    double value = 0;
    const auto [stop, status] = std::from_chars(at, end, value);
    if (status != std::errc{} || !std::isfinite(value) || std::abs(value) > farthest_coordinate_px)
      refuse(name, group, per_group);
    numbers.push_back(value);
    if (stop == end) break;
    if (*stop != ',') refuse(name, group, per_group);
    at = stop + 1;
  }
  if (numbers.size() != per_group) refuse(name, group, per_group);
  return numbers;
}

}  // namespace

std::vector<std::vector<double>> parse_groups(const std::string& text, size_t per_group, const std::string& name) {
  constexpr const char* blanks = " \t\r\n;";
  std::vector<std::vector<double>> groups;
  size_t at = text.find_first_not_of(blanks);
  while (at != std::string::npos) {
    const size_t end = std::min(text.find_first_of(blanks, at), text.size());
    groups.push_back(parse_group(text.substr(at, end - at), per_group, name));
    if (groups.size() > longest_list)
      throw Error(ErrorKind::usage, name, "has more than " + std::to_string(longest_list) + " entries", "draw fewer");
    at = text.find_first_not_of(blanks, end);
  }
  return groups;
}

std::vector<Vec2> parse_points(const std::string& text, size_t at_least, const std::string& name) {
  std::vector<Vec2> points;
  for (const auto& group : parse_groups(text, 2, name)) points.emplace_back(group[0], group[1]);
  if (!points.empty() && points.size() < at_least)
    throw Error(ErrorKind::usage, name,
                "has " + std::to_string(points.size()) + (points.size() == 1 ? " point" : " points"),
                "give at least " + std::to_string(at_least));
  return points;
}

}  // namespace stipple
