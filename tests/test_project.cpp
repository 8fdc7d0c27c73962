// A project comes back as it was saved, carries what it does not know, and no hostile file gets further than an Error.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "sim/core/error.h"
#include "sim/project.h"
#include "tests/random_settings.h"

using namespace stipple;
namespace fs = std::filesystem;

namespace {

Project sample(uint64_t seed) {
  Project project;
  project.photo_path = "client \xC3\xA9.jpg";
  project.photo_sha256 = std::string(64, 'a');
  project.settings = random_settings(seed);
  project.note = "line one\nline \"two\"";
  return project;
}

bool equal(const Project& a, const Project& b) {
  return a.photo_path == b.photo_path && a.photo_sha256 == b.photo_sha256 && a.photo_bytes == b.photo_bytes &&
         a.settings == b.settings && a.photos == b.photos && a.note == b.note && a.later_keys == b.later_keys;
}

std::string refusal(const std::string& text) {
  try {
    parse_project(text, "p.stipple");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::unreadable);
    CHECK(std::string(error.what()).starts_with("p.stipple: "));
    CHECK(std::string(error.what()).find('\n') == std::string::npos);
    return error.what();
  }
  FAIL("accepted");
  return "";
}

}  // namespace

TEST_CASE("a project is read as it was written, embedded photos of every length included") {
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    Project project = sample(seed);
    for (uint64_t i = 0; i < seed; ++i) project.photo_bytes += static_cast<char>(hash64(seed, i, 0));
    const std::string text = format_project(project);
    CHECK(equal(parse_project(text, "p"), project));
    CHECK(format_project(parse_project(text, "p")) == text);
  }
}

TEST_CASE("further photos keep places of their own, and share every other choice") {
  Project project = sample(3);
  const Settings other = random_settings(4);
  project.photos = {{"side.jpg", "b", "", places_of(other)}, {"top.jpg", "c", "bytes", {}}};
  const std::string text = format_project(project);
  CHECK(equal(parse_project(text, "p"), project));
  CHECK(parse_project(text, "p").later_keys.empty());
  CHECK(photo_count(project) == 3);
  CHECK(photo_settings(project, 2) == with_places(project.settings, places_of(other)));
  CHECK(photo_settings(project, 2).head.corrections == other.head.corrections);
  CHECK(photo_settings(project, 3).pigment == project.settings.pigment);
  CHECK(photo_settings(project, 3).plan.zone.empty());
  CHECK_THROWS_AS(photo_settings(project, 4), Error);
  CHECK_THROWS_AS(photo_settings(project, 0), Error);

  Settings edited = photo_settings(project, 2);
  edited.plan.density_per_cm2 = 99;
  edited.plan.zone = "1,2 3,4 5,6";
  const Places first = places_of(project.settings);
  set_photo_settings(project, 2, edited);
  CHECK(photo_settings(project, 2) == edited);
  CHECK(project.settings.plan.density_per_cm2 == 99);
  CHECK(places_of(project.settings) == first);
  for (const char* bad : {"5", "[5]", "[{}]", R"([{"path":"a"}])", R"([{"path":"","settings":{}}])",
                          R"([{"path":"a","settings":{"plan":{"density":-1}}}])"}) {
    CAPTURE(bad);
    nlohmann::json stored = nlohmann::json::parse(text);
    stored["photos"] = nlohmann::json::parse(bad);
    refusal(stored.dump());
  }
}

TEST_CASE("what older projects leave free stays free") {
  nlohmann::json stored = nlohmann::json::parse(format_project(sample(1)));
  stored["settings"]["plan"].erase("painted_density");
  stored["settings"]["plan"]["exclude"] = "100,200,12 30.5,40,5";
  stored["settings"]["head"]["corrections"] = "hair 0.01000 0.5000,0.2000; exclude 0.00500 0.5000,0.5000";
  const Project project = parse_project(stored.dump(), "p");
  CHECK(project.settings.plan.painted_density == "0 12px 100,200; 0 5px 30.5,40; 0 0.00500 0.5000,0.5000");
  CHECK(project.settings.head.corrections == "hair 0.01000 0.5000,0.2000");
  CHECK(project.later_keys.empty());
  stored["settings"]["plan"] = 5;
  refusal(stored.dump());
}

