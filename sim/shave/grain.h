// Fine texture of skin and camera, measured on bare skin and made anew under the hair.
#pragma once
#include <opencv2/core.hpp>

namespace stipple {

/// Logarithm of a gain per pixel of `area_px` with the strength that `light` (linear luminance over the area) has in
/// each band of sizes up to `coarsest_px` where `known` is 255. The pattern depends on photo position alone.
cv::Mat1f matched_grain(const cv::Mat1f& light, const cv::Mat1b& known, const cv::Rect& area_px, double coarsest_px);

}  // namespace stipple
