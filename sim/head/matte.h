// Hair matte: which share of each photo pixel strands cover.
#pragma once
#include <opencv2/core.hpp>

#include "sim/core/job.h"
#include "sim/head/head.h"

namespace stipple {

/// Needs head.classes, work_scale, scale and skin. Photo grid, 0..255; 0 beyond the scalp and the skin next to it.
cv::Mat1b hair_matte(const Photo& photo, const cv::Mat3f& work_linear, const Head& head, Job& job);

}  // namespace stipple
