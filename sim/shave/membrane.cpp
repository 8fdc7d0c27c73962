// Pull: halve the grid, averaging what is known. Push: double it again, filling what is not; some rounds of relaxation
// on every level take out the steps between levels and bring the fill near to Laplace's equation.
// Based on: Gortler et al., "The Lumigraph", SIGGRAPH 1996 (pull-push).
#include "sim/shave/membrane.h"

#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>

namespace stipple {
namespace {

constexpr int relaxations = 24;

void relax(cv::Mat3f& values, const cv::Mat1b& known) {
  cv::Mat3f mean;
  for (int round = 0; round < relaxations; ++round) {
    cv::blur(values, mean, {3, 3}, {-1, -1}, cv::BORDER_REPLICATE);
    mean.copyTo(values, ~known);
  }
}

/// Halved grid: mean of the known pixels of each two by two.
void halve(const cv::Mat3f& values, const cv::Mat1b& known, cv::Mat3f& coarse, cv::Mat1b& coarse_known) {
  const cv::Size size((values.cols + 1) / 2, (values.rows + 1) / 2);
  coarse = cv::Mat3f(size, cv::Vec3f());
  coarse_known = cv::Mat1b(size, uint8_t{0});
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x) {
      cv::Vec3f sum;
      int count = 0;
      for (int v = 2 * y; v < std::min(2 * y + 2, values.rows); ++v)
        for (int u = 2 * x; u < std::min(2 * x + 2, values.cols); ++u)
          if (known(v, u)) sum += values(v, u), ++count;
      if (count == 0) continue;
      coarse(y, x) = sum * (1.0f / static_cast<float>(count));
      coarse_known(y, x) = 255;
    }
}

}  // namespace

cv::Mat3f membrane(const cv::Mat3f& values, const cv::Mat1b& known) {
  cv::Mat3f filled(values.size(), cv::Vec3f());
  if (values.rows <= 1 && values.cols <= 1) {
    values.copyTo(filled, known);
    return filled;
  }
  cv::Mat3f coarse;
  cv::Mat1b coarse_known;
  halve(values, known, coarse, coarse_known);
  cv::resize(membrane(coarse, coarse_known), filled, values.size(), 0, 0, cv::INTER_LINEAR);
  values.copyTo(filled, known);
  relax(filled, known);
  return filled;
}

}  // namespace stipple
