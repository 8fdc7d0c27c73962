// Strips of rows are filtered, packed and checksummed in parallel, each into an IDAT chunk of its own.
// Based on: PNG specification (W3C 2003), clause 9 (filters; the row's filter is the one of least absolute sum, 12.8).
#include "sim/photo/png.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <opencv2/core/utility.hpp>
#include <vector>

#include "sim/photo/bytes.h"
#include "sim/photo/packing.h"

namespace stipple {
namespace {

using Row = std::vector<uint8_t>;

void add_chunk(std::string& png, std::string_view kind, std::string_view body) {
  png += bytes_of(body.size(), 4);
  const size_t start = png.size();
  png += kind;
  png += body;
  png += bytes_of(crc32(std::string_view(png).substr(start)), 4);
}

/// Row `y` as PNG stores it: channels interleaved, 16-bit numbers with their high byte first.
template <class T>
void pack_row(const cv::Mat& rgb, const cv::Mat& alpha, int y, uint8_t* out) {
  const T* colour = rgb.ptr<T>(y);
  const T* opacity = alpha.empty() ? nullptr : alpha.ptr<T>(y);
  const auto put = [&out](T value) {
    if constexpr (sizeof(T) == 2) *out++ = static_cast<uint8_t>(value >> 8);
    *out++ = static_cast<uint8_t>(value);
  };
  for (int x = 0; x < rgb.cols; ++x) {
    for (int c = 0; c < 3; ++c) put(colour[3 * x + c]);
    if (opacity) put(opacity[x]);
  }
}

uint8_t paeth(int left, int up, int corner) {
  const int to_left = std::abs(up - corner), to_up = std::abs(left - corner),
            to_corner = std::abs(left + up - 2 * corner);
  const int of_two = to_left <= to_up ? left : up;
  return static_cast<uint8_t>(std::min(to_left, to_up) <= to_corner ? of_two : corner);
}

/// Residuals of `row` under filter 1 (left), 2 (up) or 4 (Paeth). Both rows start with `step` zeros before the pixels.
void filter_row(int filter, const uint8_t* row, const uint8_t* above, size_t step, size_t size, uint8_t* out) {
  const uint8_t *left = row - step, *corner = above - step;
  if (filter == 1)
    for (size_t i = 0; i < size; ++i) out[i] = static_cast<uint8_t>(row[i] - left[i]);
  else if (filter == 2)
    for (size_t i = 0; i < size; ++i) out[i] = static_cast<uint8_t>(row[i] - above[i]);
  else
    for (size_t i = 0; i < size; ++i) out[i] = static_cast<uint8_t>(row[i] - paeth(left[i], above[i], corner[i]));
}

uint32_t absolute_sum(const uint8_t* residuals, size_t size) {
  uint32_t sum = 0;
  for (size_t i = 0; i < size; ++i) sum += static_cast<uint32_t>(std::abs(static_cast<int8_t>(residuals[i])));
  return sum;
}

/// The filtered bytes of rows `from` up to `to`, each led by its filter's number.
std::string filter_rows(const cv::Mat& rgb, const cv::Mat& alpha, int from, int to) {
  const size_t step = (rgb.elemSize() / 3) * (alpha.empty() ? 3 : 4), size = step * static_cast<size_t>(rgb.cols);
  Row row(step + size), above(step + size);
  std::array<Row, 3> residuals{Row(size), Row(size), Row(size)};
  constexpr std::array<int, 3> filters{1, 2, 4};
  const auto pack = rgb.depth() == CV_8U ? pack_row<uint8_t> : pack_row<uint16_t>;
  if (from > 0) pack(rgb, alpha, from - 1, above.data() + step);
  std::string out;
  out.reserve((size + 1) * static_cast<size_t>(to - from));
  for (int y = from; y < to; ++y) {
    pack(rgb, alpha, y, row.data() + step);
    size_t best = 0;
    uint32_t least = UINT32_MAX;
    for (size_t f = 0; f < filters.size(); ++f) {
      filter_row(filters[f], row.data() + step, above.data() + step, step, size, residuals[f].data());
      const uint32_t sum = absolute_sum(residuals[f].data(), size);
      if (sum < least) least = sum, best = f;
    }
    out += static_cast<char>(filters[best]);
    out.append(residuals[best].begin(), residuals[best].end());
    std::swap(row, above);
  }
  return out;
}

struct Strip {
  std::string chunk;  // a whole IDAT chunk
  uint32_t adler = 1;
  size_t bytes = 0;  // before packing
};

Strip pack_strip(const cv::Mat& rgb, const cv::Mat& alpha, int from, int to) {
  const std::string rows = filter_rows(rgb, alpha, from, to);
  std::string packed = from == 0 ? "\x78\x01" : "";
  deflate_strip(rows, to == rgb.rows, packed);
  Strip strip;
  strip.adler = adler32(rows);
  strip.bytes = rows.size();
  add_chunk(strip.chunk, "IDAT", packed);
  return strip;
}

}  // namespace

std::string encode_png(const cv::Mat& rgb, const cv::Mat& alpha, std::string_view comment) {
  // Strips of about half a megabyte: long enough for a good code, short enough to share out.
  const size_t row_bytes = rgb.elemSize() * static_cast<size_t>(rgb.cols);
  const int strip_rows = static_cast<int>(std::max<size_t>(1, (size_t{1} << 19) / row_bytes));
  std::vector<Strip> strips(static_cast<size_t>((rgb.rows + strip_rows - 1) / strip_rows));
  cv::parallel_for_(cv::Range(0, static_cast<int>(strips.size())), [&](const cv::Range& range) {
    for (int i = range.start; i < range.end; ++i)
      strips[static_cast<size_t>(i)] = pack_strip(rgb, alpha, i * strip_rows, std::min(rgb.rows, (i + 1) * strip_rows));
  });

  size_t size = 256 + comment.size();
  for (const Strip& strip : strips) size += strip.chunk.size();
  std::string png = "\x89PNG\r\n\x1A\n";
  png.reserve(size);
  const std::array<char, 5> kind{static_cast<char>(8 * rgb.elemSize1()), static_cast<char>(alpha.empty() ? 2 : 6)};
  add_chunk(png, "IHDR",
            bytes_of(static_cast<size_t>(rgb.cols), 4) + bytes_of(static_cast<size_t>(rgb.rows), 4) +
                std::string(kind.data(), kind.size()));
  if (!comment.empty()) add_chunk(png, "tEXt", "Comment" + std::string(1, '\0') + std::string(comment));
  uint32_t adler = 1;
  for (const Strip& strip : strips) {
    png += strip.chunk;
    adler = joined_adler32(adler, strip.adler, strip.bytes);
  }
  add_chunk(png, "IDAT", bytes_of(adler, 4));
  add_chunk(png, "IEND", "");
  return png;
}

}  // namespace stipple
