// The project file: a consultation that can be opened again and gives the same bytes. JSON, versioned, saved
// atomically.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "sim/photo/photo.h"
#include "sim/settings.h"

namespace stipple {

inline constexpr int project_version = 1;  // raised only when older programs could not read the file right
inline constexpr int64_t max_project_bytes = 256 << 20;  // an embedded photo included

/// Another photo of the same day (a side, the top, the back) for the one plan of the project, with what belongs to its
/// pixels alone.
struct FurtherPhoto {
  std::string path, sha256, bytes;  // as the project's own photo
  Places places;
  bool operator==(const FurtherPhoto&) const = default;
};

/// A later photo of the same client.
struct Visit {
  std::string date, label;          // "2031-05-01"; free text
  std::string path, sha256, bytes;  // as the project's own photo
  bool operator==(const Visit&) const = default;
};

struct Project {
  std::string photo_path;            // opens from the current folder
  std::string photo_sha256;          // of the photo's file
  std::string photo_bytes;           // the photo file itself when embedded, else ""
  Settings settings;                 // of all photos, and the places of the first
  std::vector<FurtherPhoto> photos;  // beside the first, in the order they were added
  std::string note;
  std::vector<Visit> visits;  // in the order they were added
  std::string
      later_keys;  // JSON text of what a later version stored and this one does not know; written back unchanged
};

/// Throws Error{unreadable} for files that are no project, are damaged, or come from a newer incompatible version.
/// Keys that a later minor version added are kept in `later_keys`. Never recurses by the input's depth; at most
/// max_project_bytes, 8 levels and 10,000 values.
Project parse_project(const std::string& text, const std::string& name);
std::string format_project(const Project& project);
/// The same from and to a file. There, all paths (photos, visits, labels, parser model) are stored relative to the
/// project's folder and come back as paths that open from the current folder.
/// A file that was locked needs its passphrase to be read; one that is written with a passphrase is locked.
Project read_project(const std::string& path, const std::string& passphrase = "");
void write_project(Project project, const std::string& path, const std::string& passphrase = "");
/// True for files that only a passphrase opens.
bool is_locked_project(const std::string& path);

/// Photos are counted from 1, the one that the project was made with. All throw Error{usage} for a number that is none.
int photo_count(const Project& project);
/// Its pixels, checked against its checksum. `project_path` names embedded photos in messages.
Photo project_photo(const Project& project, const std::string& project_path, int number = 1);
/// The choices for all photos with the places of this one, and back.
Settings photo_settings(const Project& project, int number);
void set_photo_settings(Project& project, int number, const Settings& settings);
/// The photo of visit `number` (1 is the first); Error{usage} when there is none.
Photo visit_photo(const Project& project, int number, const std::string& project_path);
/// Visits path and bytes of every photo, visits included.
template <class P, class V>
void for_each_photo_file(P& project, V&& visit) {
  visit(project.photo_path, project.photo_bytes);
  for (auto& photo : project.photos) visit(photo.path, photo.bytes);
  for (auto& later : project.visits) visit(later.path, later.bytes);
}
/// True for files whose content is a project, locked or not (not by extension).
bool is_project_file(const std::string& path);

}  // namespace stipple
