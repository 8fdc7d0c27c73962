// Skin without a head's shape, to show pigment on: swatches, tests and benches.
#pragma once
#include <cmath>
#include <opencv2/core.hpp>

#include "sim/field/field.h"
#include "sim/head/head.h"

namespace stipple {

/// A head so large that the photo sees it as flat skin, at exactly `px_per_mm` in its middle.
inline Head flat_head(cv::Size size, double px_per_mm, const Rgb& skin = Rgb(0.56, 0.27, 0.23)) {
  constexpr double radius_mm = 1e6, distance_mm = 1000;
  Head head;
  head.photo_size = size;
  head.found = true;
  head.confidence = 1;
  head.head_box_px = cv::Rect(cv::Point(0, 0), size);
  head.hair_matte = cv::Mat1b::zeros(size);
  head.scale = {px_per_mm, 0.01, "stated"};
  head.skin.scalp = skin;
  head.model.form = ellipsoid_form;
  head.model.semi_axes_mm = Vec3::Constant(radius_mm);
  head.model.centre_camera_mm = Vec3(0, 0, radius_mm + distance_mm);
  head.model.focal_px = px_per_mm * distance_mm;
  head.model.principal_px = Vec2(size.width / 2.0, size.height / 2.0);
  return head;
}

/// A dot at a photo position of a flat head.
inline Dot dot_at(const Head& head, const Vec2& photo_px, uint64_t id = 1) {
  Dot dot;
  dot.photo_px = photo_px;
  const Vec2 mm = (photo_px - head.model.principal_px) / head.scale.px_per_mm;
  const double radius = head.model.semi_axes_mm.z();
  dot.head_mm = Vec3(mm.x(), -mm.y(), std::sqrt(radius * radius - mm.squaredNorm()));
  dot.px_per_mm = head.model.px_per_mm(dot.head_mm);
  dot.id = id;
  return dot;
}

}  // namespace stipple
