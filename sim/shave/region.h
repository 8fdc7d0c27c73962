// Where hair is taken off, and what the photo shows around it.
#pragma once
#include <opencv2/core.hpp>

#include "sim/head/head.h"

namespace stipple {

/// Working grid of Head.
struct ShaveRegion {
  double px_per_mm = 1;      // of the working grid
  cv::Mat1f share;           // 0..1: how much of the pixel is replaced; 0 beyond the seam
  cv::Mat1f head_share;      // 0..1: skin (1) or background (0) once the hair is off
  cv::Mat1f off_model;       // 0..1: hair where the head model has no surface to place follicles on
  cv::Mat1b hair;            // 255 where hair is
  cv::Mat1b bare_skin;       // 255 on skin that no hair touches or shades
  cv::Mat1b background;      // 255 on background that no hair touches
  double protrusion_mm = 0;  // 95th percentile of how far hair stands out beyond the skull
  double loose_share = 0;    // share of the hair that hangs clear of the skull
};

/// Empty `hair` where there is none.
ShaveRegion shave_region(const Head& head);

/// 0 at `low` and below, 1 at `high` and above, smooth between (low > high falls).
inline float smooth_between(double low, double high, double x) {
  const double t = std::min(std::max((x - low) / (high - low), 0.0), 1.0);
  return static_cast<float>(t * t * (3 - 2 * t));
}

}  // namespace stipple
