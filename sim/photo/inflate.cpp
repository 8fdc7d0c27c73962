// A small inflater for small streams: canonical codes are decoded bit by bit, so that no table can be overrun.
// Based on: RFC 1950 (zlib) and RFC 1951 (deflate).
#include "sim/photo/inflate.h"

#include <array>
#include <cstdint>
#include <span>
#include <utility>

#include "sim/photo/bytes.h"
#include "sim/photo/checksum.h"

namespace stipple {
namespace {

/// Thrown and caught in this file alone: the stream is not valid.
struct Damaged {};

class Bits {
 public:
  explicit Bits(std::string_view bytes) : bytes_(bytes) {}
  uint32_t take(int count) {
    while (held_ < count) {
      if (next_ == bytes_.size()) throw Damaged{};
      buffer_ |= static_cast<uint32_t>(static_cast<uint8_t>(bytes_[next_++])) << held_;
      held_ += 8;
    }
    const uint32_t value = buffer_ & ((1u << count) - 1);
    buffer_ >>= count, held_ -= count;
    return value;
  }
  void to_byte_boundary() { buffer_ = 0, held_ = 0; }
  std::string_view rest() const { return bytes_.substr(next_); }
  void skip(size_t count) { next_ += count; }

 private:
  std::string_view bytes_;
  size_t next_ = 0;
  uint32_t buffer_ = 0;
  int held_ = 0;  // fewer than 8 between calls, so that a byte boundary is one buffer away
};

/// A canonical prefix code, as the count of codes of each length and the symbols in code order.
class Code {
 public:
  explicit Code(std::span<const uint8_t> lengths) {
    for (const uint8_t length : lengths) ++count_[length];
    count_[0] = 0;
    int free = 1;
    std::array<int, 16> first{};
    for (size_t n = 1; n < 16; ++n) {
      free = 2 * free - count_[n];
      if (free < 0) throw Damaged{};
      first[n] = first[n - 1] + count_[n - 1];
    }
    for (size_t s = 0; s < lengths.size(); ++s)
      if (lengths[s]) symbols_[static_cast<size_t>(first[lengths[s]]++)] = static_cast<uint16_t>(s);
  }
  uint32_t read(Bits& bits) const {
    int code = 0, first = 0, index = 0;
    for (size_t n = 1; n < 16; ++n) {
      code |= static_cast<int>(bits.take(1));
      if (code - first < count_[n]) return symbols_[static_cast<size_t>(index + code - first)];
      index += count_[n];
      first = (first + count_[n]) << 1;
      code <<= 1;
    }
    throw Damaged{};
  }

 private:
  std::array<int, 16> count_{};
  std::array<uint16_t, 288> symbols_{};
};

constexpr std::array<uint16_t, 29> length_base{3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
                                               31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
constexpr std::array<uint8_t, 29> length_bits{0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                              2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};

class Inflater {
 public:
  Inflater(std::string_view bytes, size_t max_bytes) : bits_(bytes), max_bytes_(max_bytes) {}

  /// Unpacks all blocks and returns what follows them.
  std::string_view run() {
    for (bool last = false; !last;) {
      last = bits_.take(1);
      switch (bits_.take(2)) {
        case 0:
          stored();
          break;
        case 1:
          fixed();
          break;
        case 2:
          dynamic();
          break;
        default:
          throw Damaged{};
      }
    }
    return bits_.rest();
  }
  std::string out;

 private:
  void append(std::string_view bytes) {
    if (bytes.size() > max_bytes_ - out.size()) throw Damaged{};
    out += bytes;
  }
  void stored() {
    bits_.to_byte_boundary();
    const uint32_t size = bits_.take(16);
    if ((bits_.take(16) ^ size) != 0xFFFF || bits_.rest().size() < size) throw Damaged{};
    append(bits_.rest().substr(0, size));
    bits_.skip(size);
  }
  void fixed() {
    std::array<uint8_t, 288> literals;
    for (size_t s = 0; s < 288; ++s) literals[s] = s < 144 ? 8 : s < 256 ? 9 : s < 280 ? 7 : 8;
    std::array<uint8_t, 30> distances;
    distances.fill(5);
    compressed(Code(literals), Code(distances));
  }
  void dynamic() {
    constexpr std::array<uint8_t, 19> order{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
    const size_t literals = bits_.take(5) + 257, distances = bits_.take(5) + 1, codes = bits_.take(4) + 4;
    if (literals > 286 || distances > 30) throw Damaged{};
    std::array<uint8_t, 19> code_lengths{};
    for (size_t i = 0; i < codes; ++i) code_lengths[order[i]] = static_cast<uint8_t>(bits_.take(3));
    const Code lengths_code(code_lengths);
    std::array<uint8_t, 316> lengths{};
    for (size_t i = 0; i < literals + distances;) {
      const uint32_t symbol = lengths_code.read(bits_);
      uint8_t value = static_cast<uint8_t>(symbol);
      size_t repeat = 1;
      if (symbol == 16) {
        if (i == 0) throw Damaged{};
        value = lengths[i - 1], repeat = 3 + bits_.take(2);
      } else if (symbol > 16) {
        value = 0, repeat = symbol == 17 ? 3 + bits_.take(3) : 11 + bits_.take(7);
      }
      if (repeat > literals + distances - i) throw Damaged{};
      while (repeat--) lengths[i++] = value;
    }
    compressed(Code({lengths.data(), literals}), Code({lengths.data() + literals, distances}));
  }
  void compressed(const Code& literals, const Code& distances) {
    for (;;) {
      const uint32_t symbol = literals.read(bits_);
      if (symbol == 256) return;
      if (symbol < 256) {
        const char byte = static_cast<char>(symbol);
        append({&byte, 1});
        continue;
      }
      if (symbol - 257 >= length_base.size()) throw Damaged{};
      const size_t length = length_base[symbol - 257] + bits_.take(length_bits[symbol - 257]);
      const uint32_t d = distances.read(bits_);
      if (d >= 30) throw Damaged{};
      const int extra = d < 4 ? 0 : static_cast<int>(d / 2 - 1);
      const size_t distance = (d < 4 ? d : (2u + d % 2) << extra) + 1 + bits_.take(extra);
      if (distance > out.size() || length > max_bytes_ - out.size()) throw Damaged{};
      for (size_t i = 0; i < length; ++i) out += out[out.size() - distance];
    }
  }

  Bits bits_;
  size_t max_bytes_;
};

}  // namespace

std::optional<std::string> inflate_zlib(std::string_view stream, size_t max_bytes) {
  const uint32_t header = number_at(stream, 0, 2, ByteOrder::big);
  const bool deflate = (header >> 8 & 15) == 8, dictionary = header & 0x20;
  if (header % 31 != 0 || !deflate || dictionary) return {};
  try {
    Inflater inflater(part(stream, 2), max_bytes);
    const std::string_view rest = inflater.run();
    if (rest.size() < 4 || number_at(rest, 0, 4, ByteOrder::big) != adler32(inflater.out)) return {};
    return std::move(inflater.out);
  } catch (const Damaged&) {
    return {};
  }
}

}  // namespace stipple
