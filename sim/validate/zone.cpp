// From photos of two days to one grid, and what is read off it.
#include "sim/validate/zone.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace stipple {
namespace {

constexpr double full_share = 0.5;          // of the plan's highest density: above it skin counts as treated
constexpr uint8_t most_hair = 60;           // of 255: more strands than this hide the skin
constexpr double beside_mm = reach_mm + 2;  // untreated skin begins here
constexpr double least_light = 0.01, most_light = 0.92;

constexpr double first_bin_mm = -15, last_bin_mm = 25, bin_mm = 1, most_shift_mm = 10, shift_step_mm = 0.25,
                 line_reach_mm = 25;
constexpr int bin_count = static_cast<int>((last_bin_mm - first_bin_mm) / bin_mm);

cv::Mat1b well_lit(const cv::Mat3f& light) {
  cv::Mat1b out(light.size());
  for (int y = 0; y < light.rows; ++y)
    for (int x = 0; x < light.cols; ++x) {
      const double value = luminance(light(y, x));
      const float brightest = std::max({light(y, x)[0], light(y, x)[1], light(y, x)[2]});
      out(y, x) = value > least_light && brightest < most_light ? 255 : 0;
    }
  return out;
}

cv::Mat3f on_grid(const Photo& photo, cv::Size size) {
  cv::Mat3f out;
  cv::resize(linear_light(photo, cv::Rect({0, 0}, photo.size())), out, size, 0, 0, cv::INTER_AREA);
  return out;
}

cv::Mat1b grown(const cv::Mat1b& mask, double radius_px) {
  const int r = std::max(1, static_cast<int>(std::lround(radius_px)));
  cv::Mat1b out;
  cv::dilate(mask, out, cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * r + 1, 2 * r + 1}));
  return out;
}

cv::Mat1b shrunk(const cv::Mat1b& mask, double radius_px) {
  return cv::Mat1b(255 - grown(cv::Mat1b(255 - mask), radius_px));
}

/// Mean darkening in each millimetre of distance from the line; NaN where too little is seen.
std::vector<double> profile(const Comparison& grid, const cv::Mat3f& later, const Plan& plan, const cv::Rect& about) {
  std::vector<double> before_sum(bin_count), later_sum(bin_count), count(bin_count);
  const cv::Mat1b& skin = grid.bare;
  for (int y = about.y; y < about.br().y; ++y)
    for (int x = about.x; x < about.br().x; ++x) {
      if (!skin(y, x)) continue;
      const double bin = std::floor((plan.hairline_distance_mm(y, x) - first_bin_mm) / bin_mm);
      if (!(bin >= 0 && bin < bin_count)) continue;
      const auto i = static_cast<size_t>(bin);
      before_sum[i] += luminance(grid.before(y, x)), later_sum[i] += luminance(later(y, x)), ++count[i];
    }
  std::vector<double> out(bin_count, std::nan(""));
  for (size_t i = 0; i < out.size(); ++i)
    if (count[i] >= 12 && later_sum[i] > 0) out[i] = std::log(before_sum[i] / later_sum[i]);
  return out;
}

/// What is left when the predicted profile, moved by a shift and scaled, is laid on the measured one.
double misfit(const std::vector<double>& predicted, const std::vector<double>& measured, double shift_mm) {
  double n = 0, sp = 0, sm = 0, spp = 0, spm = 0, smm = 0;
  for (size_t i = 0; i < measured.size(); ++i) {
    const double at = static_cast<double>(i) - shift_mm / bin_mm;
    const auto low = static_cast<int>(std::floor(at));
    if (low < 0 || low + 1 >= bin_count || std::isnan(measured[i])) continue;
    const double part = at - low,
                 p = (1 - part) * predicted[static_cast<size_t>(low)] + part * predicted[static_cast<size_t>(low) + 1];
    if (std::isnan(p)) continue;
    n += 1, sp += p, sm += measured[i], spp += p * p, spm += p * measured[i], smm += measured[i] * measured[i];
  }
  const double vp = spp - sp * sp / n, vm = smm - sm * sm / n, cov = spm - sp * sm / n;
  if (!(n >= 12) || !(vp > 0) || !(cov > 0)) return std::nan("");
  return (vm - cov * cov / vp) / n;
}

}  // namespace

