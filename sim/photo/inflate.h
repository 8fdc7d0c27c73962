// Unpacks the colour profile of a PNG.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace stipple {

/// The content of a zlib stream. Nothing when it is damaged, ends early, fails its checksum or would exceed
/// `max_bytes`.
std::optional<std::string> inflate_zlib(std::string_view stream, size_t max_bytes);

}  // namespace stipple
