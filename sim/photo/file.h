// Bytes <-> files, safely: no hang on pipes and devices, no half-written file.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace stipple {

/// The whole content of a regular file. Throws Error{unreadable} when it is missing, a directory, a pipe or device, not
/// permitted, empty or larger than `max_bytes`.
std::string read_file(const std::string& path, int64_t max_bytes);

/// Replaces `path` by `bytes` in one step: a temporary file in the same folder, flushed to disk, then renamed. Whatever
/// fails, the old file stays as it was and no temporary file is left. Links are followed. Throws Error{internal} for a
/// missing or unwritable folder, a target that is no regular file, and a full disk.
void write_file_atomically(const std::string& path, std::string_view bytes);

}  // namespace stipple
