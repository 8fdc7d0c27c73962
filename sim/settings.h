// All choices of a consultation in one value: what a project file stores and the command line sets.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "sim/field/field.h"
#include "sim/head/head.h"
#include "sim/pigment/pigment.h"
#include "sim/plan/plan.h"

namespace stipple {

struct Settings {
  HeadParams head;
  PlanParams plan;
  FieldParams field;
  PigmentParams pigment;
  bool operator==(const Settings&) const = default;
};

/// Visits every struct as visit("head", settings.head) and so on; keys of fields are unique across all of them.
template <class S, class V>
void for_each_group(S& settings, V&& visit) {
  visit("head", settings.head);
  visit("plan", settings.plan);
  visit("field", settings.field);
  visit("pigment", settings.pigment);
}

/// "key=value" by field key; throws Error{usage} naming the key, its range or choices, or the nearest known keys.
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

}  // namespace stipple
