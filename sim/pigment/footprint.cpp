// Perspective, the skin above and the camera turn a footprint in millimetres into one in pixels.
#include "sim/pigment/footprint.h"

#include <Eigen/LU>
#include <cmath>
#include <numbers>

#include "sim/pigment/saturation.h"

namespace stipple {

Stamp seen_stamp(const Dot& dot, const SkinFootprint& footprint, double camera_blur_px) {
  const Mat2& px_per_mm = dot.px_per_mm;
  const double blur_mm2 = footprint.skin_blur_mm * footprint.skin_blur_mm;
  const Mat2 in_mm2 = footprint.pigment_mm2 + blur_mm2 * Mat2::Identity();
  const Mat2 cov = px_per_mm * in_mm2 * px_per_mm.transpose() + camera_blur_px * camera_blur_px * Mat2::Identity();
  const double in_skin_mm2 = 2 * std::numbers::pi * std::sqrt(footprint.pigment_mm2.determinant());
  const double light_px2 = in_skin_mm2 * taken_light(footprint.absorbance_mm2 / in_skin_mm2) * footprint.share_reached *
                           std::abs(px_per_mm.determinant());
  const double drawn_px2 = 2 * std::numbers::pi * std::sqrt(Mat2(cov + Mat2::Identity() / 12).determinant());
  Stamp stamp;
  stamp.x_px = static_cast<float>(dot.photo_px.x());
  stamp.y_px = static_cast<float>(dot.photo_px.y());
  stamp.mass_px2 = static_cast<float>(drawn_px2 * peak_taking(light_px2 / drawn_px2));
  stamp.cov_xx = static_cast<float>(cov(0, 0));
  stamp.cov_xy = static_cast<float>(cov(0, 1));
  stamp.cov_yy = static_cast<float>(cov(1, 1));
  return stamp;
}

}  // namespace stipple
