// One pass counts symbols, one writes them; code lengths are kept to 12 bits so that several codes fit the 64-bit
// buffer between two stores.
// Based on: RFC 1951; Larmore and Hirschberg, "A fast algorithm for optimal length-limited Huffman codes" (1990:
// package-merge); the idea of a fixed, run-only matcher for PNG is that of fpng (Geldreich 2021).
#include "sim/photo/deflate.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <numeric>

namespace stipple {
namespace {

constexpr size_t literal_symbols = 286, end_of_block = 256, shortest_run = 4, longest_run = 258;
constexpr int longest_code = 12;

/// Symbol, count of extra bits and their value for a repeat of `length` bytes (3..258).
struct LengthCode {
  uint16_t symbol;
  uint8_t extra_bits, extra;
};

constexpr std::array<LengthCode, 259> make_length_codes() {
  std::array<LengthCode, 259> codes{};
  for (unsigned length = 3; length < 258; ++length) {
    const unsigned v = length - 3;
    const unsigned bits = v < 8 ? 0 : static_cast<unsigned>(std::bit_width(v)) - 3;
    codes[length] = {static_cast<uint16_t>(257 + 4 * bits + (v >> bits)), static_cast<uint8_t>(bits),
                     static_cast<uint8_t>(v & ((1u << bits) - 1))};
  }
  codes[258] = {285, 0, 0};
  return codes;
}
constexpr auto length_codes = make_length_codes();

/// Codes in the bit order in which deflate stores them.
std::vector<uint16_t> codes_of(std::span<const uint8_t> lengths) {
  std::array<unsigned, 17> next{};
  for (const uint8_t n : lengths)
    if (n) ++next[n + 1u];
  for (size_t n = 1; n < next.size(); ++n) next[n] = (next[n] + next[n - 1]) << (n > 1);
  std::vector<uint16_t> codes(lengths.size());
  for (size_t s = 0; s < lengths.size(); ++s) {
    if (lengths[s] == 0) continue;
    unsigned code = next[lengths[s]]++, reversed = 0;
    for (int i = 0; i < lengths[s]; ++i, code >>= 1) reversed = reversed << 1 | (code & 1);
    codes[s] = static_cast<uint16_t>(reversed);
  }
  return codes;
}

/// Writes bits into memory that is known to suffice.
class BitWriter {
 public:
  explicit BitWriter(char* to) : to_(to) {}
  /// At most 24 bits.
  void put(uint64_t value, unsigned bits) {
    buffer_ |= value << held_;
    held_ += bits;
    if (held_ > 40) store();
  }
  void to_byte_boundary() {
    held_ = (held_ + 7) & ~7u;
    store();
  }
  char* end() const { return to_; }

