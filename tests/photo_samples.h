// Pictures and damaged files that the photo tests are made of; all of them are computed, none is anyone's photo.
#pragma once
#include <cmath>
#include <cstring>
#include <map>
#include <opencv2/core.hpp>
#include <string>

#include "sim/core/error.h"
#include "sim/core/random.h"
#include "sim/photo/bytes.h"
#include "sim/photo/packing.h"
#include "sim/photo/photo.h"

namespace stipple::testing {

/// The message of the Error that `action` throws, its kind prefixed as "unreadable|...".
template <class Action>
inline std::string error_of(Action&& action) {
  static constexpr const char* kinds[] = {"internal|", "usage|", "unreadable|", "no_scalp|"};
  try {
    action();
  } catch (const Error& e) {
    return kinds[static_cast<int>(e.kind())] + std::string(e.what());
  }
  return "nothing was thrown";
}

inline bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// A picture with smooth colour, sharp detail and no symmetry, the same on every machine.
inline Photo made_photo(cv::Size size, int depth = CV_8U) {
  Photo photo;
  photo.rgb.create(size, CV_MAKETYPE(depth, 3));
  const double top = depth == CV_8U ? 255 : 65535;
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x)
      for (int c = 0; c < 3; ++c) {
        const double noise = uniform(5, static_cast<uint64_t>(y * size.width + x), static_cast<uint64_t>(c)) - 0.5;
        const double v = 0.45 + 0.28 * std::sin(0.05 * x + c) + 0.14 * std::cos(0.03 * y + 0.02 * x) + 0.02 * noise;
        if (depth == CV_8U)
          photo.rgb.at<cv::Vec3b>(y, x)[c] = static_cast<uint8_t>(std::lround(v * top));
        else
          photo.rgb.at<cv::Vec3w>(y, x)[c] = static_cast<uint16_t>(std::lround(v * top));
      }
  return photo;
}

inline bool same(const cv::Mat& a, const cv::Mat& b) {
  return a.size() == b.size() && a.type() == b.type() && cv::norm(a, b, cv::NORM_INF) == 0;
}

inline std::string number(size_t value, int width, bool little = false) {
  return bytes_of(value, width, little ? ByteOrder::little : ByteOrder::big);
}

/// An EXIF block with an orientation and a 35 mm focal length.
inline std::string exif_block(int orientation, int focal_mm, bool little = false) {
  const auto n = [&](size_t v, int w) { return number(v, w, little); };
  const auto short_field = [&](size_t tag, size_t value) {
    return n(tag, 2) + n(3, 2) + n(1, 4) + n(value, 2) + n(0, 2);
  };
  return (little ? "II" : "MM") + n(42, 2) + n(8, 4) +                   //
         n(2, 2) + short_field(274, static_cast<size_t>(orientation)) +  //
         n(34665, 2) + n(4, 2) + n(1, 4) + n(38, 4) + n(0, 4) +          //
         n(1, 2) + short_field(41989, static_cast<size_t>(focal_mm)) + n(0, 4);
}

inline std::string jpeg_segment(int marker, const std::string& body) {
  return number(0xFF00u + static_cast<size_t>(marker), 2) + number(body.size() + 2, 2) + body;
}
inline std::string jpeg_with(std::string jpeg, const std::string& segments) { return jpeg.insert(2, segments); }

/// APP2 segments of at most `part_size` bytes of profile.
inline std::string icc_segments(const std::string& icc, size_t part_size) {
  const size_t count = (icc.size() + part_size - 1) / part_size;
  std::string segments;
  for (size_t i = count; i-- > 0;)  // last first: the order must come from the numbers
    segments += jpeg_segment(0xE2, std::string("ICC_PROFILE\0", 12) + number(i + 1, 1) + number(count, 1) +
                                       icc.substr(i * part_size, part_size));
  return segments;
}

inline std::string png_chunk(const std::string& kind, const std::string& body) {
  return number(body.size(), 4) + kind + body + number(crc32(kind + body), 4);
}
inline std::string png_with(std::string png, const std::string& chunks) { return png.insert(33, chunks); }

