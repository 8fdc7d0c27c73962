// Names for the few vector types in use. Lengths are millimetres or pixels as the variable's name says.
#pragma once
#include <Eigen/Core>

namespace stipple {

using Vec2 = Eigen::Vector2d;
using Vec3 = Eigen::Vector3d;
using Mat2 = Eigen::Matrix2d;
using Mat3 = Eigen::Matrix3d;
using Rgb = Eigen::Array3d;  // linear light, BT.709 primaries, 1 = white

/// Luminance of a linear-light colour: Rgb, cv::Vec3f, cv::Scalar.
template <class Colour>
double luminance(const Colour& linear) {
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}

}  // namespace stipple
