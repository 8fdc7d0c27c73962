// Packs filtered picture rows fast: for photos, whose residuals hold no long repeats, prefix codes do nearly all the
// work.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stipple {

/// Appends `bytes` (at least one) to `out` as deflate data that ends on a byte boundary: one block with its own prefix
/// code in which runs of one byte are the only repeats. `last` ends the stream.
void deflate_runs(std::string_view bytes, bool last, std::string& out);

/// Lengths (0 for unused, at most `limit`) of an optimal prefix code for symbols that occur `counts` times. With fewer
/// than two symbols in use the one gets length 1. Needs 2^limit >= symbols in use.
std::vector<uint8_t> prefix_code_lengths(std::span<const uint32_t> counts, int limit);

}  // namespace stipple
