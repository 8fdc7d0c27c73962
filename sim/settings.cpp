// Reads and writes parameters through their declarations: text for the command line, JSON for files, help for people.
// No parameter is named here; a field declared in its struct is known everywhere.
#include "sim/settings.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>
#include <sstream>

#include "sim/core/error.h"

namespace stipple {
namespace {

using nlohmann::json;

constexpr std::string_view automatic_name = "auto";
constexpr size_t longest_list = 12;

/// The shortest text that reads back as the same value, whatever the locale.
template <class T>
std::string shortest(T value) {
  char buffer[32];
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr};
}

template <class Names>
std::string join(const Names& names) {
  std::string out;
  for (const auto& name : names) out.append(out.empty() ? "" : ", ").append(name);
  return out;
}

/// Foreign text as it may stand in a message: one line, not long.
std::string clipped(std::string_view written) {
  std::string out(written.substr(0, 60));
  std::replace_if(
      out.begin(), out.end(), [](unsigned char c) { return c < 32 || c == 127; }, '?');
  return written.size() > 60 ? out + "..." : out;
}

/// Levenshtein's distance over two rows.
size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t substituted = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({substituted, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

std::string range_text(const FieldInfo& info) {
  return shortest(info.min) + " to " + shortest(info.max) + (info.unit.empty() ? "" : " " + std::string(info.unit)) +
         (info.automatic ? " or auto" : "");
}

/// Where a bad value came from decides the kind of error: 2 for an option, 3 for a file.
struct Origin {
  ErrorKind kind = ErrorKind::usage;
  std::string subject = {};  // "" uses the key alone
  Error error(const FieldInfo& info, const std::string& problem, const std::string& remedy) const {
    const std::string key(info.key);
    return subject.empty() ? Error(kind, key, problem, remedy) : Error(kind, subject, key + " " + problem, remedy);
  }
};

double checked_number(double value, FieldKind kind, const FieldInfo& info, const Origin& origin) {
  const bool whole = kind == FieldKind::whole;
  if (info.automatic && value == 0) return value;
  // The comparison is written so that NaN fails it.
  if (value >= info.min && value <= info.max && (!whole || value == std::floor(value))) return value;
  throw origin.error(info, "cannot be " + shortest(value),
                     (whole ? "give a whole number from " : "give a value from ") + range_text(info));
}

double choice_index(std::string_view name, const FieldInfo& info, const Origin& origin) {
  const auto found = std::find(info.choices.begin(), info.choices.end(), name);
  if (found != info.choices.end()) return static_cast<double>(found - info.choices.begin());
  throw origin.error(info, "has no choice \"" + clipped(name) + "\"", "choose one of " + join(info.choices));
}

double flag_value(std::string_view written, const FieldInfo& info, const Origin& origin) {
  for (const char* yes : {"true", "yes", "on", "1"})
    if (written == yes) return 1;
  for (const char* no : {"false", "no", "off", "0"})
    if (written == no) return 0;
  throw origin.error(info, "\"" + clipped(written) + "\" is neither yes nor no", "give true or false");
}

double parsed_number(FieldKind kind, std::string_view written, const FieldInfo& info, const Origin& origin) {
  if (kind == FieldKind::choice) return choice_index(written, info, origin);
  if (kind == FieldKind::flag) return flag_value(written, info, origin);
  if (info.automatic && written == automatic_name) return 0;
  double value = 0;
  const auto [end, fault] = std::from_chars(written.data(), written.data() + written.size(), value);
  if (fault == std::errc() && end == written.data() + written.size()) return checked_number(value, kind, info, origin);
  throw origin.error(info, "\"" + clipped(written) + "\" is not a number", "give a value from " + range_text(info));
}

/// A list as it is kept: in order, each number once.
std::vector<double> checked_list(std::vector<double> values, const FieldInfo& info, const Origin& origin) {
  if (values.size() > longest_list)
    throw origin.error(info, "has " + std::to_string(values.size()) + " entries",
                       "give at most " + std::to_string(longest_list));
  for (const double value : values) checked_number(value, FieldKind::number, info, origin);
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

std::vector<double> list_from_json(const json& stored, const FieldInfo& info, const Origin& origin) {
  if (!stored.is_array() || !std::all_of(stored.begin(), stored.end(), [](const json& v) { return v.is_number(); }))
    throw origin.error(info, "has the wrong type (" + std::string(stored.type_name()) + ")", "store a list of numbers");
  return checked_list(stored.get<std::vector<double>>(), info, origin);
}

template <class T>
json value_json(const T& value, const FieldInfo& info) {
  if constexpr (std::is_arithmetic_v<T>)
    if (info.automatic && value == T{}) return automatic_name;
  if constexpr (!std::is_enum_v<T>)
    if (info.choices.empty()) return value;
  return field_text(value, info);
}

template <class T>
void assign_single(T& value, const json& stored, const FieldInfo& info, const Origin& origin) {
  const FieldKind kind = field_kind<T>(info);
  const bool text_expected = kind == FieldKind::text || kind == FieldKind::choice;
  const bool flag_expected = kind == FieldKind::flag;
  if (!(text_expected ? stored.is_string() : flag_expected ? stored.is_boolean() : stored.is_number()))
    throw origin.error(info, "has the wrong type (" + std::string(stored.type_name()) + ")",
                       text_expected   ? "store text"
                       : flag_expected ? "store true or false"
                                       : "store a number");
  if constexpr (std::is_same_v<T, std::string>)
    value = stored.get<std::string>();
  else if (kind == FieldKind::choice)
    value = static_cast<T>(choice_index(stored.get_ref<const std::string&>(), info, origin));
  else
    value =
        static_cast<T>(flag_expected ? stored.get<bool>() : checked_number(stored.get<double>(), kind, info, origin));
}

template <class T>
void assign_json(T& value, const json& stored, const FieldInfo& info, const Origin& origin) {
  if constexpr (std::is_arithmetic_v<T>) {
    if (info.automatic && stored == automatic_name) {
      value = T{};
      return;
    }
  }
  if constexpr (std::is_same_v<T, std::vector<double>>)
    value = list_from_json(stored, info, origin);
  else
    assign_single(value, stored, info, origin);
}

std::vector<std::string> all_keys(const Settings& settings) {
  std::vector<std::string> keys;
  for_each_group(settings, [&](const char*, const auto& group) {
    for_each_field(group, [&](const FieldInfo& info, const auto&) { keys.emplace_back(info.key); });
  });
  return keys;
}

/// Calls visit(info, value) for the field of that key; throws Error{usage} with the nearest keys when there is none.
template <class S, class V>
void with_field(S& settings, const std::string& key, V&& visit) {
  bool found = false;
  for_each_group(settings, [&](const char*, auto& group) {
    for_each_field(group, [&](const FieldInfo& info, auto& value) {
      if (info.key != key) return;
      found = true;
      visit(info, value);
    });
  });
  if (found) return;
  throw Error(
      ErrorKind::usage, clipped(key), "there is no such setting",
      "did you mean " + join(nearest_names(key, all_keys(settings), 3)) + "? `stipple help settings` lists all");
}

}  // namespace

Places places_of(const Settings& settings) {
  Places places{settings.head, settings.plan.line_points, settings.plan.zone, settings.plan.painted_density};
  places.head.parser_model.clear();
  return places;
}

Settings with_places(Settings settings, const Places& places) {
  std::string parser = std::move(settings.head.parser_model);
  settings.head = places.head;
  settings.head.parser_model = std::move(parser);
  settings.plan.line_points = places.line_points;
  settings.plan.zone = places.zone;
  settings.plan.painted_density = places.painted_density;
  return settings;
}

double number_from_text(FieldKind kind, std::string_view written, const FieldInfo& info) {
  return parsed_number(kind, written, info, Origin{});
}

std::vector<double> list_from_text(std::string_view written, const FieldInfo& info) {
  std::vector<double> values;
  for (size_t at = 0; !written.empty() && at <= written.size();) {
    const size_t end = std::min(written.find(',', at), written.size());
    values.push_back(parsed_number(FieldKind::number, written.substr(at, end - at), info, Origin{}));
    at = end + 1;
  }
  return checked_list(std::move(values), info, Origin{});
}

std::string list_text(const std::vector<double>& values) {
  std::string out;
  for (const double value : values) out.append(out.empty() ? "" : ",").append(shortest(value));
  return out;
}

std::string checked_text(std::string_view written, const FieldInfo& info) {
  try {
    (void)json(written).dump();  // a project file holds UTF-8 only
  } catch (const json::exception&) {
    throw Origin{}.error(info, "is not UTF-8 text", "write it in UTF-8 (rename the file if it is a path)");
  }
  return std::string(written);
}

std::string number_text(FieldKind kind, double value, const FieldInfo& info) {
  if (kind == FieldKind::choice) return std::string(info.choices[static_cast<size_t>(value)]);
  if (kind == FieldKind::flag) return value != 0 ? "true" : "false";
  if (info.automatic && value == 0) return std::string(automatic_name);
  return kind == FieldKind::whole ? shortest(static_cast<int64_t>(value)) : shortest(value);
}

std::string span_text(FieldKind kind, const FieldInfo& info) {
  if (kind == FieldKind::choice) return join(info.choices);
  if (kind == FieldKind::flag) return "true or false";
  if (kind == FieldKind::list) return "list of numbers from " + range_text(info);
  return kind == FieldKind::text ? "text" : range_text(info);
}

std::vector<std::string> nearest_names(const std::string& wanted, std::vector<std::string> names, size_t count) {
  const std::string_view bounded = std::string_view(wanted).substr(0, 64);
  const auto distance = [&](const std::string& name) {
    const bool part = !bounded.empty() && (name.find(bounded) != name.npos || bounded.find(name) != bounded.npos);
    return part ? 0 : edit_distance(bounded, name);
  };
  std::stable_sort(names.begin(), names.end(), [&](const auto& a, const auto& b) { return distance(a) < distance(b); });
  names.resize(std::min(count, names.size()));
  return names;
}

void set_value(Settings& settings, const std::string& key, const std::string& value) {
  // Shades have names that clients know; all else is as declared.
  const bool named_shade =
      key == "shade" && value != automatic_name &&
      std::any_of(value.begin(), value.end(), [](char c) { return std::isalpha(static_cast<unsigned char>(c)); });
  with_field(settings, key, [&](const FieldInfo& info, auto& field) {
    set_field(field, named_shade ? shortest(shade_by_name(value)) : value, info);
  });
}

std::string get_value(const Settings& settings, const std::string& key) {
  std::string written;
  with_field(settings, key, [&](const FieldInfo& info, const auto& field) { written = field_text(field, info); });
  return written;
}

json to_json(const Settings& settings) {
  json out = json::object();
  for_each_group(settings, [&](const char* name, const auto& group) {
    json& stored = out[name] = json::object();
    for_each_field(group, [&](const FieldInfo& info, const auto& value) {
      stored[std::string(info.key)] = value_json(value, info);
    });
  });
  return out;
}

Settings settings_from_json(const json& stored, const std::string& name, std::vector<std::string>* unknown) {
  const Origin origin{ErrorKind::unreadable, name};
  const auto need_object = [&](const json& value, const std::string& what) {
    if (!value.is_object()) throw Error(origin.kind, name, what + " is not an object", "restore it from a backup");
  };
  need_object(stored, "the settings block");
  Settings settings;
  std::vector<std::string> known;
  for_each_group(settings, [&](const char* group_name, auto& group) {
    known.emplace_back(group_name);
    const auto block = stored.find(group_name);
    if (block == stored.end()) return;
    need_object(*block, "settings." + known.back());
    for_each_field(group, [&](const FieldInfo& info, auto& value) {
      known.push_back(std::string(group_name) + "." + std::string(info.key));
      const auto field = block->find(std::string(info.key));
      if (field != block->end()) assign_json(value, *field, info, origin);
    });
  });
  if (!unknown) return settings;
  const auto note_unknown = [&](const std::string& path) {
    if (std::find(known.begin(), known.end(), path) == known.end()) unknown->push_back(path);
  };
  for (const auto& [group_name, block] : stored.items()) {
    note_unknown(group_name);
    if (unknown->empty() || unknown->back() != group_name)
      for (const auto& [key, value] : block.items()) note_unknown(group_name + "." + key);
  }
  return settings;
}

std::string describe_settings() {
  const Settings defaults;
  std::ostringstream out;
  for_each_group(defaults, [&](const char* group_name, const auto& group) {
    out << group_name << ":\n";
    for_each_field(group, [&](const FieldInfo& info, const auto& value) {
      const std::string span = field_span<std::decay_t<decltype(value)>>(info);
      const std::string written = field_text(value, info);
      std::string key(info.key);
      key.resize(std::max<size_t>(key.size(), 20), ' ');
      out << "  " << key << " " << info.help << " [" << span << "; default " << (written.empty() ? "none" : written)
          << "]\n";
    });
  });
  return out.str();
}

}  // namespace stipple
