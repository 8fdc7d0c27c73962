// Values carried smoothly into where they are not known.
#pragma once
#include <opencv2/core.hpp>

namespace stipple {

/// `values` where `known` (255), elsewhere a smooth membrane through the known ones. Zero when nothing is known.
cv::Mat3f membrane(const cv::Mat3f& values, const cv::Mat1b& known);

}  // namespace stipple
