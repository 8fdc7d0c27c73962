// File -> Photo: the content decides on the decoder, then the picture is converted to sRGB and turned upright.
#include <future>
#include <opencv2/core.hpp>

#include "sim/core/error.h"
#include "sim/photo/colour.h"
#include "sim/photo/file.h"
#include "sim/photo/formats.h"
#include "sim/photo/sha256.h"

namespace stipple {
namespace {

using namespace std::string_view_literals;

constexpr int64_t max_file_bytes = int64_t{1} << 30;

bool is_heif(std::string_view bytes) {
  if (part(bytes, 4, 4) != "ftyp") return false;
  for (const auto brand : {"heic"sv, "heix"sv, "heim"sv, "heis"sv, "hevc"sv, "hevx"sv, "mif1"sv, "msf1"sv, "avif"sv})
    if (part(bytes, 8, 4) == brand) return true;
  return false;
}

Decoded decode_by_content(std::string_view bytes, const std::string& name, const PhotoLimits& limits) {
  if (bytes.starts_with("\xFF\xD8\xFF")) return decode_jpeg(bytes, name, limits);
  if (bytes.starts_with("\x89PNG\r\n\x1A\n")) return decode_png(bytes, name, limits);
  if (bytes.starts_with("II*\0"sv) || bytes.starts_with("MM\0*"sv)) return decode_tiff(bytes, name, limits);
  if (bytes.starts_with("RIFF") && part(bytes, 8, 4) == "WEBP") return decode_webp(bytes, name, limits);
  if (is_heif(bytes)) return decode_heif(bytes, name, limits);
  if (bytes.empty()) fail_reading(name, "is empty", "copy the file again from where it came");
  fail_reading(name, "is not a photo in a known format", "save it as JPEG, PNG, TIFF, WebP or HEIC");
}

/// Turns what a camera held at EXIF orientation 2..8 upright.
void turn_upright(cv::Mat& m, int orientation) {
  if (m.empty() || orientation == 1) return;
  cv::Mat turned = orientation >= 5 ? cv::Mat() : m;
  if (orientation >= 5) cv::transpose(m, turned);
  constexpr int vertical = 0, horizontal = 1, both = -1, none = 2;
  constexpr int flips[] = {none, none, horizontal, both, vertical, none, horizontal, both, vertical};
  if (flips[orientation] != none) cv::flip(turned, turned, flips[orientation]);
  m = turned;
}

}  // namespace

void fail_reading(const std::string& name, const std::string& problem, const std::string& remedy) {
  throw Error(ErrorKind::unreadable, name, problem, remedy);
}

void fail_damaged(const std::string& name, const std::string& detail) {
  fail_reading(name, "is damaged or cut off (" + detail + ")", "copy it again from where it came");
}

void check_size(int64_t width, int64_t height, const std::string& name, const PhotoLimits& limits) {
  const std::string size = std::to_string(width) + " x " + std::to_string(height) + " px";
  if (width <= 0 || height <= 0) fail_damaged(name, "it states a size of " + size);
  if (width > limits.side_px || height > limits.side_px || width * height > limits.pixels)
    fail_reading(name,
                 "is too large (" + size + "; at most " + std::to_string(limits.pixels / 1'000'000) + " megapixels, " +
                     std::to_string(limits.side_px) + " px a side)",
                 "scale it down first");
}

Photo decode_photo(const std::string& bytes, const std::string& name, const PhotoLimits& limits) {
  // The hash takes a fifth of a decoder's time: it is made beside it, unless the file is too small for a thread to pay.
  const auto policy = bytes.size() > (1 << 18) ? std::launch::async : std::launch::deferred;
  std::future<std::string> hash = std::async(policy, [&] { return sha256_hex(bytes); });
  Photo photo;
  Decoded decoded = decode_by_content(bytes, name, limits);
  photo.profile = to_srgb(decoded.pixels, decoded.icc);
  turn_upright(decoded.pixels, decoded.exif.orientation);
  turn_upright(decoded.alpha, decoded.exif.orientation);
  photo.rgb = std::move(decoded.pixels);
  photo.alpha = std::move(decoded.alpha);
  photo.path = name;
  photo.sha256 = hash.get();
  photo.focal_length_35mm_mm = decoded.exif.focal_length_35mm_mm;
  return photo;
}

Photo decode_photo(const std::string& bytes, const std::string& name) { return decode_photo(bytes, name, {}); }

Photo read_photo(const std::string& path) { return decode_photo(read_file(path, max_file_bytes), path); }

}  // namespace stipple
