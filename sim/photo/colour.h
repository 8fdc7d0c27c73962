// Embedded colour profiles -> sRGB.
#pragma once
#include <array>
#include <opencv2/core.hpp>
#include <string>

namespace stipple {

/// Converts pixels (8 or 16 bit; 1 channel grey, 3 RGB, 4 CMYK ink) to sRGB in three channels of the same depth:
/// relative colorimetric, no black point compensation. A profile that is damaged or made for other channels is ignored:
/// grey and RGB count as sRGB, CMYK as plain subtractive inks. Pixels of profiles that amount to sRGB stay as they are.
/// Returns the description of the profile that was converted from, "sRGB" when there was none to convert.
std::string to_srgb(cv::Mat& pixels, const std::string& icc);

/// CIE 1931 chromaticities x, y of red, green, blue and white.
struct Primaries {
  std::array<double, 2> red, green, blue, white;
};
/// The bytes of an ICC profile with these primaries and the sRGB curve; "" when no such profile can be.
std::string make_rgb_profile(const Primaries& primaries, const std::string& description);

}  // namespace stipple
