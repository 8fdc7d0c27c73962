// Surface points per working pixel and distance transforms measured on the skin.
// Based on: Danielsson, "Euclidean distance mapping" (1980): every pixel keeps its nearest seed and offers it to its
// neighbours; here the metric is the distance between surface points, so foreshortening costs nothing extra.
#include "sim/plan/skin_grid.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <opencv2/imgproc.hpp>

#include "sim/plan/anatomy.h"

namespace stipple {
namespace {

struct Sweeper {
  const SkinGrid& grid;
  cv::Mat3f seed_mm;  // nearest seed so far
  cv::Mat1f chord2;   // squared straight distance to it; infinite for none

  void offer(const cv::Point& at, const cv::Point& from) {
    if (!grid.box.contains(from) || std::isinf(chord2(from))) return;
    const cv::Vec3f d = grid.head_mm(at) - seed_mm(from);
    const float d2 = d.dot(d);
    if (d2 < chord2(at)) chord2(at) = d2, seed_mm(at) = seed_mm(from);
  }
  // One pass over the head; the neighbours that were visited before are those behind `step`.
  void sweep(const cv::Point& step) {
    const cv::Rect& box = grid.box;
    for (int i = 0; i < box.height; ++i)
      for (int k = 0; k < box.width; ++k) {
        const cv::Point at(step.x > 0 ? box.x + k : box.x + box.width - 1 - k,
                           step.y > 0 ? box.y + i : box.y + box.height - 1 - i);
        if (!grid.on_head(at)) continue;
        offer(at, {at.x - step.x, at.y});
        offer(at, {at.x - step.x, at.y - step.y});
        offer(at, {at.x, at.y - step.y});
        offer(at, {at.x + step.x, at.y - step.y});
      }
  }
};

}  // namespace

SkinGrid skin_grid(const Head& head, const cv::Mat1b& where) {
  SkinGrid grid;
  grid.head_mm = cv::Mat3f(where.size(), cv::Vec3f(0, 0, 0));
  grid.area_mm2 = cv::Mat1f(where.size(), 0.f);
  grid.on_head = cv::Mat1b(where.size(), uint8_t{0});
  grid.radius_mm = mean_radius_mm(head.model);
  grid.px_per_mm = head.model.focal_px / std::max(1.0, head.model.centre_camera_mm.z()) / head.work_scale;
  const double photo_px2_per_px = head.work_scale * head.work_scale;
  cv::parallel_for_(cv::Range(0, where.rows), [&](const cv::Range& rows) {
    for (int y = rows.start; y < rows.end; ++y)
      for (int x = 0; x < where.cols; ++x) {
        if (!where(y, x)) continue;
        const auto point = head.model.intersect(Vec2(x + 0.5, y + 0.5) * head.work_scale);
        if (!point) continue;
        const Eigen::Vector3f p = point->cast<float>();
        grid.head_mm(y, x) = {p.x(), p.y(), p.z()};
        grid.area_mm2(y, x) = static_cast<float>(head.model.area_mm2_per_px(*point) * photo_px2_per_px);
        grid.on_head(y, x) = 255;
      }
  });
  grid.box = cv::boundingRect(grid.on_head);
  return grid;
}

cv::Mat1f skin_distance_mm(const SkinGrid& grid, const cv::Mat1b& seeds) {
  constexpr float infinite = std::numeric_limits<float>::infinity();
  Sweeper sweeper{grid, cv::Mat3f(seeds.size()), cv::Mat1f(seeds.size(), infinite)};
  const cv::Mat1b seeds_on_head(seeds & grid.on_head);
  grid.head_mm.copyTo(sweeper.seed_mm, seeds_on_head);
  sweeper.chord2.setTo(0, seeds_on_head);
  for (const cv::Point& step : {cv::Point(1, 1), {-1, 1}, {-1, -1}, {1, -1}}) sweeper.sweep(step);

  // The region's border runs half a pixel before the middle of its outermost pixels.
  const double half_px_mm = 0.5 / grid.px_per_mm;
  cv::Mat1f distance(seeds.size(), none_mm);
  for (int y = 0; y < seeds.rows; ++y)
    for (int x = 0; x < seeds.cols; ++x)
      if (const float chord2 = sweeper.chord2(y, x); chord2 < infinite)
        distance(y, x) =
            static_cast<float>(std::max(0.0, skin_length_mm(std::sqrt(chord2), grid.radius_mm) - half_px_mm));
  return distance;
}

cv::Mat1b rounded_mask(const SkinGrid& grid, const cv::Mat1b& mask, double radius_mm) {
  const double sigma = radius_mm * grid.px_per_mm;
  if (sigma < 0.4) return mask.clone();
  cv::Mat1b soft;
  cv::GaussianBlur(mask, soft, {}, std::min(sigma, 40.0), 0, cv::BORDER_REPLICATE);
  return cv::Mat1b(soft > 127);
}

}  // namespace stipple
