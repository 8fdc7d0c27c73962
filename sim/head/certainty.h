// How far a parser's result can be trusted.
#pragma once
#include "sim/head/parse.h"

namespace stipple {

/// The IoU that the scalp in `classes` has by the parser's own probabilities: expected overlap over expected union.
double expected_scalp_iou(const std::array<cv::Mat1f, 5>& probability, const cv::Mat1b& classes);

/// The same of the whole head, face and scalp: low where no head is, even where the scalp of a head is in doubt.
double expected_head_iou(const std::array<cv::Mat1f, 5>& probability, const cv::Mat1b& classes);

/// Head::confidence from the scalp's, and from how badly the fitted head explains the picture (Fit::misfit).
double calibrated_confidence(double expected_iou, double misfit);

}  // namespace stipple
