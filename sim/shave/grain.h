// Fine texture of skin and camera, measured on bare skin and made anew under the hair.
#pragma once
#include <opencv2/core.hpp>

namespace stipple {

/// A pattern that repeats without a seam every grain_tile_px pixels of the photo.
inline constexpr int grain_tile_px = 512;

/// Logarithm of a gain, one tile of it, with the strength that `light` (linear luminance) has in each band of sizes up
/// to `coarsest_px` where `known` is 255.
cv::Mat1f matched_grain(const cv::Mat1f& light, const cv::Mat1b& known, double coarsest_px);

inline float grain_at(const cv::Mat1f& tile, int photo_x, int photo_y) {
  return tile(photo_y % grain_tile_px, photo_x % grain_tile_px);
}

}  // namespace stipple
