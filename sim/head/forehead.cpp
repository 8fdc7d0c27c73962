#include "sim/head/forehead.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numbers>

#include "sim/head/anatomy.h"

namespace stipple {
namespace {

constexpr double degree = std::numbers::pi / 180;
// Parsers are surer of these borders than they are right: this share of their log odds counts.
constexpr double trust = 0.4;
// People's hairlines and fits of the surface vary by this much; hair may hang this far before the line.
constexpr double skin_spread_mm = 7, hair_spread_mm = 10, fringe_mm = 30;

/// 1 where the forehead faces the camera, 0 where it is seen from the side: there the photo shows where hair grew.
double forehead_facing(const HeadModel& model) {
  return std::clamp(4 * (facing_camera(model, model.chart_point({0, scalp_end_polar(0)})) - 0.25), 0.0, 1.0);
}

double fade(double azimuth, double from_degrees, double to_degrees) {
  return std::clamp((to_degrees - azimuth / degree) / (to_degrees - from_degrees), 0.0, 1.0);
}

}  // namespace

double forehead_end_mm(const HeadModel& model) {
  constexpr double knots[][2] = {{22, 14}, {37, 8}, {52, -4}, {67, -18}};  // degrees, mm
  const double elevation = std::asin(std::clamp(camera_direction(model).y(), -1.0, 1.0)) / degree;
  for (size_t i = 1; i < std::size(knots); ++i)
    if (elevation < knots[i][0]) {
      const double share = std::max(0.0, (elevation - knots[i - 1][0]) / (knots[i][0] - knots[i - 1][0]));
      return knots[i - 1][1] + share * (knots[i][1] - knots[i - 1][1]);
    }
  return std::rbegin(knots)[0][1];
}

void settle_forehead(const std::array<cv::Mat1f, 5>& probability, const HeadModel& model, double work_scale,
                     cv::Mat1b& classes) {
  const double facing = forehead_facing(model), end_mm = forehead_end_mm(model);
  if (facing <= 0) return;
  constexpr size_t face = 1, bare = 2, hair = 3;
  constexpr float least = 1e-3F;
  for (int y = 0; y < classes.rows; ++y)
    for (int x = 0; x < classes.cols; ++x) {
      uint8_t& c = classes(y, x);
      if (c != face_skin && !is_scalp(c)) continue;
      const auto point = model.intersect(Vec2(x + 0.5, y + 0.5) * work_scale);
      if (!point) continue;
      const BorderPlace place = border_place(model, *point);
      const auto log_odds = [&](size_t of) {
        return trust * std::log(std::max(probability[of](y, x), least) / std::max(probability[face](y, x), least));
      };
      if (c == hair_on_scalp) {
        const double below = std::clamp((place.above_mm + fringe_mm) / hair_spread_mm, -4.0, 0.0);
        if (log_odds(hair) + facing * fade(place.azimuth, 20, 45) * below < 0) c = face_skin;
      } else if (const double weight = facing * fade(place.azimuth, 20, 50); weight > 0) {
        const double above = std::clamp((place.above_mm + end_mm) / skin_spread_mm, -4.0, 4.0);
        c = log_odds(bare) + weight * above > 0 ? bare_scalp : face_skin;
      }
    }
}

}  // namespace stipple