cv::Mat3f laid_over(const Photo& healed, const Alignment& alignment, cv::Size before_size, cv::Size size,
                    cv::Mat1b& seen) {
  const double sx = static_cast<double>(size.width) / before_size.width,
               sy = static_cast<double>(size.height) / before_size.height;
  // Reduced first where it is finer than the grid, so that no detail folds over.
  const cv::Matx33d& m = alignment.before_to_later;
  const double finer = std::sqrt(std::abs(m(0, 0) * m(1, 1) - m(0, 1) * m(1, 0))) / std::sqrt(sx * sy);
  const double reduce = std::min(1.0, 1 / finer);
  cv::Mat3f light = linear_light(healed, cv::Rect({0, 0}, healed.size()));
  if (reduce < 0.95) cv::resize(light, light, {}, reduce, reduce, cv::INTER_AREA);
  const double rx = static_cast<double>(light.cols) / healed.rgb.cols,
               ry = static_cast<double>(light.rows) / healed.rgb.rows;
  const cv::Matx33d to_photo(1 / sx, 0, 0.5 / sx, 0, 1 / sy, 0.5 / sy, 0, 0, 1),
      to_light(rx, 0, -0.5, 0, ry, -0.5, 0, 0, 1);
  const cv::Matx33d grid_to_light = to_light * m * to_photo;
  cv::Mat3f out;
  cv::warpPerspective(light, out, grid_to_light, size, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_REPLICATE);
  cv::warpPerspective(cv::Mat1b(light.size(), uint8_t{255}), seen, grid_to_light, size,
                      cv::INTER_NEAREST | cv::WARP_INVERSE_MAP, cv::BORDER_CONSTANT, cv::Scalar(0));
  return out;
}

Comparison compare_on_grid(const Result& result, const Photo& healed, const Alignment& alignment) {
  Comparison grid;
  const Head& head = *result.head;
  const cv::Mat1f& density = result.plan->density_per_cm2;
  const cv::Size size = head.classes.size();
  grid.grid_px_per_px = 1 / head.work_scale;
  grid.px_per_mm = head.scale.px_per_mm * grid.grid_px_per_px;
  grid.before = on_grid(*result.before, size);
  grid.predicted = on_grid(*result.after, size);
  cv::Mat1b seen, matte;
  grid.measured = laid_over(healed, alignment, result.before->size(), size, seen);
  cv::resize(head.hair_matte, matte, size, 0, 0, cv::INTER_AREA);
  double most = 0;
  cv::minMaxLoc(density, nullptr, &most);
  const cv::Mat1b bare((matte < most_hair) & well_lit(grid.before) & well_lit(grid.measured) & seen);
  const cv::Mat1b treated(density > 0), full(density > full_share * most);
  const cv::Mat1b skin((head.classes == face_skin) | (head.classes == bare_scalp));
  grid.bare = cv::Mat1b(bare & (skin | treated));
  grid.zone = cv::Mat1b(shrunk(full, 1) & bare);
  grid.skin = cv::Mat1b(shrunk(skin, 2 * grid.px_per_mm) & bare & (255 - grown(treated, beside_mm * grid.px_per_mm)));
  return grid;
}

Darkening darkening_of(const cv::Mat3f& before, const cv::Mat3f& later, const cv::Mat1b& zone, int block_px) {
  double count = 0, sum = 0, squares = 0;
  for (int y = 0; y < zone.rows; y += block_px)
    for (int x = 0; x < zone.cols; x += block_px) {
      const cv::Rect box = cv::Rect(x, y, block_px, block_px) & cv::Rect({0, 0}, zone.size());
      const cv::Mat1b inside = zone(box);
      const double area = cv::countNonZero(inside);
      if (area < 0.25 * block_px * block_px) continue;
      const cv::Scalar a = cv::mean(before(box), inside), b = cv::mean(later(box), inside);
      const double ya = luminance(a), yb = luminance(b);
      if (!(ya > 0 && yb > 0)) continue;
      const double ratio = std::log(ya / yb);
      count += area, sum += area * ratio, squares += area * ratio * ratio;
    }
  if (!(count > 0)) return {};
  const double mean = sum / count, pieces = count / (block_px * block_px);
  return {mean, std::sqrt(std::max(0.0, squares / count - mean * mean) / std::max(1.0, pieces - 1))};
}

std::optional<double> line_shift_mm(const Comparison& grid, const Plan& plan) {
  if (plan.hairline_px.empty()) return std::nullopt;
  // Temples follow other rules than the middle, and the height of the line is told there.
  const Vec2 middle = plan.hairline_px[plan.hairline_px.size() / 2] * grid.grid_px_per_px;
  const int reach = static_cast<int>(std::lround(line_reach_mm * grid.px_per_mm));
  const cv::Rect about =
      cv::Rect(static_cast<int>(middle.x()) - reach, static_cast<int>(middle.y()) - reach, 2 * reach, 2 * reach) &
      cv::Rect({0, 0}, grid.zone.size());
  const std::vector<double> predicted = profile(grid, grid.predicted, plan, about),
                            measured = profile(grid, grid.measured, plan, about);
  double best = 0, least = std::nan("");
  for (double shift = -most_shift_mm; shift <= most_shift_mm; shift += shift_step_mm)
    if (const double left = misfit(predicted, measured, shift); !(left >= least) && !std::isnan(left))
      least = left, best = shift;
  if (std::isnan(least) || std::abs(best) >= most_shift_mm) return std::nullopt;
  return best;
}

}  // namespace stipple
