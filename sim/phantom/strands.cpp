// Lighting and drawing of strands. A strand is thinner than a pixel almost everywhere, so it is drawn by the area that
// it covers of each pixel, without caps, so that consecutive segments add up to exactly one strand. Based on: Kajiya &
// Kay, "Rendering fur with three dimensional textures" (1989).
#include "sim/phantom/strands.h"

#include <numeric>
#include <opencv2/core/utility.hpp>

#include "sim/phantom/sdf.h"

namespace stipple::phantom {
namespace {

constexpr double behind_surface_mm = 0.7;  // a strand this far behind the surface is hidden

struct Segment {
  Vec2 a, b;
  double distance, width_px, opacity;
  Rgb colour_a, colour_b;
};

std::vector<Segment> segments_of(const std::vector<Strand>& strands, const HeadModel& camera) {
  const Vec3 eye = -(camera.head_to_camera.transpose() * camera.centre_camera_mm);
  std::vector<Segment> segments;
  for (const Strand& s : strands)
    for (int i = 0; i + 1 < s.count; ++i) {
      const auto k = static_cast<size_t>(i);
      const double distance = (0.5 * (s.points[k] + s.points[k + 1]) - eye).norm();
      const double taper = 1 - 0.5 * (i + 0.5) / std::max(s.count - 1, 1) * (s.count > 2);
      segments.push_back({project_px(camera, s.points[k]), project_px(camera, s.points[k + 1]), distance,
                          taper * s.diameter_mm * camera.focal_px / distance, s.opacity, s.colours[k],
                          s.colours[k + 1]});
    }
  std::vector<size_t> order(segments.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t i, size_t j) {
    return segments[i].distance != segments[j].distance ? segments[i].distance > segments[j].distance : i < j;
  });
  std::vector<Segment> sorted;
  sorted.reserve(segments.size());
  for (const size_t i : order) sorted.push_back(segments[i]);
  return sorted;
}

void draw_segment(const Segment& s, const cv::Range& rows, cv::Mat3f& picture, cv::Mat1f& cover,
                  const std::vector<Hit>& hits) {
  const Vec2 along = s.b - s.a;
  const double length = std::max(along.norm(), 1e-6), reach = 0.5 * s.width_px + 1.0;
  const Vec2 unit = along / length;
  const int y0 = std::max(rows.start, static_cast<int>(std::floor(std::min(s.a.y(), s.b.y()) - reach - 0.5)));
  const int y1 = std::min(rows.end - 1, static_cast<int>(std::ceil(std::max(s.a.y(), s.b.y()) + reach)));
  const int x0 = std::max(0, static_cast<int>(std::floor(std::min(s.a.x(), s.b.x()) - reach - 0.5)));
  const int x1 = std::min(cover.cols - 1, static_cast<int>(std::ceil(std::max(s.a.x(), s.b.x()) + reach)));
  for (int y = y0; y <= y1; ++y)
    for (int x = x0; x <= x1; ++x) {
      const Vec2 r = Vec2(x + 0.5, y + 0.5) - s.a;
      const double on = r.dot(unit), off = std::abs(r.x() * unit.y() - r.y() * unit.x());
      // Along: overlap of the pixel with the segment. Across: a tent one pixel wide, or the width where it is wider.
      const double run = std::min(on + 0.5, length) - std::max(on - 0.5, 0.0);
      const double across =
          s.width_px < 1 ? s.width_px * std::max(0.0, 1 - off) : std::clamp(0.5 * s.width_px + 0.5 - off, 0.0, 1.0);
      if (run <= 0 || across <= 0) continue;
      const Hit& hit = hits[static_cast<size_t>(y) * static_cast<size_t>(cover.cols) + static_cast<size_t>(x)];
      if (hit.part != Part::none && s.distance > hit.t_mm + behind_surface_mm) continue;
      const auto alpha = static_cast<float>(std::min(run, 1.0) * across * s.opacity);
      const Rgb c = s.colour_a + std::clamp(on / length, 0.0, 1.0) * (s.colour_b - s.colour_a);
      cv::Vec3f& pixel = picture(y, x);
      for (int i = 0; i < 3; ++i) pixel[i] += alpha * (static_cast<float>(c[i]) - pixel[i]);
      cover(y, x) += alpha * (1 - cover(y, x));
    }
}

}  // namespace

