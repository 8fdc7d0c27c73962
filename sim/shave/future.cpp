// Based on: Hamilton and Norwood's stages: loss runs from the temples and the crown over the whole top and leaves a
// ring at the sides and the back; DOMAIN 2.5, 6.2 (future loss, effect of going grey). White hair sends back about as
// much light as the skin beneath it.
#include "sim/shave/future.h"

#include <algorithm>
#include <cmath>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace stipple {
namespace {

constexpr double white_hair = 0.9;       // light of a white hair over that of the skin below
constexpr double seen_white = 0.6;       // of a whole head of it, whose strands shade each other (judgement)
constexpr double strand_contrast = 0.6;  // of dark hair, that is left in grey, as a power (judgement)
constexpr double most_lost = 0.85;       // fine hair stays where thick hair goes
constexpr double low = 40, high = 75;    // degrees from the vertex: all at risk within, none beyond
constexpr double temples_degrees = 25;   // by which the front's risk reaches lower

/// Share 0..1 of the hair at this point of the surface that can be lost at all.
double at_risk(const Vec3& head_mm) {
  const double polar = std::acos(std::clamp(head_mm.y() / head_mm.norm(), -1.0, 1.0)) * 180 / CV_PI;
  const double forward = std::max(head_mm.z(), 0.0) / std::max(std::hypot(head_mm.x(), head_mm.z()), 1e-9);
  return smooth_between(high, low, polar - temples_degrees * forward);
}

/// Median luminance of the hair.
double usual_light(const Photo& photo, const cv::Mat1f& hair_share) {
  Photo small;
  cv::resize(photo.rgb, small.rgb, hair_share.size(), 0, 0, cv::INTER_AREA);
  const cv::Mat3f light = linear_light(small, {{0, 0}, hair_share.size()});
  std::vector<double> values;
  for (int y = 0; y < light.rows; ++y)
    for (int x = 0; x < light.cols; ++x)
      if (hair_share(y, x) > 0.5f) values.push_back(luminance(light(y, x)));
  if (values.empty()) return 1;
  const auto middle = values.begin() + static_cast<ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return std::max(*middle, 1e-3);
}

}  // namespace

cv::Mat1f lost_hair(const Head& head, double lost) {
  cv::Mat1f out(head.classes.size(), 0.0f);
  if (lost <= 0) return out;
  lost *= most_lost;
  cv::parallel_for_({0, out.rows}, [&](const cv::Range& rows) {
    for (int y = rows.start; y < rows.end; ++y)
      for (int x = 0; x < out.cols; ++x)
        if (is_scalp(head.classes(y, x)))
          out(y, x) = static_cast<float>(lost * at_risk(head.model.nearest(Vec2(x + 0.5, y + 0.5) * head.work_scale)));
  });
  return out;
}

void draw_grey(Photo& out, const ShaveGround& ground, const cv::Mat1f& hair_share, double grey) {
  const Head& head = ground.head;
  const ShaveCanvas canvas = canvas_of(head, hair_share);
  if (canvas.area.empty()) return;
  const double usual = usual_light(out, hair_share), skin = luminance(head.skin.scalp), level = seen_white * skin;
  const bool light_hair = usual > level;
  for_each_strip(out, canvas, [&](cv::Vec3f* row, int first_x, int y, int count) {
    for (int i = 0; i < count; ++i) {
      const int x = first_x + i;
      float share = static_cast<float>(grey) * canvas.share_at(x, y);
      if (share <= 0) continue;
      // What is as light as the skin below lies between dark strands.
      const double seen = luminance(row[i]), below = std::max(luminance(canvas.grid.at(ground.skin, x, y)), 1e-3);
      if (!light_hair) share *= smooth_between(0.95, 0.6, seen / below);
      const double white = level * std::pow(seen / usual, strand_contrast);
      row[i] = row[i] * (1 - share) + cv::Vec3f::all(static_cast<float>(std::min(white, 1.0))) * share;
    }
  });
}

double greyed_light(double hair_light, double grey) {
  return hair_light + grey * std::max(white_hair - hair_light, 0.0);
}

}  // namespace stipple
