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
         a.settings == b.settings && a.note == b.note && a.later_keys == b.later_keys;
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

TEST_CASE("paths among the settings follow the project's folder") {
  const fs::path folder = fs::temp_directory_path() / "stipple_test_project";
  fs::create_directories(folder / "moved");
  Project project = sample(2);
  project.settings.head.labels = (folder / "labels.png").string();
  project.settings.head.parser_model = "";
  const std::string path = (folder / "c.stipple").string();
  write_project(project, path);
  CHECK(is_project_file(path));
  CHECK(!is_project_file(folder.string()));
  CHECK(!is_project_file((folder / "missing").string()));
  CHECK(read_project(path).settings.head.labels == project.settings.head.labels);
  fs::rename(path, folder / "moved/c.stipple");
  CHECK(read_project((folder / "moved/c.stipple").string()).settings.head.labels ==
        (folder / "moved/labels.png").string());
  fs::remove_all(folder);
}
