// Identifies a photo by its file's bytes.
#pragma once
#include <string>
#include <string_view>

namespace stipple {

/// SHA-256 as 64 lower-case hex digits.
std::string sha256_hex(std::string_view bytes);

}  // namespace stipple
