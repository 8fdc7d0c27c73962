// Colours of the client's scalp and hair in linear light.
#pragma once
#include <opencv2/core.hpp>

#include "sim/head/head.h"

namespace stipple {

/// 8-bit sRGB to linear light, 0..1.
cv::Mat3f linear_from_srgb(const cv::Mat3b& srgb);
/// L*, a*, b* (D65) of a linear-light colour.
Vec3 lab_of(const Rgb& linear);
/// Medians over skin away from highlights and shadow, the dark quartile of hair; the typology angle of a scalp that
/// shines all over is the face's. Keeps the defaults of SkinColour for what is not there. Needs grids of one size.
SkinColour measure_skin(const cv::Mat3f& work_linear, const cv::Mat1b& classes);

}  // namespace stipple
