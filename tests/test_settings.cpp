// Every declared field goes through text and JSON unchanged, and nothing outside its range gets in.
#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sim/core/error.h"
#include "tests/random_settings.h"

using namespace stipple;

namespace {

template <class Call>
std::string message_of(Call&& call, ErrorKind kind) {
  try {
    call();
  } catch (const Error& error) {
    CHECK(error.kind() == kind);
    return error.what();
  }
  FAIL("nothing was thrown");
  return "";
}

std::string refusal(const std::string& key, const std::string& value) {
  Settings settings;
  const std::string message = message_of([&] { set_value(settings, key, value); }, ErrorKind::usage);
  CHECK(settings == Settings{});
  return message;
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }

}  // namespace

TEST_CASE("random values of every field survive JSON and text") {
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    const Settings settings = random_settings(seed);
    const std::string stored = to_json(settings).dump();
    CHECK(settings_from_json(nlohmann::json::parse(stored), "p") == settings);
    Settings copied;
    for_each_group(settings, [&](const char*, const auto& group) {
      for_each_field(group, [&](const FieldInfo& info, const auto&) {
        set_value(copied, std::string(info.key), get_value(settings, std::string(info.key)));
      });
    });
    CHECK(copied == settings);
  }
}

TEST_CASE("keys are unique across all groups, so that a flag means one thing") {
  std::vector<std::string> keys;
  const Settings defaults;
  for_each_group(defaults, [&](const char*, const auto& group) {
    for_each_field(group, [&](const FieldInfo& info, const auto&) { keys.emplace_back(info.key); });
  });
  std::sort(keys.begin(), keys.end());
  CHECK(std::adjacent_find(keys.begin(), keys.end()) == keys.end());
}

TEST_CASE("numbers outside their range, NaN and infinities are refused for every numeric field") {
  int numeric = 0;
  const Settings defaults;
  for_each_group(defaults, [&](const char*, const auto& group) {
    for_each_field(group, [&](const FieldInfo& info, const auto& value) {
      if constexpr (!std::is_arithmetic_v<std::decay_t<decltype(value)>>) return;
      if (!info.choices.empty()) return;
      ++numeric;
      const std::string key(info.key);
      for (const char* absurd :
           {"nan", "-nan", "inf", "-inf", "1e999", "1e300", "-1e300", "", "abc", "1x", "0x10", " 1"}) {
        CAPTURE(key);
        CAPTURE(std::string(absurd));
        CHECK(contains(refusal(key, absurd), key));
      }
      nlohmann::json stored = to_json(Settings{});
      for (auto& [name, block] : stored.items())
        if (block.contains(key)) block[key] = info.max * 2 + 1;
      CHECK(contains(message_of([&] { settings_from_json(stored, "p.stipple"); }, ErrorKind::unreadable), key));
    });
  });
  CHECK(numeric > 15);
}

TEST_CASE("a list is kept in order, each number once, and every number is checked") {
  Settings settings;
  set_value(settings, "touch_ups", "6,3,6");
  CHECK(settings.pigment.touch_ups == std::vector<double>{3, 6});
  CHECK(get_value(settings, "touch_ups") == "3,6");
  set_value(settings, "touch_ups", "");
  CHECK(settings.pigment.touch_ups.empty());
  for (const char* absurd :
       {"3,", ",3", "3;6", "nan", "3,inf", "31", "0", "-1", "3 6", "1,2,3,4,5,6,7,8,9,10,11,12,13"})
    CHECK(contains(refusal("touch_ups", absurd), "touch_ups"));
  nlohmann::json stored = to_json(settings);
  stored["pigment"]["touch_ups"] = {6, 3};
  CHECK(settings_from_json(stored, "p").pigment.touch_ups == std::vector<double>{3, 6});
  for (const nlohmann::json& wrong :
       {nlohmann::json("3,6"), nlohmann::json(3), nlohmann::json{3, "6"}, nlohmann::json{99}, nlohmann::json{{3}}}) {
    stored["pigment"]["touch_ups"] = wrong;
    message_of([&] { settings_from_json(stored, "p"); }, ErrorKind::unreadable);
  }
}

TEST_CASE("a refusal names the key, the range and the way out") {
  CHECK(refusal("density", "9999") == "density: cannot be 9999; give a value from 5 to 300 1/cm2");
  CHECK(contains(refusal("finish", "bald"), "choose one of auto, shaven, density, scar, patches"));
  CHECK(contains(refusal("dencity", "100"), "did you mean density"));
  CHECK(contains(refusal("diameter", "1"), "dot_diameter"));
  CHECK(contains(refusal("sessions", "1.5"), "whole number"));
  CHECK(contains(refusal("labels", "\xC3("), "UTF-8"));
  CHECK(!contains(refusal("a\nb\x1b[31m", "1"), "\n"));
}

TEST_CASE("keys of a later version are listed and left alone; wrong types are refused") {
  nlohmann::json stored = to_json(Settings{});
  stored["plan"]["whorl"] = 3;
  stored["tricopigment"] = {{"length", 1}};
  std::vector<std::string> unknown;
  CHECK(settings_from_json(stored, "p", &unknown) == Settings{});
  CHECK(unknown == std::vector<std::string>{"plan.whorl", "tricopigment"});

  stored = to_json(Settings{});
  for (const nlohmann::json& wrong : {nlohmann::json("7"), nlohmann::json(nullptr), nlohmann::json::array()}) {
    stored["plan"]["density"] = wrong;
    message_of([&] { settings_from_json(stored, "p"); }, ErrorKind::unreadable);
  }
  message_of([&] { settings_from_json(nlohmann::json(1), "p"); }, ErrorKind::unreadable);
  message_of([&] { settings_from_json({{"plan", 1}}, "p"); }, ErrorKind::unreadable);
}

TEST_CASE("the description names every field with its default") {
  const std::string text = describe_settings();
  const Settings defaults;
  for_each_group(defaults, [&](const char*, const auto& group) {
    for_each_field(group, [&](const FieldInfo& info, const auto&) {
      CHECK(contains(text, "  " + std::string(info.key) + " "));
      CHECK(contains(text, std::string(info.help)));
    });
  });
}
