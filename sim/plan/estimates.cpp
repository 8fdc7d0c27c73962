// Area, dots and time of a plan. Based on: DOMAIN 2.2: density builds up 30 / 70 / 100 % over three sessions; about
// 14,000 dots take 2-4 h.
#include <cmath>
#include <numbers>
#include <opencv2/core/utility.hpp>
#include <vector>

#include "sim/plan/checks.h"
#include "sim/plan/silhouette.h"

namespace stipple {
namespace {

constexpr double dots_per_minute = 14'000 / 180.0;  // middle of 2-4 h
constexpr std::array<double, 3> reached{0.3, 0.7, 1.0};
constexpr double treated_share = 0.02;  // of the plateau: less is a dot here and there

// Skin that a solid angle about the surface point holds, as seen from the head's origin.
double area_of_angle_mm2(const HeadModel& model, const Vec3& point, double steradians) {
  return steradians * point.squaredNorm() * point.norm() / model.normal(point).dot(point);
}

constexpr double polar_step = 0.015;  // radians; about 1.5 mm of skin

/// Cells of one ring about the vertex.
std::vector<SkinCell> ring_of(const Head& head, const cv::Size& grid, double polar) {
  std::vector<SkinCell> ring;
  const int around = std::max(8, static_cast<int>(2 * std::numbers::pi * std::sin(polar) / polar_step));
  for (int k = 0; k < around; ++k) {
    const double turn = 2 * std::numbers::pi * (k + 0.5) / around;
    const Vec3 point = head.model.chart_point(polar * Vec2(std::cos(turn), std::sin(turn)));
    if (!head.model.faces_camera(point)) continue;
    const Vec2 px = head.model.project(point) / head.work_scale;
    const cv::Point pixel(cvFloor(px.x()), cvFloor(px.y()));
    if (!cv::Rect({0, 0}, grid).contains(pixel)) continue;
    const double steradians = std::sin(polar) * polar_step * 2 * std::numbers::pi / around;
    ring.push_back({pixel, area_of_angle_mm2(head.model, point, steradians) / 100});
  }
  return ring;
}

}  // namespace

std::vector<SkinCell> seen_skin(const Head& head, const cv::Size& grid) {
  std::vector<std::vector<SkinCell>> rings(static_cast<size_t>(std::numbers::pi / polar_step));
  cv::parallel_for_({0, static_cast<int>(rings.size())}, [&](const cv::Range& range) {
    for (int i = range.start; i < range.end; ++i)
      rings[static_cast<size_t>(i)] = ring_of(head, grid, (i + 0.5) * polar_step);
  });
  std::vector<SkinCell> cells;
  for (const std::vector<SkinCell>& ring : rings) cells.insert(cells.end(), ring.begin(), ring.end());
  return cells;
}

Estimates estimates_of(const Head& head, const std::vector<SkinCell>& seen_skin, const cv::Mat1f& density_per_cm2,
                       double plateau_per_cm2) {
  // Sum over cells of the skin, not over pixels: a pixel on the silhouette sees more skin than its middle tells.
  const cv::Mat1f density_map = over_silhouette(head, density_per_cm2);
  Estimates e;
  for (const SkinCell& cell : seen_skin) {
    const float density = density_map(cell.pixel);
    if (density <= 0) continue;
    e.dots_total += cell.area_cm2 * static_cast<double>(density);
    if (static_cast<double>(density) > treated_share * plateau_per_cm2) e.treated_area_cm2 += cell.area_cm2;
  }
  // Area goes with the square of the scale.
  e.treated_area_error_cm2 = 2 * head.scale.relative_error * e.treated_area_cm2;
  for (size_t i = 0; i < reached.size(); ++i) {
    e.dots_per_session[i] = reached[i] * e.dots_total;
    e.minutes_per_session[i] = (reached[i] - (i > 0 ? reached[i - 1] : 0)) * e.dots_total / dots_per_minute;
  }
  return e;
}

}  // namespace stipple
