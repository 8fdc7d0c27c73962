// The checksums of PNG and zlib.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace stipple {

/// CRC-32 (ISO 3309) of `bytes`, continued from the CRC of what came before.
uint32_t crc32(std::string_view bytes, uint32_t before = 0);
/// Adler-32 (RFC 1950) of `bytes`, continued from that of what came before.
uint32_t adler32(std::string_view bytes, uint32_t before = 1);
/// Adler-32 of two strings one after the other, from those of each and the size of the second.
uint32_t joined_adler32(uint32_t first, uint32_t second, size_t second_size);

}  // namespace stipple
