// Each parameter is declared once, beside its struct; JSON, command line, sliders, tooltips and tests read that
// declaration.
//
//   struct DotParams {
//     double dot_diameter_mm = 0.13;
//     bool operator==(const DotParams&) const = default;
//     template <class P, class V> static void fields(P& p, V&& visit) {
//       visit(number("dot_diameter", "mm", 0.05, 0.5, "Healed diameter of one dot."), p.dot_diameter_mm);
//     }
//   };
//
// Values are double, int, uint64_t, bool, std::string, or an enum whose `choices` are its enumerators from 0 up, in
// order.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace stipple {

struct FieldInfo {
  std::string_view key;                            // snake_case, unique within its struct, stable across versions
  std::string_view unit;                           // "" where there is none
  double min = 0, max = 0;                         // inclusive; meaningless for text, flags and choices
  std::string_view help;                           // one sentence for people
  std::span<const std::string_view> choices = {};  // names of an enum's enumerators from 0 up
  bool automatic = false;                          // 0, written "auto", is allowed too: the engine chooses
};

constexpr FieldInfo number(std::string_view key, std::string_view unit, double min, double max, std::string_view help) {
  return {key, unit, min, max, help, {}, false};
}
/// A number from a range that does not hold 0, or 0 ("auto") for what the engine advises.
constexpr FieldInfo number_or_auto(std::string_view key, std::string_view unit, double min, double max,
                                   std::string_view help) {
  return {key, unit, min, max, help, {}, true};
}
constexpr FieldInfo flag(std::string_view key, std::string_view help) { return {key, "", 0, 1, help, {}, false}; }
constexpr FieldInfo text(std::string_view key, std::string_view help) { return {key, "", 0, 0, help, {}, false}; }
constexpr FieldInfo choice(std::string_view key, std::span<const std::string_view> choices, std::string_view help) {
  return {key, "", 0, 0, help, choices, false};
}

/// Visits every field of a parameter struct as visit(FieldInfo, value&).
template <class P, class V>
void for_each_field(P& params, V&& visit) {
  std::remove_const_t<P>::fields(params, visit);
}

}  // namespace stipple
