// What a phone's lens and sensor do to the light.
#pragma once
#include <cstdint>
#include <opencv2/core.hpp>

namespace stipple::phantom {

/// Linear light -> 8-bit sRGB: slight blur, photon and read noise, a soft shoulder before white. Deterministic by seed.
cv::Mat3b developed(const cv::Mat3f& linear, uint64_t seed);

}  // namespace stipple::phantom