Root root_towards(const DistanceGrid& grid, const Vec3& centre, const Vec3& direction) {
  double r = 170;
  for (int i = 0; i < 40; ++i) {
    const double d = grid(centre + r * direction);
    r -= 0.9 * d;
    if (std::abs(d) < 0.01) break;
  }
  const Vec3 p = centre + r * direction;
  constexpr double h = 1.5;
  const Vec3 gradient(grid(p + Vec3(h, 0, 0)) - grid(p - Vec3(h, 0, 0)),
                      grid(p + Vec3(0, h, 0)) - grid(p - Vec3(0, h, 0)),
                      grid(p + Vec3(0, 0, h)) - grid(p - Vec3(0, 0, h)));
  return {p, gradient.normalized()};
}

void light_strand(const Salon& salon, Strand& strand, const Vec3& normal, const Rgb& albedo, double packing) {
  const Lighting& l = salon.lighting;
  const Vec3 root = strand.points[0];
  const double shadow = key_light_share(salon.grid, root + 1.0 * normal, normal, l.key);
  const double open = openness(salon.grid, root + 1.0 * normal, normal);
  // Hair lets light wrap round the head a little further than skin does.
  const double facing = std::clamp(0.25 + 0.75 * normal.dot(l.key), 0.0, 1.0) * shadow;
  const double up = 0.5 + 0.5 * normal.dot(l.sky);
  for (int i = 0; i < strand.count; ++i) {
    const auto k = static_cast<size_t>(i);
    const Vec3 tangent = (strand.points[std::min(k + 1, static_cast<size_t>(strand.count - 1))] -
                          strand.points[i > 0 && i + 1 == strand.count ? k - 1 : k])
                             .normalized();
    const Vec3 v = (salon.camera_mm - strand.points[k]).normalized();
    const double t_l = tangent.dot(l.key), t_v = tangent.dot(v);
    const double s_l = std::sqrt(std::max(0.0, 1 - t_l * t_l)), s_v = std::sqrt(std::max(0.0, 1 - t_v * t_v));
    const double mirror = std::pow(std::max(0.0, s_l * s_v - t_l * t_v), 40.0);
    const double depth = strand.count > 1 ? static_cast<double>(i) / (strand.count - 1) : 1.0;
    const double lit = 1 - packing * (1 - depth) * 0.85;
    const Rgb ambient = l.sky_colour * up + l.bounce_colour * (1 - up) + 0.5 * l.fill_colour;
    strand.colours[k] =
        lit * (albedo * (1.15 * s_l * facing * l.key_colour + open * ambient) + 0.075 * mirror * facing * l.key_colour);
  }
}

cv::Mat1f draw_strands(cv::Mat3f& picture, const std::vector<Strand>& strands, const std::vector<Hit>& hits,
                       const HeadModel& camera) {
  cv::Mat1f cover(picture.size(), 0.0f);
  const std::vector<Segment> segments = segments_of(strands, camera);
  // Bands of rows, each drawing all segments in the one order, give the same picture on any number of threads.
  constexpr int band = 32;
  const int bands = (picture.rows + band - 1) / band;
  std::vector<std::vector<uint32_t>> of_band(static_cast<size_t>(bands));
  for (size_t i = 0; i < segments.size(); ++i) {
    const Segment& s = segments[i];
    const double reach = 0.5 * s.width_px + 2.0;
    const int first = static_cast<int>(std::floor((std::min(s.a.y(), s.b.y()) - reach) / band));
    const int last = static_cast<int>(std::floor((std::max(s.a.y(), s.b.y()) + reach) / band));
    for (int b = std::max(first, 0); b <= std::min(last, bands - 1); ++b)
      of_band[static_cast<size_t>(b)].push_back(static_cast<uint32_t>(i));
  }
  cv::parallel_for_({0, bands}, [&](const cv::Range& range) {
    for (int b = range.start; b < range.end; ++b)
      for (const uint32_t i : of_band[static_cast<size_t>(b)])
        draw_segment(segments[i], {b * band, std::min((b + 1) * band, picture.rows)}, picture, cover, hits);
  });
  return cover;
}

}  // namespace stipple::phantom
