// The decoders behind decode_photo(): each checks the size before it makes a pixel and hands over what the file holds.
#pragma once
#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "sim/photo/exif.h"
#include "sim/photo/photo.h"

namespace stipple {

struct PhotoLimits {
  int64_t pixels = max_photo_pixels;
  int side_px = max_photo_side_px;
};

/// Pixels as they lie in the file, before turning and colour conversion.
struct Decoded {
  cv::Mat pixels;   // 8 or 16 bit; 1 channel grey, 3 RGB, or 4 CMYK (8 bit, 255 = full ink)
  cv::Mat alpha;    // same depth, one channel, or empty
  std::string icc;  // embedded profile, unchecked; "" for none
  Exif exif;        // orientation 1 when the pixels are upright already
};

/// Profiles above this size are ignored; those of presses reach a few MB.
inline constexpr size_t max_icc_bytes = 16 << 20;

/// All throw Error{unreadable} with `name` as subject.
Decoded decode_jpeg(std::string_view bytes, const std::string& name, const PhotoLimits& limits);
Decoded decode_png(std::string_view bytes, const std::string& name, const PhotoLimits& limits);
Decoded decode_tiff(std::string_view bytes, const std::string& name, const PhotoLimits& limits);
Decoded decode_webp(std::string_view bytes, const std::string& name, const PhotoLimits& limits);
Decoded decode_heif(std::string_view bytes, const std::string& name, const PhotoLimits& limits);

/// decode_photo() with limits of the caller's.
Photo decode_photo(const std::string& bytes, const std::string& name, const PhotoLimits& limits);

/// Refuses empty and oversized pictures.
void check_size(int64_t width, int64_t height, const std::string& name, const PhotoLimits& limits);
[[noreturn]] void fail_reading(const std::string& name, const std::string& problem, const std::string& remedy);
/// The same for files whose content ends early or contradicts itself.
[[noreturn]] void fail_damaged(const std::string& name, const std::string& detail);

}  // namespace stipple
