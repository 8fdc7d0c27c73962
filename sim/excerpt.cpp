#include "sim/excerpt.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "sim/pigment/pigment.h"

namespace stipple {
namespace {

cv::Mat reduced(const cv::Mat& image, const Excerpt& excerpt) {
  const cv::Mat part = image(excerpt.area_px);
  if (part.size() == excerpt.size()) return part;
  cv::Mat small;
  cv::resize(part, small, excerpt.size(), 0, 0, cv::INTER_AREA);
  return small;
}

/// The same lens behind a part of the picture with larger pixels.
HeadModel reduced(HeadModel model, const Excerpt& excerpt) {
  model.focal_px *= excerpt.scale;
  model.principal_px = excerpt.scale * (model.principal_px - Vec2(excerpt.area_px.x, excerpt.area_px.y));
  return model;
}

}  // namespace

cv::Size Excerpt::size() const {
  return {std::max(1, cvRound(area_px.width * scale)), std::max(1, cvRound(area_px.height * scale))};
}

ExcerptGround excerpt_ground(const Shaven& shaven, const Head& head, double camera_blur_px, const Excerpt& excerpt) {
  ExcerptGround ground;
  ground.photo.rgb = reduced(shaven.photo.rgb, excerpt);
  ground.head.photo_size = excerpt.size();
  ground.head.found = head.found;
  ground.head.skin = head.skin;
  ground.head.scale = head.scale;
  ground.head.scale.px_per_mm *= excerpt.scale;
  ground.head.model = reduced(head.model, excerpt);
  if (!shaven.hair_matte.empty()) ground.head.hair_matte = reduced(shaven.hair_matte, excerpt);
  ground.camera_blur_px = camera_blur_px * excerpt.scale;
  return ground;
}

Field excerpt_field(const Field& field, const Excerpt& excerpt) {
  // Dots beside the excerpt shade it as far as skin spreads light.
  Field seen;
  const Vec2 corner(excerpt.area_px.x, excerpt.area_px.y), size(excerpt.area_px.width, excerpt.area_px.height);
  for (const Dot& dot : field.dots) {
    const double reach_px = reach_mm * dot.px_per_mm.colwise().norm().maxCoeff();
    const Vec2 at = dot.photo_px - corner;
    if ((at.array() < -reach_px).any() || (at.array() > size.array() + reach_px).any()) continue;
    seen.dots.push_back(dot);
    seen.dots.back().photo_px = excerpt.scale * at;
    seen.dots.back().px_per_mm *= excerpt.scale;
  }
  return seen;
}

}  // namespace stipple
