// The density of a plan where the head's outline cuts the working grid.
#pragma once
#include <opencv2/core.hpp>

#include "sim/head/head.h"

namespace stipple {

/// The map with density also in pixels that the silhouette cuts but whose middle is off the head: the least of what
/// their neighbours have. They show skin too, and where the surface turns away half a pixel holds much of it. Whoever
/// asks for the density at a point of the skin asks this map.
cv::Mat1f over_silhouette(const Head& head, const cv::Mat1f& density_per_cm2);

}  // namespace stipple
