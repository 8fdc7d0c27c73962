#include "sim/shave/backdrop.h"

#include <cmath>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "sim/shave/membrane.h"
#include "sim/shave/region.h"

namespace stipple {
namespace {

constexpr double mirrored_mm = 14, gone_mm = 30;  // depth up to which the mirror image is believed, and where it ends

/// The known pixel nearest to each.
cv::Mat_<cv::Point> nearest_known(const cv::Mat1b& known) {
  cv::Mat1f distance;
  cv::Mat1i label;
  cv::distanceTransform(~known, distance, label, cv::DIST_L2, cv::DIST_MASK_5, cv::DIST_LABEL_PIXEL);
  std::vector<cv::Point> place(known.total() + 1);
  for (int y = 0; y < known.rows; ++y)
    for (int x = 0; x < known.cols; ++x)
      if (known(y, x)) place[static_cast<size_t>(label(y, x))] = {x, y};
  cv::Mat_<cv::Point> nearest(known.size());
  for (int y = 0; y < known.rows; ++y)
    for (int x = 0; x < known.cols; ++x) nearest(y, x) = place[static_cast<size_t>(label(y, x))];
  return nearest;
}

}  // namespace

cv::Mat3f backdrop(const cv::Mat3f& light, const cv::Mat1b& known, double px_per_mm) {
  cv::Mat3f out = membrane(light, known);
  if (cv::countNonZero(known) == 0) return out;
  const cv::Mat_<cv::Point> nearest = nearest_known(known);
  const cv::Rect all({0, 0}, known.size());
  cv::parallel_for_({0, out.rows}, [&](const cv::Range& rows) {
    for (int y = rows.start; y < rows.end; ++y)
      for (int x = 0; x < out.cols; ++x) {
        if (known(y, x)) continue;
        const cv::Point border = nearest(y, x), mirrored = 2 * border - cv::Point(x, y);
        if (!all.contains(mirrored) || !known(mirrored)) continue;
        const float share = smooth_between(gone_mm, mirrored_mm, std::hypot(border.x - x, border.y - y) / px_per_mm);
        out(y, x) = light(mirrored) * share + out(y, x) * (1 - share);
      }
  });
  return out;
}

}  // namespace stipple