TEST_CASE("what a later minor version added survives opening, editing and saving") {
  nlohmann::json stored = nlohmann::json::parse(format_project(sample(1)));
  stored["consent"] = {{"signed", true}, {"pages", {1, 2}}};
  stored["photo"]["taken"] = "2031-05-01";
  stored["settings"]["plan"]["whorl"] = nullptr;
  Project project = parse_project(stored.dump(), "p");
  project.settings.plan.density_per_cm2 = 77;
  const nlohmann::json saved = nlohmann::json::parse(format_project(project));
  CHECK(saved["consent"] == stored["consent"]);
  CHECK(saved["photo"]["taken"] == "2031-05-01");
  CHECK(saved["settings"]["plan"].contains("whorl"));
  CHECK(saved["settings"]["plan"]["density"] == 77);
}

TEST_CASE("files that are no project, are damaged or too new are refused with a reason") {
  const std::string good = format_project(sample(1));
  CHECK(refusal("").find("not a project") != std::string::npos);
  CHECK(refusal("{}").find("not a Stipple project") != std::string::npos);
  for (size_t cut = 1; cut + 2 < good.size(); cut += 37) refusal(good.substr(0, cut));
  const auto changed = [&](auto&& change) {
    nlohmann::json stored = nlohmann::json::parse(good);
    change(stored);
    return refusal(stored.dump());
  };
  CHECK(changed([](auto& j) { j["version"] = 2; }).find("update Stipple") != std::string::npos);
  changed([](auto& j) { j["version"] = "1"; });
  changed([](auto& j) { j["version"] = 0; });
  changed([](auto& j) { j.erase("photo"); });
  changed([](auto& j) { j["photo"]["path"] = 5; });
  changed([](auto& j) { j["photo"]["path"] = ""; });
  changed([](auto& j) { j["photo"]["data"] = "A"; });
  changed([](auto& j) { j["photo"]["data"] = "A*=="; });
  changed([](auto& j) { j["photo"]["data"] = "===="; });
  changed([](auto& j) { j["settings"] = nlohmann::json::array(); });
  changed([](auto& j) { j["settings"]["plan"]["density"] = 1e99; });
  refusal(R"({"format":"stipple project","version":1,"photo":{"path":"a"},"settings":{"plan":{"density":1e999}}})");
}

TEST_CASE("depth and number of values are bounded while reading") {
  refusal(std::string(5'000'000, '['));
  std::string nested;
  for (int i = 0; i < 200'000; ++i) nested += "{\"a\":";
  refusal(nested);
  std::string wide = "[0";
  for (int i = 0; i < 2'000'000; ++i) wide += ",0";
  refusal(wide + "]");
}

TEST_CASE("paths follow the project's folder") {
  const fs::path folder = fs::temp_directory_path() / "stipple_test_project";
  fs::create_directories(folder / "moved");
  Project project = sample(2);
  project.settings.head.labels = (folder / "labels.png").string();
  project.settings.head.parser_model = "";
  project.photo_path = (folder / "client.jpg").string();
  project.photos = {{(folder / "views/side.jpg").string(), "b", "", {}}};
  project.visits = {{"2031-05-01", "", (folder / "later.jpg").string(), "c", ""}};
  const std::string path = (folder / "c.stipple").string();
  write_project(project, path);
  CHECK(is_project_file(path));
  CHECK(!is_project_file(folder.string()));
  CHECK(!is_project_file((folder / "missing").string()));
  CHECK(read_project(path).settings.head.labels == project.settings.head.labels);
  CHECK(equal(read_project(path), project));
  std::ifstream file(path);
  CHECK(nlohmann::json::parse(file)["photos"][0]["path"] == "views/side.jpg");
  fs::rename(path, folder / "moved/c.stipple");
  CHECK(read_project((folder / "moved/c.stipple").string()).photo_path == (folder / "moved/client.jpg").string());
  CHECK(read_project((folder / "moved/c.stipple").string()).settings.head.labels ==
        (folder / "moved/labels.png").string());
  fs::remove_all(folder);
}
