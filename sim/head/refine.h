// Class borders that follow the photo's edges.
#pragma once
#include <array>
#include <opencv2/core.hpp>

namespace stipple {

/// Guided filter of class probabilities: each is a local linear function of the photo's colour, so that it steps where
/// the photo does. `radius_px` is how far off borders may be, `eps` the colour variance (0..1 scale) that counts as
/// flat. Coefficients come from a grid reduced by 4 (Fast Guided Filter). Results are clamped and sum to 1.
std::array<cv::Mat1f, 5> refined(const std::array<cv::Mat1f, 5>& probability, const cv::Mat3b& rgb, double radius_px,
                                 double eps);

/// Classes enlarged to the photo's size; borders follow the photo within about one px of the small grid. `rgb` is the
/// photo (8 bit), of the same shape as `classes`.
cv::Mat1b enlarged(const cv::Mat1b& classes, const cv::Mat3b& rgb);

}  // namespace stipple
