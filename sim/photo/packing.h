// zlib's checksums and streams over strings.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace stipple {

/// CRC-32 (ISO 3309) of `bytes`, continued from the CRC of what came before.
uint32_t crc32(std::string_view bytes, uint32_t before = 0);
/// Adler-32 (RFC 1950) of `bytes`, continued from that of what came before.
uint32_t adler32(std::string_view bytes, uint32_t before = 1);
/// Adler-32 of two strings one after the other, from those of each and the size of the second.
uint32_t joined_adler32(uint32_t first, uint32_t second, size_t second_size);

/// Appends `bytes` to `out` as raw deflate data that ends on a byte boundary and refers to nothing before it; runs of
/// one byte are the only repeats that are looked for, which suits a photo's residuals. `last` ends the stream.
void deflate_strip(std::string_view bytes, bool last, std::string& out);

/// The content of a zlib stream. Nothing when it is damaged, ends early, fails its checksum or would exceed
/// `max_bytes`.
std::optional<std::string> inflate_zlib(std::string_view stream, size_t max_bytes);

}  // namespace stipple
