// The project file: JSON with the settings, the photo by path and checksum or embedded, and room for what later
// versions add. Parsing trusts nothing: size, depth and number of values are bounded before a tree is built.
#include "sim/project.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "sim/core/error.h"
#include "sim/photo/file.h"
#include "sim/vault.h"

namespace stipple {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* format_name = "stipple project";
constexpr int max_depth = 8;
constexpr int max_values = 10'000;

constexpr std::string_view base64_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string base64_encode(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t group = 0;
    for (size_t k = 0; k < 3; ++k)
      group = group << 8 | (i + k < bytes.size() ? static_cast<uint8_t>(bytes[i + k]) : 0u);
    for (size_t k = 0; k < 4; ++k) out += i + k > bytes.size() ? '=' : base64_digits[group >> (18 - 6 * k) & 63];
  }
  return out;
}

/// Nothing for text that is not padded base64.
std::optional<std::string> base64_decode(std::string_view text) {
  static const std::array<int8_t, 256> value_of = [] {
    std::array<int8_t, 256> table;
    table.fill(-1);
    for (size_t i = 0; i < base64_digits.size(); ++i)
      table[static_cast<uint8_t>(base64_digits[i])] = static_cast<int8_t>(i);
    return table;
  }();
  if (text.size() % 4 != 0) return std::nullopt;
  const size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  const size_t digits = text.size() - padding;
  std::string out;
  out.reserve(text.size() / 4 * 3);
  uint32_t group = 0;
  for (size_t i = 0; i < digits; ++i) {
    const int8_t value = value_of[static_cast<uint8_t>(text[i])];
    if (value < 0) return std::nullopt;
    group = group << 6 | static_cast<uint32_t>(value);
    if (i % 4 == 0) continue;
    out += static_cast<char>(group >> (6 - 2 * (i % 4)) & 255);
  }
  return out;
}

Error damaged(const std::string& name, const std::string& problem) {
  return {ErrorKind::unreadable, name, problem, "restore the file from a backup or start a new project"};
}

/// A JSON tree from hostile text, refused while it is read when it grows beyond what a project can be.
json parse_bounded(const std::string& text, const std::string& name) {
  if (static_cast<int64_t>(text.size()) > max_project_bytes) throw damaged(name, "is larger than a project can be");
  int values = 0;
  const auto bound = [&](int depth, json::parse_event_t, const json&) {
    if (depth > max_depth || ++values > max_values)
      throw damaged(name, "is nested deeper or holds more than a project");
    return true;
  };
  try {
    return json::parse(text, bound);
  } catch (const json::parse_error& fault) {
    throw damaged(name, "is not a project: its JSON breaks off or is wrong at byte " + std::to_string(fault.byte));
  } catch (const json::exception&) {
    throw damaged(name, "is not a project: it holds a value out of range");
  }
}

/// A text member that may be missing but must not be anything else.
std::string text_member(const json& object, const char* key, const std::string& name) {
  const auto found = object.find(key);
  if (found == object.end()) return "";
  if (!found->is_string()) throw damaged(name, std::string(key) + " is not text");
  return found->get<std::string>();
}

json object_member(const json& object, const char* key, const std::string& name) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_object()) throw damaged(name, std::string("lacks its ") + key + " block");
  return *found;
}

bool keys_within(const json& object, const std::set<std::string>& known) {
  return std::all_of(object.items().begin(), object.items().end(),
                     [&](const auto& item) { return known.contains(item.key()); });
}

void check_version(const json& stored, const std::string& name) {
  if (!stored.is_object() || stored.value("format", json()) != format_name)
    throw Error(ErrorKind::unreadable, name, "is not a Stipple project", "give a photo or a .stipple file");
  const json version = stored.value("version", json());
  if (!version.is_number_integer() || version < 1) throw damaged(name, "has no version");
  if (version > project_version)
    throw Error(ErrorKind::unreadable, name, "was saved by a newer version", "update Stipple to open it");
}

/// Every path in a project, to be moved between the current folder and the project's.
template <class Move>
void move_paths(Project& project, Move&& move) {
  const auto moved = [&](std::string& path, const std::string&) {
    if (!path.empty()) path = move(fs::path(path)).string();
  };
  for_each_photo_file(project, moved);
  for (std::string* path : {&project.settings.head.labels, &project.settings.head.parser_model}) moved(*path, "");
  for (FurtherPhoto& photo : project.photos) moved(photo.places.head.labels, "");
}

fs::path folder_of(const std::string& project_path) { return fs::absolute(project_path).parent_path(); }

std::string bytes_member(const json& object, const std::string& name) {
  const std::optional<std::string> bytes = base64_decode(text_member(object, "data", name));
  if (!bytes) throw damaged(name, "holds a damaged photo");
  return *bytes;
}

