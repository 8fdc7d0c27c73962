// All choices of a consultation in one value: what a project file stores and the command line sets.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "sim/field/field.h"
#include "sim/head/head.h"
#include "sim/pigment/pigment.h"
#include "sim/plan/plan.h"
#include "sim/shave/shave.h"

namespace stipple {

struct Settings {
  HeadParams head;
  ShaveParams shave;
  PlanParams plan;
  FieldParams field;
  PigmentParams pigment;
  bool operator==(const Settings&) const = default;
};

/// Visits every struct as visit("head", settings.head) and so on; keys of fields are unique across all of them.
template <class S, class V>
void for_each_group(S& settings, V&& visit) {
  visit("head", settings.head);
  visit("shave", settings.shave);
  visit("plan", settings.plan);
  visit("field", settings.field);
  visit("pigment", settings.pigment);
}

/// What belongs to the pixels of one photo. All else is chosen once for every photo of a client.
struct Places {
  HeadParams head;  // but for the parser, which is the same for all
  std::string line_points, zone, painted_density;
  bool operator==(const Places&) const = default;
};
Places places_of(const Settings& settings);
Settings with_places(Settings settings, const Places& places);

/// One declared value from text and back, for any parameter struct. Throws Error{usage} naming the key and its range or
/// choices: NaN, infinities, fractions of whole numbers and text that is not UTF-8 are refused. Lists
/// (std::vector<double>, declared by the range of each number) are numbers between commas, kept in ascending order,
/// each once.
template <class T>
void set_field(T& value, std::string_view written, const FieldInfo& info);
template <class T>
std::string field_text(const T& value, const FieldInfo& info);
/// "5 to 300 1/cm2", "shaven, density, ..." or "text": what may be given.
template <class T>
std::string field_span(const FieldInfo& info);

/// "key=value" by field key ("shade" also takes the names of shade_ladder()); throws Error{usage} naming the key, its
/// range or choices, or the nearest known keys.
void set_value(Settings& settings, const std::string& key, const std::string& value);
std::string get_value(const Settings& settings, const std::string& key);

nlohmann::json to_json(const Settings& settings);
/// Unknown keys are ignored (a later version may have written them) and listed in `unknown`; wrong types and values out
/// of range throw Error{unreadable} with `name` as subject.
Settings settings_from_json(const nlohmann::json& json, const std::string& name,
                            std::vector<std::string>* unknown = nullptr);

/// The `count` names that are most like `wanted`, nearest first: for "did you mean".
std::vector<std::string> nearest_names(const std::string& wanted, std::vector<std::string> names, size_t count);

/// One line per field: key, unit, range, default, help.
std::string describe_settings();

/// What the templates above stand on: numbers, flags (0, 1) and choices (their index) as a double; lists and text as
/// they are.
enum class FieldKind { number, whole, flag, choice, list, text };
double number_from_text(FieldKind kind, std::string_view written, const FieldInfo& info);
std::vector<double> list_from_text(std::string_view written, const FieldInfo& info);
std::string list_text(const std::vector<double>& values);
std::string checked_text(std::string_view written, const FieldInfo& info);
std::string number_text(FieldKind kind, double value, const FieldInfo& info);
std::string span_text(FieldKind kind, const FieldInfo& info);

template <class T>
FieldKind field_kind(const FieldInfo& info) {
  if constexpr (std::is_same_v<T, std::string>) return FieldKind::text;
  if constexpr (std::is_same_v<T, std::vector<double>>) return FieldKind::list;
  if constexpr (std::is_same_v<T, bool>) return FieldKind::flag;
  if (!info.choices.empty()) return FieldKind::choice;
  return std::is_integral_v<T> ? FieldKind::whole : FieldKind::number;
}

template <class T>
void set_field(T& value, std::string_view written, const FieldInfo& info) {
  if constexpr (std::is_same_v<T, std::string>)
    value = checked_text(written, info);
  else if constexpr (std::is_same_v<T, std::vector<double>>)
    value = list_from_text(written, info);
  else
    value = static_cast<T>(number_from_text(field_kind<T>(info), written, info));
}

template <class T>
std::string field_text(const T& value, const FieldInfo& info) {
  if constexpr (std::is_same_v<T, std::string>)
    return value;
  else if constexpr (std::is_same_v<T, std::vector<double>>)
    return list_text(value);
  else
    return number_text(field_kind<T>(info), static_cast<double>(value), info);
}

template <class T>
std::string field_span(const FieldInfo& info) {
  return span_text(field_kind<T>(info), info);
}

}  // namespace stipple
