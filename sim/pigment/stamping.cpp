// Sums Gaussian footprints into tiles. A footprint is sheared: its rows are Gaussians of one width whose centres move
// along a line, so rows and columns are normalised by plain sums and a dot keeps its mass at any size and sub-pixel
// position. The pixel's box is its variance, 1/12 px2, added to the footprint's.
#include "sim/pigment/stamping.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "sim/pigment/lanes.h"
#include "sim/pigment/optics.h"

namespace stipple {
namespace {

constexpr float pixel_variance_px2 = 1.0f / 12;
constexpr int max_window_px = 1024;  // a dot larger than this is a mistake upstream

struct Window {
  int x0 = 0, y0 = 0, width = 0, height = 0;
};

bool usable(const Stamp& s) {
  const float determinant = (s.cov_xx + pixel_variance_px2) * (s.cov_yy + pixel_variance_px2) - s.cov_xy * s.cov_xy;
  return std::isfinite(s.x_px) && std::isfinite(s.y_px) && std::isfinite(s.mass_px2) && s.mass_px2 > 0 &&
         std::abs(s.x_px) < 1e6f && std::abs(s.y_px) < 1e6f && s.cov_xx >= 0 && s.cov_yy >= 0 && s.cov_xx < 1e4f &&
         s.cov_yy < 1e4f && determinant > 0;
}

/// Pixels whose centres lie within the cut.
STIPPLE_VECTOR_PART Window window_of(const Stamp& s) {
  const float reach_x = footprint_cut * std::sqrt(s.cov_xx + pixel_variance_px2);
  const float reach_y = footprint_cut * std::sqrt(s.cov_yy + pixel_variance_px2);
  Window w;
  w.x0 = static_cast<int>(std::ceil(s.x_px - reach_x - 0.5f));
  w.y0 = static_cast<int>(std::ceil(s.y_px - reach_y - 0.5f));
  w.width = std::min(static_cast<int>(std::floor(s.x_px + reach_x - 0.5f)) - w.x0 + 1, max_window_px);
  w.height = std::min(static_cast<int>(std::floor(s.y_px + reach_y - 0.5f)) - w.y0 + 1, max_window_px);
  return w;
}

/// values[i] = exp(-(offset + i)^2 * half_precision) for i < count, then zeros for at least one vector more; returns
/// the sum, added up in a fixed order.
STIPPLE_VECTOR_PART float gaussian_row(float offset, float half_precision, int count, float* values) {
  const Lanes steps{0, 1, 2, 3, 4, 5, 6, 7};
  Lanes sum{};
  int i = 0;
  for (; i < count; i += lane_count) {
    const Lanes d = steps + (offset + static_cast<float>(i));
    const Lanes value = optics::exp(-(d * d) * half_precision);
    const Lanes used = steps < static_cast<float>(count - i) ? value : Lanes{};
    sum += used;
    store_lanes(used, values + i);
  }
  store_lanes(Lanes{}, values + i);
  return sum_of(sum);
}

/// Adds one footprint to the pixels of a tile.
STIPPLE_VECTOR_PART void add_footprint(const Stamp& s, const cv::Rect& tile, float* absorbance, float* column,
                                       float* row) {
  const Window w = window_of(s);
  const float variance_y = s.cov_yy + pixel_variance_px2;
  const float shear = s.cov_xy / variance_y;
  const float row_half_precision = 0.5f / (s.cov_xx + pixel_variance_px2 - s.cov_xy * shear);
  const float first_x = static_cast<float>(w.x0) + 0.5f - s.x_px, first_y = static_cast<float>(w.y0) + 0.5f - s.y_px;
  const float mass = s.mass_px2 / gaussian_row(first_y, 0.5f / variance_y, w.height, column);

  // An upright footprint has the same row everywhere.
  const bool sheared = std::abs(shear) * static_cast<float>(w.height) > 0.02f;
  float row_sum = sheared ? 1.0f : gaussian_row(first_x, row_half_precision, w.width, row);
  const int x_begin = std::max(w.x0, tile.x), x_end = std::min(w.x0 + w.width, tile.x + tile.width);
  const int y_begin = std::max(w.y0, tile.y), y_end = std::min(w.y0 + w.height, tile.y + tile.height);
  for (int y = y_begin; y < y_end; ++y) {
    const int j = y - w.y0;
    if (sheared) {
      const float centre = shear * (first_y + static_cast<float>(j));
      row_sum = gaussian_row(first_x - centre, row_half_precision, w.width, row);
      if (!(row_sum > 0)) continue;
    }
    // Whole vectors: what runs past the window adds zeros, what runs past the tile lands in the padding.
    const float weight = mass * column[j] / row_sum;
    float* out = absorbance + static_cast<ptrdiff_t>(y - tile.y) * tile_stride_px + (x_begin - tile.x);
    const float* in = row + (x_begin - w.x0);
    for (int i = 0; i < x_end - x_begin; i += lane_count)
      store_lanes(load_lanes(out + i) + load_lanes(in + i) * weight, out + i);
  }
}

}  // namespace

cv::Rect footprint_window(const Stamp& stamp) {
  if (!usable(stamp)) return {};
  const Window w = window_of(stamp);
  return {w.x0, w.y0, std::max(w.width, 0), std::max(w.height, 0)};
}

cv::Rect TileBins::tile(int index) const {
  const cv::Rect whole(area_px.x + index % columns * tile_px, area_px.y + index / columns * tile_px, tile_px, tile_px);
  return whole & area_px;
}

TileBins bin_stamps(std::span<const Stamp> stamps, cv::Size photo_size, int margin_px, int tile_px) {
  // The area first: all windows that meet the photo.
  const cv::Rect photo(cv::Point(0, 0), photo_size);
  TileBins bins;
  bins.tile_px = tile_px;
  std::vector<cv::Rect> windows(stamps.size());
  for (size_t i = 0; i < stamps.size(); ++i) {
    windows[i] = footprint_window(stamps[i]) & photo;
    bins.area_px |= windows[i];
  }
  if (bins.area_px.empty()) {
    bins.first.assign(1, 0);
    return bins;
  }
  const cv::Rect grown(bins.area_px.x - margin_px, bins.area_px.y - margin_px, bins.area_px.width + 2 * margin_px,
                       bins.area_px.height + 2 * margin_px);
  bins.area_px = grown & photo;
  bins.columns = (bins.area_px.width + tile_px - 1) / tile_px;
  bins.rows = (bins.area_px.height + tile_px - 1) / tile_px;

  // Then a counting sort: how many stamps each tile has, where its list starts, the lists.
  bins.first.assign(static_cast<size_t>(bins.count()) + 1, 0);
  auto for_each_tile = [&](const cv::Rect& window, auto&& visit) {
    if (window.empty()) return;
    const cv::Point a = (window.tl() - bins.area_px.tl()) / tile_px;
    const cv::Point b = (window.br() - cv::Point(1, 1) - bins.area_px.tl()) / tile_px;
    for (int row = a.y; row <= b.y; ++row)
      for (int column = a.x; column <= b.x; ++column) visit(static_cast<size_t>(row * bins.columns + column));
  };
  for (const cv::Rect& window : windows) for_each_tile(window, [&](size_t t) { ++bins.first[t + 1]; });
  for (size_t t = 1; t < bins.first.size(); ++t) bins.first[t] += bins.first[t - 1];
  bins.members.resize(bins.first.back());
  std::vector<uint32_t> next(bins.first.begin(), bins.first.end() - 1);
  for (size_t i = 0; i < windows.size(); ++i)
    for_each_tile(windows[i], [&](size_t t) { bins.members[next[t]++] = static_cast<uint32_t>(i); });
  return bins;
}

STIPPLE_VECTOR_CODE
void sum_absorbance(std::span<const Stamp> stamps, std::span<const uint32_t> members, const cv::Rect& tile,
                    float* absorbance) {
  std::fill_n(absorbance, tile_buffer_size, 0.0f);
  alignas(64) std::array<float, max_window_px + 2 * lane_count> column, row;
  for (const uint32_t index : members) add_footprint(stamps[index], tile, absorbance, column.data(), row.data());
}

}  // namespace stipple
