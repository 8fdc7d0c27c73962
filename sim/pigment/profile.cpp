// Reads one pigment of assets/pigments.json and checks that its numbers can be.
#include "sim/pigment/profile.h"

#include <cmath>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "sim/core/assets.h"
#include "sim/core/error.h"

namespace stipple {
namespace {

using Json = nlohmann::json;

double number_in(const Json& json, const char* key, double min, double max) {
  const double value = json.at(key).get<double>();
  if (!(value >= min && value <= max)) throw std::out_of_range(std::string(key) + " is out of range");
  return value;
}

PigmentComponent component_from(const Json& json) {
  PigmentComponent component;
  component.share = number_in(json, "share", 0, 1);
  component.tau_factor = number_in(json, "tau_factor", 0.05, 20);
  const Json& extinction = json.at("extinction");
  if (!extinction.is_array() || extinction.size() != 3) throw std::out_of_range("extinction needs three numbers");
  for (int c = 0; c < 3; ++c) component.extinction[c] = extinction.at(static_cast<size_t>(c)).get<double>();
  if (!(component.extinction >= 0).all() || !(component.extinction <= 10).all())
    throw std::out_of_range("extinction is out of range");
  return component;
}

PigmentProfile profile_from(const Json& json) {
  PigmentProfile profile;
  profile.title = json.at("title").get<std::string>();
  profile.note = json.at("note").get<std::string>();
  profile.depth_mm = number_in(json, "depth_mm", 0, 2);
  profile.growth_factor = number_in(json, "growth_factor", 0, 10);
  double shares = 0;
  for (const Json& component : json.at("components")) {
    profile.components.push_back(component_from(component));
    shares += profile.components.back().share;
  }
  if (std::abs(shares - 1) > 1e-6) throw std::out_of_range("shares do not sum to 1");
  return profile;
}

}  // namespace

PigmentProfile parse_pigment(const std::string& json, const std::string& name, const std::string& file) {
  Json all;
  try {
    all = Json::parse(json);
    if (all.is_object() && all.contains(name) && all[name].is_object()) {
      PigmentProfile profile = profile_from(all[name]);
      profile.name = name;
      return profile;
    }
  } catch (const std::exception& e) {
    throw Error(ErrorKind::unreadable, file, e.what(), "restore it from the release");
  }
  std::string choices;
  for (const auto& [key, value] : all.items())
    if (value.is_object()) choices += (choices.empty() ? "" : ", ") + key;
  throw Error(ErrorKind::usage, "pigment \"" + name.substr(0, 60) + "\"", "is not known", "choose one of: " + choices);
}

PigmentProfile read_pigment(const std::string& name) {
  const std::string path = asset_path("pigments.json");
  std::ifstream in(path, std::ios::binary);
  if (!in) throw Error(ErrorKind::unreadable, path, "cannot be opened", "restore it from the release");
  return parse_pigment({std::istreambuf_iterator<char>(in), {}}, name, path);
}

}  // namespace stipple