/// What `read` makes of each object in the list `key`, which may be missing; `one` names an object in messages.
template <class Read>
auto list_member(const json& stored, const char* key, const std::string& one, const std::string& name, Read&& read) {
  std::vector<decltype(read(stored))> out;
  const auto list = stored.find(key);
  if (list == stored.end()) return out;
  if (!list->is_array()) throw damaged(name, std::string(key) + " is not a list");
  for (const json& object : *list) {
    if (!object.is_object()) throw damaged(name, one + " is not an object");
    out.push_back(read(object));
  }
  return out;
}

std::vector<Visit> visits_from_json(const json& stored, const std::string& name) {
  return list_member(stored, "visits", "a visit", name, [&](const json& one) {
    return Visit{text_member(one, "date", name), text_member(one, "label", name), text_member(one, "path", name),
                 text_member(one, "sha256", name), bytes_member(one, name)};
  });
}

/// Only what differs from `usual` is written down.
json difference(const json& stored, const json& usual) {
  json out = json::object();
  for (const auto& [group, block] : stored.items())
    for (const auto& [key, value] : block.items())
      if (usual[group][key] != value) out[group][key] = value;
  return out;
}

std::vector<FurtherPhoto> photos_from_json(const json& stored, const std::string& name) {
  return list_member(stored, "photos", "a photo", name, [&](const json& one) {
    const Settings own = settings_from_json(object_member(one, "settings", name), name);
    FurtherPhoto photo{text_member(one, "path", name), text_member(one, "sha256", name), bytes_member(one, name),
                       places_of(own)};
    if (photo.path.empty() && photo.bytes.empty()) throw damaged(name, "a photo has no file");
    return photo;
  });
}

json to_json(const std::vector<FurtherPhoto>& photos) {
  const json usual = to_json(Settings{});
  json list = json::array();
  for (const FurtherPhoto& photo : photos) {
    list.push_back({{"path", photo.path},
                    {"sha256", photo.sha256},
                    {"settings", difference(to_json(with_places({}, photo.places)), usual)}});
    if (!photo.bytes.empty()) list.back()["data"] = base64_encode(photo.bytes);
  }
  return list;
}

json to_json(const std::vector<Visit>& visits) {
  json list = json::array();
  for (const Visit& visit : visits) {
    list.push_back({{"date", visit.date}, {"label", visit.label}, {"path", visit.path}, {"sha256", visit.sha256}});
    if (!visit.bytes.empty()) list.back()["data"] = base64_encode(visit.bytes);
  }
  return list;
}

/// The text of a setting as it is stored, "" where it is none.
std::string stored_text(const json& settings, const char* group, const char* key) {
  const json::json_pointer at = json::json_pointer() / group / key;
  return settings.contains(at) && settings[at].is_string() ? settings[at].get<std::string>() : "";
}

/// What was left free before density could be painted, said the way it is said now: circles "x,y,r" in photo px, and
/// strokes of the brush over the head.
void translate_left_out(json& settings) {
  std::string painted = stored_text(settings, "plan", "painted_density"), kept;
  const auto paint = [&](const std::string& stroke) { painted.append(painted.empty() ? "0 " : "; 0 ").append(stroke); };
  std::istringstream circles(stored_text(settings, "plan", "exclude"));
  for (std::string circle; circles >> circle;)
    if (const size_t comma = circle.rfind(','); comma != circle.npos)
      paint(circle.substr(comma + 1) + "px " + circle.substr(0, comma));
  const std::string corrections = stored_text(settings, "head", "corrections");
  constexpr std::string_view left_out = "exclude ";
  const bool brushed = corrections.find(left_out) != corrections.npos;
  std::istringstream strokes(brushed ? corrections : "");
  for (std::string stroke; std::getline(strokes, stroke, ';');) {
    const size_t named = stroke.find(left_out);
    named != stroke.npos ? paint(stroke.substr(named + left_out.size()))
                         : void(kept.append(kept.empty() ? "" : ";").append(stroke));
  }
  if (brushed) settings["head"]["corrections"] = kept;
  if (painted.empty() || (settings.contains("plan") && !settings["plan"].is_object())) return;
  settings["plan"]["painted_density"] = painted;
  settings["plan"].erase("exclude");
}

/// A photo beside the project or inside it, checked against its checksum.
Photo stored_photo(const std::string& path, const std::string& bytes, const std::string& sha256,
                   const std::string& project_path) {
  Photo photo = bytes.empty() ? read_photo(path) : decode_photo(bytes, project_path + " (embedded photo)");
  if (photo.sha256 != sha256)
    throw Error(ErrorKind::unreadable, bytes.empty() ? path : project_path,
                "the photo is not the one this project was made with", "restore that photo or start a new project");
  return photo;
}

size_t further_index(const Project& project, int number) {
  if (number >= 2 && number <= photo_count(project)) return static_cast<size_t>(number - 2);
  throw Error(ErrorKind::usage, "--photo " + std::to_string(number),
              "there is no such photo: the project holds " + std::to_string(photo_count(project)),
              "add one with `stipple photo`");
}

}  // namespace

