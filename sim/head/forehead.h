// Where a bald forehead ends and bare scalp begins nothing shows: anatomy has a say beside the parser.
#pragma once
#include "sim/head/parse.h"

namespace stipple {

/// That line's distance below the mature hairline (DOMAIN 1.4, `scalp_end_polar`) [mm of skin], by how far the camera
/// looks down: medians over bald, shaved and receding training heads. An upright head shows its natural trichion
/// (61 mm above the glabella); on a bent one people put the line further up.
double forehead_end_mm(const HeadModel& model);

/// Moves the border between face skin and bare scalp over the brow to where the parser's odds and the line at which
/// people see a bare forehead end (`forehead_end_mm`) agree; hair, temples, ears and nape stay as they are.
/// `classes` and `probability` share the working grid; `work_scale` is photo px per px of it.
void settle_forehead(const std::array<cv::Mat1f, 5>& probability, const HeadModel& model, double work_scale,
                     cv::Mat1b& classes);

}  // namespace stipple
