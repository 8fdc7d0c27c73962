// File <-> photo. The only door through which encoded pixels enter or leave the engine.
#pragma once
#include <cstdint>
#include <opencv2/core.hpp>
#include <optional>
#include <string>

namespace stipple {

/// A decoded photo, turned upright by its EXIF orientation and converted by its embedded profile to sRGB.
/// Pixels stay in their encoded form (8 or 16 bit sRGB), so that what is not treated stays bit-identical;
/// linear_light() and store_linear() convert the rectangles that are worked on.
struct Photo {
  cv::Mat rgb;                                 // CV_8UC3 or CV_16UC3, R G B, sRGB-encoded
  cv::Mat alpha;                               // same depth, one channel; empty when the file has none
  std::string path;                            // where it came from; "" for made images
  std::string sha256;                          // of the file's bytes, lower-case hex; "" for made images
  std::string profile = "sRGB";                // description of the embedded profile that was converted from
  std::optional<double> focal_length_35mm_mm;  // EXIF FocalLengthIn35mmFilm, when believable (8..300)

  cv::Size size() const { return rgb.size(); }
};

inline constexpr int64_t max_photo_pixels = 120'000'000;  // refused before decoding above this
inline constexpr int max_photo_side_px = 30'000;

/// Reads JPEG, PNG, TIFF, WebP or HEIC by content, not by name. First frame of animations.
/// Throws Error{unreadable} for anything else, naming the file and the remedy; never decodes above the limits.
Photo read_photo(const std::string& path);
/// The same from bytes; `name` stands in for the path in messages.
Photo decode_photo(const std::string& bytes, const std::string& name);

/// Writes PNG, JPEG, TIFF or WebP by the extension of `path`, atomically (temporary file, then rename). Carries no
/// metadata but a comment that says the picture is a simulation (when `simulation`). JPEG quality 1..100. Throws
/// Error{usage} for an unknown extension, Error{internal} when the file cannot be written.
void write_photo(const Photo& photo, const std::string& path, bool simulation, int jpeg_quality = 95);
std::string encode_photo(const Photo& photo, const std::string& extension, bool simulation, int jpeg_quality = 95);

/// Linear-light RGB in 0..1 of the pixels in `area`, and back (rounded to the photo's own depth, clamped).
cv::Mat3f linear_light(const Photo& photo, const cv::Rect& area);
void store_linear(Photo& photo, const cv::Rect& area, const cv::Mat3f& linear);

}  // namespace stipple