Project parse_project(const std::string& text, const std::string& name) {
  json stored = parse_bounded(text, name);
  check_version(stored, name);
  Project project;
  json photo = object_member(stored, "photo", name);
  project.photo_path = text_member(photo, "path", name);
  project.photo_sha256 = text_member(photo, "sha256", name);
  project.photo_bytes = bytes_member(photo, name);
  if (project.photo_bytes.empty() && project.photo_path.empty()) throw damaged(name, "names no photo");
  project.note = text_member(stored, "note", name);
  project.visits = visits_from_json(stored, name);
  project.photos = photos_from_json(stored, name);
  if (stored.contains("settings") && stored["settings"].is_object()) translate_left_out(stored["settings"]);
  std::vector<std::string> unknown;
  project.settings = settings_from_json(object_member(stored, "settings", name), name, &unknown);

  // What is known is written from the project's own members; what a later version added is carried along.
  stored["photo"].erase("data");
  stored.erase("visits");
  stored.erase("photos");
  const bool later = !unknown.empty() || !keys_within(stored, {"format", "version", "photo", "settings", "note"}) ||
                     !keys_within(stored["photo"], {"path", "sha256"});
  if (later) project.later_keys = stored.dump();
  return project;
}

std::string format_project(const Project& project) {
  json photo = {{"path", project.photo_path}, {"sha256", project.photo_sha256}};
  if (!project.photo_bytes.empty()) photo["data"] = base64_encode(project.photo_bytes);
  json known = {{"format", format_name},
                {"version", project_version},
                {"photo", photo},
                {"settings", to_json(project.settings)},
                {"note", project.note}};
  if (!project.photos.empty()) known["photos"] = to_json(project.photos);
  if (!project.visits.empty()) known["visits"] = to_json(project.visits);
  json out = project.later_keys.empty() ? json::object() : json::parse(project.later_keys);
  out.merge_patch(known);
  try {
    return out.dump(1) + "\n";
  } catch (const json::exception&) {
    throw Error(ErrorKind::usage, project.photo_path, "path or note is not UTF-8 text", "rename the photo");
  }
}

Project read_project(const std::string& path, const std::string& passphrase) {
  std::string bytes = read_file(path, max_project_bytes);
  if (is_locked(bytes)) {
    if (passphrase.empty())
      throw Error(ErrorKind::unreadable, path, "is locked", "give its passphrase with --passphrase-file");
    bytes = unlock_bytes(bytes, passphrase, path);
  }
  Project project = parse_project(bytes, path);
  move_paths(project, [&](const fs::path& stored) { return (folder_of(path) / stored).lexically_normal(); });
  return project;
}

void write_project(Project project, const std::string& path, const std::string& passphrase) {
  move_paths(project, [&](const fs::path& used) {
    return fs::absolute(used).lexically_normal().lexically_proximate(folder_of(path).lexically_normal());
  });
  const std::string text = format_project(project);
  write_file_atomically(path, passphrase.empty() ? text : lock_bytes(text, passphrase));
}

int photo_count(const Project& project) { return 1 + static_cast<int>(project.photos.size()); }

Photo project_photo(const Project& project, const std::string& project_path, int number) {
  if (number == 1) return stored_photo(project.photo_path, project.photo_bytes, project.photo_sha256, project_path);
  const FurtherPhoto& photo = project.photos[further_index(project, number)];
  return stored_photo(photo.path, photo.bytes, photo.sha256, project_path);
}

Settings photo_settings(const Project& project, int number) {
  if (number == 1) return project.settings;
  return with_places(project.settings, project.photos[further_index(project, number)].places);
}

void set_photo_settings(Project& project, int number, const Settings& settings) {
  if (number != 1) project.photos[further_index(project, number)].places = places_of(settings);
  project.settings = number == 1 ? settings : with_places(settings, places_of(project.settings));
}

Photo visit_photo(const Project& project, int number, const std::string& project_path) {
  const auto count = static_cast<int>(project.visits.size());
  if (number < 1 || number > count)
    throw Error(ErrorKind::usage, "--visit " + std::to_string(number),
                "there is no such visit: " + project_path + " holds " + std::to_string(count),
                "add one with `stipple visit`");
  const Visit& visit = project.visits[static_cast<size_t>(number - 1)];
  return stored_photo(visit.path, visit.bytes, visit.sha256, project_path);
}

bool is_locked_project(const std::string& path) {
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored)) return false;
  std::ifstream file(path, std::ios::binary);
  std::array<char, 32> first{};
  file.read(first.data(), first.size());
  return is_locked({first.data(), static_cast<size_t>(file.gcount())});
}

bool is_project_file(const std::string& path) {
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored)) return false;
  std::ifstream file(path, std::ios::binary);
  char first = 0;
  file >> first;  // skips white space
  return first == '{' || is_locked_project(path);
}

}  // namespace stipple
