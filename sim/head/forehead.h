// Where a bald forehead ends and bare scalp begins nothing shows: anatomy has a say beside the parser.
#pragma once
#include "sim/head/parse.h"

namespace stipple {

/// Moves the border between face skin and bare scalp over the brow to where the parser's odds and the mature hairline
/// of the fitted surface (DOMAIN 1.4, `scalp_end_polar`) agree; hair, temples, ears and nape stay as they are.
/// `classes` and `probability` share the working grid; `work_scale` is photo px per px of it.
void settle_forehead(const std::array<cv::Mat1f, 5>& probability, const HeadModel& model, double work_scale,
                     cv::Mat1b& classes);

}  // namespace stipple
