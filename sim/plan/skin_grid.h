// The working grid laid onto the skin: where each pixel looks and how much skin it covers; distances along the skin.
#pragma once
#include <opencv2/core.hpp>

#include "sim/core/job.h"
#include "sim/head/head.h"

namespace stipple {

struct SkinGrid {
  cv::Mat3f head_mm;      // surface point in the head frame at the pixel's centre
  cv::Mat1f area_mm2;     // skin seen by one working pixel; 0 off the head
  cv::Mat1b on_head;      // 255 where head_mm counts
  cv::Rect box;           // of on_head
  double radius_mm = 90;  // turns chords into lengths of skin
  double px_per_mm = 1;   // working px, at the middle of the head

  Vec3 at(int y, int x) const { return Eigen::Map<const Eigen::Vector3f>(head_mm(y, x).val).cast<double>(); }
};

/// Pixels outside `where` (255 = wanted) are off the head.
SkinGrid skin_grid(const Head& head, const cv::Mat1b& where);

/// Length of skin from the middle of every pixel to the border of the region `seeds` (non-zero), 0 inside; `none_mm`
/// where there is none or the pixel is off the head. Right to half a pixel on a sphere; where the skin is foreshortened
/// up to 3 % long.
cv::Mat1f skin_distance_mm(const SkinGrid& grid, const cv::Mat1b& seeds);
inline constexpr float none_mm = 1e6f;

/// `mask` (0/255) with the stair steps of its border rounded over about `radius_mm`, still 0/255.
cv::Mat1b rounded_mask(const SkinGrid& grid, const cv::Mat1b& mask, double radius_mm);

}  // namespace stipple
