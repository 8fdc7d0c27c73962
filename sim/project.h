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

/// A later photo of the same client.
struct Visit {
  std::string date, label;          // "2031-05-01"; free text
  std::string path, sha256, bytes;  // as the project's own photo
  bool operator==(const Visit&) const = default;
};

struct Project {
  std::string photo_path;    // as written; relative paths are relative to the project file
  std::string photo_sha256;  // of the photo's file
  std::string photo_bytes;   // the photo file itself when embedded, else ""
  Settings settings;
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
/// The same from and to a file. There, paths among the settings (labels, parser model) are stored relative to the
/// project's folder and come back as paths that open from the current folder.
/// A file that was locked needs its passphrase to be read; one that is written with a passphrase is locked.
Project read_project(const std::string& path, const std::string& passphrase = "");
void write_project(Project project, const std::string& path, const std::string& passphrase = "");
/// True for files that only a passphrase opens.
bool is_locked_project(const std::string& path);
/// The photo of a project, checked against its checksum. `project_path` resolves a relative photo path.
Photo project_photo(const Project& project, const std::string& project_path);
/// The photo of visit `number` (1 is the first); Error{usage} when there is none.
Photo visit_photo(const Project& project, int number, const std::string& project_path);
/// True for files whose content is a project, locked or not (not by extension).
bool is_project_file(const std::string& path);

}  // namespace stipple
