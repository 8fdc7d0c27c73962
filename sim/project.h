// The project file: a consultation that can be opened again and gives the same bytes. JSON, versioned, saved
// atomically.
#pragma once
#include <string>

#include "sim/photo/photo.h"
#include "sim/settings.h"

namespace stipple {

struct Project {
  int version = 1;
  std::string photo_path;    // as written; relative paths are relative to the project file
  std::string photo_sha256;  // of the photo's file
  std::string photo_bytes;   // the photo file itself when embedded, else ""
  Settings settings;
  std::string note;
};

/// Throws Error{unreadable} for files that are no project, are damaged, or come from a newer incompatible version.
Project read_project(const std::string& path);
Project parse_project(const std::string& text, const std::string& name);
void write_project(const Project& project, const std::string& path);
/// The photo of a project, checked against its checksum. `project_path` resolves a relative photo path.
Photo project_photo(const Project& project, const std::string& project_path);
/// True for files whose content is a project (not by extension).
bool is_project_file(const std::string& path);

}  // namespace stipple
