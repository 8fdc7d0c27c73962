// The same skin in two lights: how much brighter the later photo is, from skin that nothing was done to.
#pragma once
#include <opencv2/core.hpp>

#include "sim/core/math.h"

namespace stipple {

/// Logarithm of later over before, per channel: a constant and a gentle slope across the picture.
struct LightGain {
  std::array<Vec3, 3> plane{Vec3::Zero(), Vec3::Zero(), Vec3::Zero()};  // constant, along x, along y
  cv::Point2d centre{0, 0};
  double unit_px = 1;   // slopes are per this
  double log_sd = 0.1;  // of the constant at the treated skin: what is left uncertain
  int blocks = 0;       // pieces of skin it was measured on; 0 = none, the plane is zero
  double at(int channel, double x, double y) const;
};

/// Linear light on one grid; `skin` 255 on untreated skin seen in both photos; `block_px` the size of a piece. Slopes
/// are held back where little skin speaks for them. `centre` is where the gain will be used.
LightGain match_light(const cv::Mat3f& before, const cv::Mat3f& later, const cv::Mat1b& skin, int block_px,
                      cv::Point2d centre);

}  // namespace stipple
