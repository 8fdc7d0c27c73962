// What lies behind hair that stands out from the head.
#pragma once
#include <opencv2/core.hpp>

namespace stipple {

/// `light` where `known` (255), elsewhere mirrored at the border of what is known, so that the background's pattern
/// goes on, and running over into a smooth membrane the farther away it gets. Working grid.
cv::Mat3f backdrop(const cv::Mat3f& light, const cv::Mat1b& known, double px_per_mm);

}  // namespace stipple
