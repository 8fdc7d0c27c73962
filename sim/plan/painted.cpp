#include "sim/plan/painted.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "sim/head/strokes.h"
#include "sim/plan/zones.h"

namespace stipple {
namespace {

constexpr const char* key = "painted_density";
constexpr const char* remedy =
    "write FACTOR RADIUS x,y x,y ...; with factors from 0 to 2, in shares of the photo or in pixels with RADIUSpx";

DensityStroke stroke_of(BrushLine line) {
  DensityStroke stroke{0, line.radius, line.in_px, std::move(line.points)};
  const char* end = line.word.data() + line.word.size();
  const auto [stopped, fault] = std::from_chars(line.word.data(), end, stroke.factor);
  if (fault != std::errc() || stopped != end || !(stroke.factor >= 0 && stroke.factor <= most_density_factor))
    throw unusable(key, line.word, remedy);
  return stroke;
}

std::string factor_text(double factor) {
  char buffer[32];
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, factor).ptr};
}

double squared_distance_to_segment(const Vec2& p, const Vec2& a, const Vec2& b) {
  const Vec2 along = b - a;
  const double length2 = along.squaredNorm();
  const double t = length2 > 0 ? std::clamp((p - a).dot(along) / length2, 0.0, 1.0) : 0;
  return (a + t * along - p).squaredNorm();
}

/// A stroke on the working grid.
struct WorkStroke {
  double factor, radius, soft;
  std::vector<Vec2> points;
};

WorkStroke on_grid(const DensityStroke& stroke, const Head& head, const cv::Size& size, double px_per_mm) {
  const Vec2 whole = stroke.in_px ? Vec2(1 / head.work_scale, 1 / head.work_scale) : Vec2(size.width, size.height);
  const double unit = stroke.in_px ? 1 / head.work_scale : std::max(size.width, size.height);
  WorkStroke work{stroke.factor, stroke.radius * unit + 0.71, 0, {}};  // a pixel that it touches counts
  work.soft = std::max(px_per_mm, 0.2 * stroke.radius * unit);
  for (const Vec2& p : stroke.points) work.points.push_back(p.cwiseProduct(whole));
  return work;
}

/// Blends one piece of a stroke into the cover of the whole stroke.
void cover_piece(const WorkStroke& stroke, const Vec2& a, const Vec2& b, cv::Mat1f& cover, cv::Rect& touched) {
  const double reach = stroke.radius + stroke.soft;
  const Vec2 low = a.cwiseMin(b) - Vec2(reach, reach), high = a.cwiseMax(b) + Vec2(reach, reach);
  const Vec2 first = low.cwiseMax(Vec2(0, 0)), last = high.cwiseMin(Vec2(cover.cols, cover.rows));
  if (!(first.x() < last.x() && first.y() < last.y())) return;
  const cv::Rect box(cv::Point(cvFloor(first.x()), cvFloor(first.y())), cv::Point(cvCeil(last.x()), cvCeil(last.y())));
  touched |= box;
  for (int y = box.y; y < box.br().y; ++y)
    for (int x = box.x; x < box.br().x; ++x) {
      const double away = std::sqrt(squared_distance_to_segment(Vec2(x + 0.5, y + 0.5), a, b));
      const float share =
          1 - smooth_ramp(static_cast<float>(stroke.radius), static_cast<float>(reach), static_cast<float>(away));
      cover(y, x) = std::max(cover(y, x), share);
    }
}

}  // namespace

std::vector<DensityStroke> parse_painted_density(const std::string& text) {
  std::vector<DensityStroke> strokes;
  for (BrushLine& line : parse_brush_lines(text, key, remedy)) strokes.push_back(stroke_of(std::move(line)));
  return strokes;
}

std::string format_painted_density(const std::vector<DensityStroke>& strokes) {
  std::vector<BrushLine> lines;
  for (const DensityStroke& stroke : strokes)
    lines.push_back({factor_text(stroke.factor), stroke.radius, stroke.in_px, stroke.points});
  return format_brush_lines(lines);
}

cv::Mat1f density_factors(const std::vector<DensityStroke>& strokes, const Head& head, const cv::Size& size,
                          double px_per_mm) {
  cv::Mat1f factors(size, 1.0f), cover(size, 0.0f);
  for (const DensityStroke& stroke : strokes) {
    const WorkStroke work = on_grid(stroke, head, size, px_per_mm);
    cv::Rect touched;
    for (size_t i = 0; i < work.points.size(); ++i)
      cover_piece(work, work.points[i > 0 ? i - 1 : 0], work.points[i], cover, touched);
    for (int y = touched.y; y < touched.br().y; ++y)
      for (int x = touched.x; x < touched.br().x; ++x) {
        float& factor = factors(y, x);
        const float share = std::exchange(cover(y, x), 0.0f);
        factor =
            share >= 1 ? static_cast<float>(work.factor) : factor + share * (static_cast<float>(work.factor) - factor);
      }
  }
  return factors;
}

}  // namespace stipple
