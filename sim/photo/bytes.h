// Bounds-checked looks into untrusted bytes: what lies beyond the end reads as 0 or as nothing.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace stipple {

enum class ByteOrder { big, little };

/// The unsigned number of `width` (1..4) bytes at `at`; 0 when it does not lie wholly inside.
inline uint32_t number_at(std::string_view bytes, size_t at, size_t width, ByteOrder order) {
  if (at > bytes.size() || bytes.size() - at < width) return 0;
  uint32_t value = 0;
  for (size_t i = 0; i < width; ++i) {
    const size_t k = order == ByteOrder::big ? i : width - 1 - i;
    value = value << 8 | static_cast<uint8_t>(bytes[at + k]);
  }
  return value;
}

/// The lowest `width` bytes of a number.
inline std::string bytes_of(size_t value, int width, ByteOrder order = ByteOrder::big) {
  std::string bytes;
  for (int i = 0; i < width; ++i)
    bytes += static_cast<char>(value >> 8 * (order == ByteOrder::little ? i : width - 1 - i) & 255);
  return bytes;
}

/// Up to `count` bytes from `at`; fewer or none at the end.
inline std::string_view part(std::string_view bytes, size_t at, size_t count = std::string_view::npos) {
  return at > bytes.size() ? std::string_view{} : bytes.substr(at, count);
}

}  // namespace stipple
