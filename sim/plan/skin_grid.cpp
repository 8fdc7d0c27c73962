// Surface points per working pixel and distance transforms measured on the skin.
// Based on: Danielsson, "Euclidean distance mapping" (1980): every pixel keeps its nearest seed and offers it to its
// neighbours; here the metric is the distance between surface points, so foreshortening costs nothing extra.
#include "sim/plan/skin_grid.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "sim/plan/anatomy.h"

namespace stipple {
namespace {

constexpr float infinite = std::numeric_limits<float>::infinity();

/// Works on the head's box with a border of one pixel that never has a seed.
struct Sweeper {
  const SkinGrid& grid;
  cv::Mat3f seed_mm;  // nearest seed so far
  cv::Mat1f chord2;   // squared straight distance to it; infinite for none

  Sweeper(const SkinGrid& on, const cv::Mat1b& seeds)
      : grid(on), seed_mm(on.box.height + 2, on.box.width + 2), chord2(on.box.height + 2, on.box.width + 2, infinite) {
    const cv::Mat1b seeds_on_head(seeds(grid.box) & grid.on_head(grid.box));
    const cv::Rect inner(1, 1, grid.box.width, grid.box.height);
    grid.head_mm(grid.box).copyTo(seed_mm(inner), seeds_on_head);
    chord2(inner).setTo(0, seeds_on_head);
  }
  // One pass over the head; the neighbours that were visited before are those behind the steps.
  void sweep(int step_x, int step_y) {
    const int rows = grid.box.height, columns = grid.box.width;
    for (int i = 0; i < rows; ++i) {
      const int y = step_y > 0 ? i + 1 : rows - i;
      float* const chords = chord2[y];
      cv::Vec3f* const seeds = seed_mm[y];
      const float* const chords_before = chord2[y - step_y];
      const cv::Vec3f* const seeds_before = seed_mm[y - step_y];
      const uint8_t* const on_head = grid.on_head[grid.box.y + y - 1] + grid.box.x - 1;
      const cv::Vec3f* const head_mm = grid.head_mm[grid.box.y + y - 1] + grid.box.x - 1;
      for (int k = 0; k < columns; ++k) {
        const int x = step_x > 0 ? k + 1 : columns - k;
        if (!on_head[x] || chords[x] == 0) continue;
        float best = chords[x];
        const cv::Vec3f *nearest = nullptr, at = head_mm[x];
        const auto offer = [&](const float* from_chords, const cv::Vec3f* from_seeds, int from) {
          if (from_chords[from] == infinite) return;
          const cv::Vec3f d = at - from_seeds[from];
          const float d2 = d.dot(d);
          if (d2 < best) best = d2, nearest = from_seeds + from;
        };
        offer(chords, seeds, x - step_x);
        offer(chords_before, seeds_before, x - step_x);
        offer(chords_before, seeds_before, x);
        offer(chords_before, seeds_before, x + step_x);
        if (nearest) chords[x] = best, seeds[x] = *nearest;
      }
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
  cv::Mat1f distance(seeds.size(), none_mm);
  if (grid.box.empty()) return distance;
  Sweeper sweeper(grid, seeds);
  for (const auto& [x, y] : {std::pair(1, 1), {-1, 1}, {-1, -1}, {1, -1}}) sweeper.sweep(x, y);

  // The region's border runs half a pixel before the middle of its outermost pixels.
  const double half_px_mm = 0.5 / grid.px_per_mm;
  cv::parallel_for_(cv::Range(0, grid.box.height), [&](const cv::Range& rows) {
    for (int y = rows.start; y < rows.end; ++y)
      for (int x = 0; x < grid.box.width; ++x)
        if (const float chord2 = sweeper.chord2(y + 1, x + 1); chord2 < infinite)
          distance(grid.box.y + y, grid.box.x + x) =
              static_cast<float>(std::max(0.0, skin_length_mm(std::sqrt(chord2), grid.radius_mm) - half_px_mm));
  });
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
