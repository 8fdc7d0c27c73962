// What the skin under the hair looks like.
#pragma once
#include <opencv2/core.hpp>

#include "sim/shave/region.h"

namespace stipple {

/// Linear light of skin without hair, working grid: the photo's own on bare skin, elsewhere the shading that the head's
/// shape has in this light, times what is left over on the skin around. `linear`: the photo on the working grid.
cv::Mat3f skin_under_hair(const cv::Mat3f& linear, const Head& head, const ShaveRegion& region);

}  // namespace stipple
