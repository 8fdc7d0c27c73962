// Table-driven checksums; the CRC takes eight bytes a step, so that it costs little beside packing.
// Based on: RFC 1950; PNG specification, annex D; Kounavis and Berry, "A systematic approach to building high
// performance software-based CRC generators" (slicing-by-8).
#include "sim/photo/checksum.h"

#include <algorithm>
#include <array>

namespace stipple {
namespace {

using CrcTables = std::array<std::array<uint32_t, 256>, 8>;

constexpr CrcTables make_crc_tables() {
  CrcTables t{};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t c = i;
    for (int k = 0; k < 8; ++k) c = c & 1 ? 0xEDB88320u ^ (c >> 1) : c >> 1;
    t[0][i] = c;
  }
  for (size_t s = 1; s < 8; ++s)
    for (size_t i = 0; i < 256; ++i) t[s][i] = t[0][t[s - 1][i] & 255] ^ (t[s - 1][i] >> 8);
  return t;
}

constexpr CrcTables crc_tables = make_crc_tables();

constexpr uint32_t adler_modulus = 65521;

uint32_t little32(const char* p) {
  const auto byte = [p](int i) { return static_cast<uint32_t>(static_cast<uint8_t>(p[i])); };
  return byte(0) | byte(1) << 8 | byte(2) << 16 | byte(3) << 24;
}

}  // namespace

uint32_t crc32(std::string_view bytes, uint32_t before) {
  const auto& t = crc_tables;
  uint32_t c = ~before;
  for (; bytes.size() >= 8; bytes.remove_prefix(8)) {
    const uint32_t a = little32(bytes.data()) ^ c, b = little32(bytes.data() + 4);
    c = t[7][a & 255] ^ t[6][a >> 8 & 255] ^ t[5][a >> 16 & 255] ^ t[4][a >> 24] ^ t[3][b & 255] ^ t[2][b >> 8 & 255] ^
        t[1][b >> 16 & 255] ^ t[0][b >> 24];
  }
  for (const char byte : bytes) c = t[0][(c ^ static_cast<uint8_t>(byte)) & 255] ^ (c >> 8);
  return ~c;
}

uint32_t adler32(std::string_view bytes, uint32_t before) {
  constexpr size_t longest_sum = 5552;  // bytes after which the 32-bit sums could overflow
  uint32_t a = before & 0xFFFF, b = before >> 16;
  while (!bytes.empty()) {
    const size_t n = std::min(bytes.size(), longest_sum);
    for (size_t i = 0; i < n; ++i) a += static_cast<uint8_t>(bytes[i]), b += a;
    a %= adler_modulus, b %= adler_modulus;
    bytes.remove_prefix(n);
  }
  return b << 16 | a;
}

uint32_t joined_adler32(uint32_t first, uint32_t second, size_t second_size) {
  const uint64_t m = adler_modulus, a1 = first & 0xFFFF, b1 = first >> 16, a2 = second & 0xFFFF, b2 = second >> 16;
  const uint64_t a = (a1 + a2 + m - 1) % m, b = (b1 + b2 + second_size % m * (a1 + m - 1)) % m;
  return static_cast<uint32_t>(b << 16 | a);
}

}  // namespace stipple