 private:
  void store() {
    static_assert(std::endian::native == std::endian::little);
    std::memcpy(to_, &buffer_, 8);
    to_ += held_ >> 3;
    buffer_ = held_ < 64 ? buffer_ >> (held_ & ~7u) : 0;
    held_ &= 7;
  }
  char* to_;
  uint64_t buffer_ = 0;
  unsigned held_ = 0;
};

/// Splits `bytes` into literals and runs of the byte before, and hands them over in order.
template <class Literal, class Run>
void split_into_runs(std::string_view bytes, Literal&& literal, Run&& run) {
  const char* p = bytes.data();
  const char* const end = p + bytes.size();
  literal(static_cast<uint8_t>(*p++));
  while (end - p >= static_cast<ptrdiff_t>(shortest_run)) {
    uint32_t next;
    std::memcpy(&next, p, 4);
    if (next != 0x01010101u * static_cast<uint8_t>(p[-1])) {
      literal(static_cast<uint8_t>(*p++));
      continue;
    }
    const size_t most = std::min(static_cast<size_t>(end - p), longest_run);
    size_t length = shortest_run;
    while (length < most && p[length] == p[-1]) ++length;
    run(length);
    p += length;
  }
  while (p < end) literal(static_cast<uint8_t>(*p++));
}

/// The header of a dynamic block: all literal lengths and a single distance (1), themselves prefix-coded one by one.
void put_header(BitWriter& bits, std::span<const uint8_t> lengths, bool last) {
  constexpr std::array<uint8_t, 19> order{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
  std::array<uint32_t, 19> counts{};
  for (const uint8_t n : lengths) ++counts[n];
  ++counts[1];  // the distance's length
  const auto meta_lengths = prefix_code_lengths(counts, 7);
  const auto meta_codes = codes_of(meta_lengths);
  bits.put(last, 1);
  bits.put(2, 2);
  bits.put(literal_symbols - 257, 5);
  bits.put(0, 5);
  bits.put(order.size() - 4, 4);
  for (const uint8_t s : order) bits.put(meta_lengths[s], 3);
  for (const uint8_t n : lengths) bits.put(meta_codes[n], meta_lengths[n]);
  bits.put(meta_codes[1], meta_lengths[1]);
}

}  // namespace

std::vector<uint8_t> prefix_code_lengths(std::span<const uint32_t> counts, int limit) {
  std::vector<size_t> symbols;
  for (size_t s = 0; s < counts.size(); ++s)
    if (counts[s]) symbols.push_back(s);
  std::stable_sort(symbols.begin(), symbols.end(), [&](size_t a, size_t b) { return counts[a] < counts[b]; });
  std::vector<uint8_t> lengths(counts.size(), 0);
  if (symbols.size() < 2) {
    for (const size_t s : symbols) lengths[s] = 1;
    return lengths;
  }

  // Each level merges the symbols with pairs of the level before, by weight; only who is a symbol needs keeping.
  struct Item {
    uint64_t weight;
    bool is_symbol;
  };
  std::vector<std::vector<Item>> levels(static_cast<size_t>(limit));
  for (size_t level = 0; level < levels.size(); ++level) {
    std::vector<Item> leaves, pairs;
    for (const size_t s : symbols) leaves.push_back({counts[s], true});
    for (size_t i = 1; level > 0 && i < levels[level - 1].size(); i += 2)
      pairs.push_back({levels[level - 1][i - 1].weight + levels[level - 1][i].weight, false});
    std::merge(leaves.begin(), leaves.end(), pairs.begin(), pairs.end(), std::back_inserter(levels[level]),
               [](const Item& a, const Item& b) { return a.weight < b.weight; });
  }

  // Going back, every time a symbol is among the cheapest items that are taken, its code grows by one bit.
  size_t taken = 2 * symbols.size() - 2;
  for (size_t level = levels.size(); level-- > 0;) {
    const auto from = levels[level].begin();
    const auto leaves =
        std::count_if(from, from + static_cast<ptrdiff_t>(taken), [](const Item& i) { return i.is_symbol; });
    for (ptrdiff_t i = 0; i < leaves; ++i) ++lengths[symbols[static_cast<size_t>(i)]];
    taken = 2 * (taken - static_cast<size_t>(leaves));
  }
  return lengths;
}

void deflate_runs(std::string_view bytes, bool last, std::string& out) {
  // Two sets of counters, so that equal neighbours need not wait for each other.
  std::array<std::array<uint32_t, literal_symbols>, 2> counts{};
  size_t turn = 0;
  split_into_runs(
      bytes, [&](uint8_t byte) { ++counts[turn ^= 1][byte]; },
      [&](size_t length) { ++counts[0][length_codes[length].symbol]; });
  for (size_t s = 0; s < literal_symbols; ++s) counts[0][s] += counts[1][s];
  counts[0][end_of_block] = 1;
  const auto lengths = prefix_code_lengths(counts[0], longest_code);
  const auto codes = codes_of(lengths);

  const size_t start = out.size();
  out.resize(start + bytes.size() * longest_code / 8 + 1024);
  BitWriter bits(out.data() + start);
  put_header(bits, lengths, last);
  struct Entry {
    uint16_t code, bits;
  };
  std::array<Entry, literal_symbols> table;
  for (size_t s = 0; s < literal_symbols; ++s) table[s] = {codes[s], lengths[s]};
  split_into_runs(
      bytes, [&](uint8_t byte) { bits.put(table[byte].code, table[byte].bits); },
      [&](size_t length) {
        const LengthCode& c = length_codes[length];
        bits.put(table[c.symbol].code, table[c.symbol].bits);
        bits.put(c.extra, c.extra_bits + 1u);  // and the one-bit code 0 of the distance
      });
  bits.put(table[end_of_block].code, table[end_of_block].bits);
  if (!last) bits.put(0, 3);  // an empty stored block fills up to the byte boundary
  bits.to_byte_boundary();
  out.resize(static_cast<size_t>(bits.end() - out.data()));
  if (!last) out += std::string_view("\0\0\xFF\xFF", 4);
}

}  // namespace stipple