/// A zlib stream of stored blocks.
inline std::string stored_zlib(const std::string& bytes) {
  constexpr size_t block = 60'000;
  std::string stream = number(0x7801, 2);
  for (size_t at = 0; at == 0 || at < bytes.size(); at += block) {
    const std::string body = bytes.substr(at, block);
    stream +=
        number(at + block >= bytes.size(), 1) + number(body.size(), 2, true) + number(~body.size(), 2, true) + body;
  }
  return stream + number(adler32(bytes), 4);
}
inline std::string iccp_chunk(const std::string& icc) {
  return png_chunk("iCCP", std::string("p\0\0", 3) + stored_zlib(icc));
}

/// The simple WebP `webp` in the extended container, with chunks before and after the picture.
inline std::string extended_webp(const std::string& webp, cv::Size size, int flags, const std::string& before,
                                 const std::string& after) {
  const auto n = [](size_t v, int w) { return number(v, w, true); };
  const std::string body = "WEBPVP8X" + n(10, 4) + n(static_cast<size_t>(flags), 4) +
                           n(static_cast<size_t>(size.width - 1), 3) + n(static_cast<size_t>(size.height - 1), 3) +
                           before + webp.substr(12) + after;
  return "RIFF" + n(body.size(), 4) + body;
}
inline std::string webp_chunk(const std::string& kind, const std::string& body) {
  return kind + number(body.size(), 4, true) + body + (body.size() % 2 ? std::string(1, '\0') : "");
}

/// How a camera holds an upright picture when it says `orientation`, by the definition of EXIF: row 0 and column 0 of
/// what is stored lie at the named sides of what was seen.
inline cv::Mat as_stored(const cv::Mat& upright, int orientation) {
  const bool swapped = orientation >= 5;
  const int rows = upright.rows, cols = upright.cols;
  cv::Mat stored(swapped ? cols : rows, swapped ? rows : cols, upright.type());
  for (int r = 0; r < stored.rows; ++r)
    for (int c = 0; c < stored.cols; ++c) {
      const int row_x[] = {0, 0, 0, 0, 0, r, cols - 1 - r, cols - 1 - r, r};
      const int row_y[] = {0, r, r, rows - 1 - r, rows - 1 - r, 0, 0, 0, 0};
      const int col_x[] = {0, c, cols - 1 - c, cols - 1 - c, c, 0, 0, 0, 0};
      const int col_y[] = {0, 0, 0, 0, 0, c, c, rows - 1 - c, rows - 1 - c};
      const auto o = static_cast<size_t>(orientation);
      const int y = swapped ? col_y[o] : row_y[o], x = swapped ? row_x[o] : col_x[o];
      std::memcpy(stored.ptr(r, c), upright.ptr(y, x), upright.elemSize());
    }
  return stored;
}

/// An uncompressed TIFF of one strip; every field can be overridden or added by tag (LONG values), `icc` by its bytes.
inline std::string made_tiff(const cv::Mat& pixels, std::map<size_t, size_t> fields = {}, const std::string& icc = "") {
  const size_t channels = static_cast<size_t>(pixels.channels()), depth = 8 * pixels.elemSize1();
  const std::string data(reinterpret_cast<const char*>(pixels.data), pixels.total() * pixels.elemSize());
  std::string tail = number(depth, 2, true) + number(depth, 2, true) + number(depth, 2, true) + number(depth, 2, true);
  const size_t bits_at = 8, data_at = bits_at + tail.size(), icc_at = data_at + data.size();
  tail += data + icc;
  std::map<size_t, size_t> all{{256, static_cast<size_t>(pixels.cols)},
                               {257, static_cast<size_t>(pixels.rows)},
                               {258, depth},
                               {259, 1},
                               {262, channels == 1 ? 1 : 2},
                               {273, data_at},
                               {277, channels},
                               {278, static_cast<size_t>(pixels.rows)},
                               {279, data.size()}};
  if (!icc.empty()) all[34675] = icc_at;
  for (const auto& [tag, value] : fields) all[tag] = value;
  std::string directory = number(all.size(), 2, true);
  for (const auto& [tag, value] : all) {
    const bool bits = tag == 258 && channels > 1 && value == depth, profile = tag == 34675;
    directory += number(tag, 2, true) +
                 number(profile ? 7
                        : bits  ? 3
                                : 4,
                        2, true) +
                 number(profile ? icc.size()
                        : bits  ? channels
                                : 1,
                        4, true) +
                 number(bits ? bits_at : value, 4, true);
  }
  return "II" + number(42, 2, true) + number(8 + tail.size(), 4, true) + tail + directory + number(0, 4, true);
}

}  // namespace stipple::testing
