// A parser that is right as often as its probabilities say expects the overlap that it will have. Parsers are surer of
// themselves than they are right, so the expected overlap is mapped to a share of good results by a logistic curve.
#include "sim/head/certainty.h"

#include <algorithm>
#include <cmath>

namespace stipple {

double expected_scalp_iou(const std::array<cv::Mat1f, 5>& probability, const cv::Mat1b& classes) {
  double overlap = 0, all = 0;
  for (int y = 0; y < classes.rows; ++y)
    for (int x = 0; x < classes.cols; ++x) {
      const double p = probability[2](y, x) + probability[3](y, x);
      const bool scalp = is_scalp(classes(y, x));
      overlap += scalp ? p : 0;
      all += scalp ? 1 : p;
    }
  return all > 0 ? overlap / all : 0;
}

double calibrated_confidence(double expected_iou, double misfit) {
  constexpr double even_odds = 0.82, steepness = 22, tolerated_misfit = 0.6;
  const double parsed = 1 / (1 + std::exp(-steepness * (expected_iou - even_odds)));
  return parsed * std::min(1.0, tolerated_misfit / std::max(misfit, 1e-9));
}

}  // namespace stipple
