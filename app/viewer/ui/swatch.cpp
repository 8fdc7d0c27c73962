#include "app/viewer/ui/swatch.h"

#include <cmath>

#include "sim/core/random.h"
#include "sim/pigment/flat_skin.h"

namespace stipple {
namespace {

constexpr double height_mm = 9;  // a close look, as near as clients look at themselves

/// Dots on a jittered triangular grid that reaches past the picture on all sides.
Field dots_on(const Head& head, double density_per_cm2) {
  const double gap_mm = std::sqrt(2 / (std::sqrt(3.0) * density_per_cm2 / 100)), margin_mm = 3;
  const double row_mm = gap_mm * std::sqrt(3.0) / 2;
  const Vec2 half =
      Vec2(head.photo_size.width, head.photo_size.height) / (2 * head.scale.px_per_mm) + Vec2(margin_mm, margin_mm);
  Field field;
  for (int j = 0; (j - 1) * row_mm < 2 * half.y(); ++j)
    for (int i = 0; (i - 1) * gap_mm < 2 * half.x(); ++i) {
      const uint64_t id = hash64(7, static_cast<uint64_t>(j), static_cast<uint64_t>(i));
      const Vec2 jitter(uniform(id, 0, 1) - 0.5, uniform(id, 0, 2) - 0.5);
      const Vec2 mm = Vec2((i + 0.5 * (j % 2)) * gap_mm, j * row_mm) - half + 0.5 * gap_mm * jitter;
      Dot dot = dot_at(head, head.model.principal_px + head.scale.px_per_mm * mm, id);
      dot.rank = static_cast<float>(1 - uniform(dot.id, 0, 3));
      dot.diameter_factor = static_cast<float>(std::exp(0.18 * normal(dot.id, 0, 4)));
      dot.tone_factor = static_cast<float>(std::exp(0.2 * normal(dot.id, 0, 6)));
      field.dots.push_back(dot);
    }
  return field;
}

}  // namespace

Photo shade_swatch(const Rgb& skin, double density_per_cm2, PigmentParams params, cv::Size size) {
  params.years = 0.25;
  params.sessions = 3;
  params.band = Band::typical;
  const Head head = flat_head(size, size.height / height_mm, skin);
  Photo photo;
  photo.rgb = cv::Mat(size, CV_8UC3);
  const cv::Vec3f light(static_cast<float>(skin[0]), static_cast<float>(skin[1]), static_cast<float>(skin[2]));
  store_linear(photo, cv::Rect({0, 0}, size), cv::Mat3f(size, light));
  Job job;
  return composite(photo, head, make_deposit(photo, head, dots_on(head, density_per_cm2), params, job), job);
}

const std::vector<std::shared_ptr<const Photo>>& Swatches::get(const Rgb& skin, double density_per_cm2,
                                                               const PigmentParams& params, cv::Size size) {
  PigmentParams key = params;
  key.shade_parts_water = key.years = 0;  // each swatch has its own shade, all are healed
  key.sessions = 3;
  key.band = Band::typical;
  if (!pictures_.empty() && (skin == skin_).all() && density_ == density_per_cm2 && params_ == key && size_ == size)
    return pictures_;
  skin_ = skin;
  density_ = density_per_cm2;
  params_ = key;
  size_ = size;
  pictures_.clear();
  for (const Shade& shade : shade_ladder()) {
    key.shade_parts_water = shade.parts_water;
    pictures_.push_back(std::make_shared<const Photo>(shade_swatch(skin, density_per_cm2, key, size)));
  }
  return pictures_;
}

}  // namespace stipple
