// A parser that is right as often as its probabilities say expects the overlap that it will have. Parsers are surer of
// themselves than they are right, so the expected overlap is mapped to a share of good results by a logistic curve.
#include "sim/head/certainty.h"

#include <algorithm>
#include <cmath>

namespace stipple {

namespace {

/// Expected overlap over expected union of the pixels that `belongs` says yes to, by class.
template <class Belongs>
double expected_iou(const std::array<cv::Mat1f, 5>& probability, const cv::Mat1b& classes, Belongs&& belongs) {
  double overlap = 0, all = 0;
  for (int y = 0; y < classes.rows; ++y)
    for (int x = 0; x < classes.cols; ++x) {
      double p = 0;
      for (uint8_t c : {face_skin, bare_scalp, hair_on_scalp})
        if (belongs(c)) p += probability[c](y, x);
      const bool inside = belongs(classes(y, x));
      overlap += inside ? p : 0;
      all += inside ? 1 : p;
    }
  return all > 0 ? overlap / all : 0;
}

}  // namespace

double expected_scalp_iou(const std::array<cv::Mat1f, 5>& probability, const cv::Mat1b& classes) {
  return expected_iou(probability, classes, is_scalp);
}

double expected_head_iou(const std::array<cv::Mat1f, 5>& probability, const cv::Mat1b& classes) {
  return expected_iou(probability, classes, [](uint8_t c) { return c == face_skin || is_scalp(c); });
}

double calibrated_confidence(double expected_iou, double misfit) {
  constexpr double even_odds = 0.78, steepness = 20, tolerated_misfit = 1.0;
  const double parsed = 1 / (1 + std::exp(-steepness * (expected_iou - even_odds)));
  return parsed * std::min(1.0, tolerated_misfit / std::max(misfit, 1e-9));
}

}  // namespace stipple
