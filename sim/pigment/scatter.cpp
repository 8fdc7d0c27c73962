// The diffusion profile of skin is 0.2 to 1.4 mm wide, many pixels: its wide Gaussians are applied to cell means of the
// absorbed share, each on a grid as coarse as it allows. Averaging over cells and bilinear interpolation blur too;
// their variances are taken off the Gaussians, so that every term keeps its own. Based on: d'Eon & Luebke, GPU Gems 3
// ch. 14; Burt & Adelson (1983), the pyramid.
#include "sim/pigment/scatter.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "sim/pigment/lanes.h"
#include "sim/pigment/optics.h"

namespace stipple {
namespace {

constexpr double finest_cell_mm = 0.18;    // 0.8 of the standard deviation of the narrowest wide term
constexpr double resolved_variance = 1.5;  // cells^2 that a Gaussian needs to keep its shape on a grid

/// Gaussian blur with the light of the border reflected. Variances too small for the grid leave the image as it is.
cv::Mat1f gaussian(const cv::Mat1f& image, double variance) {
  if (variance < least_variance) return image;
  const int radius = gaussian_radius(variance);
  cv::Mat1f kernel(2 * radius + 1, 1);
  for (int i = -radius; i <= radius; ++i) kernel(i + radius) = static_cast<float>(std::exp(-i * i / (2 * variance)));
  kernel /= cv::sum(kernel)[0];
  cv::Mat1f out;
  cv::sepFilter2D(image, out, CV_32F, kernel, kernel, cv::Point(-1, -1), 0, cv::BORDER_REFLECT);
  return out;
}

cv::Mat1f resized(const cv::Mat1f& image, cv::Size size, int how) {
  cv::Mat1f out;
  cv::resize(image, out, size, 0, 0, how);
  return out;
}

/// One channel's sum over the wide terms of weight times blurred `absorbed`, each on the coarsest of three levels that
/// still resolves it.
cv::Mat1f blur_by_profile(const cv::Mat1f& absorbed, int channel, double cells_per_mm, int cell_px) {
  // The grid is padded by reflection so that it halves twice without a remainder.
  std::array<cv::Mat1f, 3> levels;
  cv::copyMakeBorder(absorbed, levels[0], 0, (4 - absorbed.rows % 4) % 4, 0, (4 - absorbed.cols % 4) % 4,
                     cv::BORDER_REFLECT);
  levels[1] = resized(levels[0], levels[0].size() / 2, cv::INTER_AREA);
  levels[2] = resized(levels[1], levels[1].size() / 2, cv::INTER_AREA);
  cv::Mat1f sum(levels[2].size(), 0.0f);
  for (int level = 2; level >= 0; --level) {
    const cv::Mat1f& here = levels[static_cast<size_t>(level)];
    if (level < 2) sum = resized(sum, here.size(), cv::INTER_LINEAR);
    for (const WideTerm& wide : wide_terms(cells_per_mm, cell_px)) {
      const double weight = optics::profile_weight(wide.term, channel);
      if (wide.level == level && weight != 0) cv::scaleAdd(gaussian(here, wide.variance), weight, sum, sum);
    }
  }
  return sum;
}

/// Means of 1 - transmittance over the cells of one tile for one channel.
STIPPLE_VECTOR_CODE
void absorbed_means(const float* absorbance, const cv::Rect& tile, int cell_px, float extinction,
                    const cv::Point& first_cell, cv::Mat1f& cells) {
  alignas(64) std::array<float, tile_stride_px> sums;
  for (int cy = 0; cy * cell_px < tile.height; ++cy) {
    const int y_begin = cy * cell_px, y_end = std::min(y_begin + cell_px, tile.height);
    for (int x = 0; x < tile.width; x += lane_count) {
      Lanes passed{};
      for (int y = y_begin; y < y_end; ++y)
        passed += optics::exp(load_lanes(absorbance + y * tile_stride_px + x) * -extinction);
      store_lanes(static_cast<float>(y_end - y_begin) - passed, sums.data() + x);
    }
    float* out = cells[first_cell.y + cy] + first_cell.x;
    for (int cx = 0; cx * cell_px < tile.width; ++cx) {
      const int x_end = std::min((cx + 1) * cell_px, tile.width);
      float sum = 0;
      for (int x = cx * cell_px; x < x_end; ++x) sum += sums[static_cast<size_t>(x)];
      out[cx] = sum / static_cast<float>((x_end - cx * cell_px) * (y_end - y_begin));
    }
  }
}

/// Where a pixel of a cell lies between cell centres: which cell comes first (-1 or 0, from its own) and how far on.
struct Between {
  int cell;
  float share;
};

Between between(int pixel, int cell_px) {
  const float at = (static_cast<float>(pixel % cell_px) + 0.5f) / static_cast<float>(cell_px) - 0.5f;
  const int cell = at < 0 ? -1 : 0;
  return {pixel / cell_px + cell, at - static_cast<float>(cell)};
}

}  // namespace

std::vector<WideTerm> wide_terms(double cells_per_mm, int cell_px) {
  // What cell means and the interpolations from a level down to pixels blur already, in cells^2 of the finest level.
  auto resampling_variance = [&](int level) {
    double interpolated = cell_px == 1 ? 0.0 : 1.0 / 6;
    for (int l = 1; l <= level; ++l) interpolated += std::pow(4.0, l) / 6;
    const double means = level == 0 && cell_px == 1 ? 0.0 : std::pow(4.0, level) / 12;
    return interpolated + means;
  };
  std::vector<WideTerm> terms;
  for (int term = 1; term < optics::profile_terms; ++term) {
    const double full_variance = optics::profile_variance_mm2(term) * cells_per_mm * cells_per_mm;
    int level = 0;
    while (level < 2 && full_variance / std::pow(4.0, level + 1) >= resolved_variance) ++level;
    terms.push_back({term, level, (full_variance - resampling_variance(level)) / std::pow(4.0, level)});
  }
  return terms;
}

int gaussian_radius(double variance) { return std::max(1, static_cast<int>(std::ceil(3.5 * std::sqrt(variance)))); }

int halo_cell_px(double px_per_mm) {
  const double cell = std::round(finest_cell_mm * px_per_mm);
  return static_cast<int>(std::clamp(cell, 1.0, static_cast<double>(max_tile_px)));
}

Halo scatter(const Deposit& deposit, const TileBins& bins) {
  Halo halo;
  halo.cell_px = halo_cell_px(deposit.px_per_mm);
  const cv::Size grid((bins.area_px.width + halo.cell_px - 1) / halo.cell_px,
                      (bins.area_px.height + halo.cell_px - 1) / halo.cell_px);
  for (cv::Mat1f& plane : halo.cells) plane = cv::Mat1f(grid, 0.0f);
  cv::parallel_for_(cv::Range(0, bins.count()), [&](const cv::Range& range) {
    std::vector<float> absorbance(tile_buffer_size);
    for (int t = range.start; t < range.end; ++t) {
      if (bins.stamps_of(t).empty()) continue;
      const cv::Rect tile = bins.tile(t);
      sum_absorbance(deposit.stamps, bins.stamps_of(t), tile, absorbance.data());
      for (int c = 0; c < 3; ++c)
        absorbed_means(absorbance.data(), tile, halo.cell_px, static_cast<float>(deposit.extinction[c]),
                       (tile.tl() - bins.area_px.tl()) / halo.cell_px, halo.cells[static_cast<size_t>(c)]);
    }
  });
  cv::parallel_for_(cv::Range(0, 3), [&](const cv::Range& range) {
    for (int c = range.start; c < range.end; ++c) {
      cv::Mat1f& plane = halo.cells[static_cast<size_t>(c)];
      plane = blur_by_profile(plane, c, deposit.px_per_mm / halo.cell_px, halo.cell_px);
    }
  });
  return halo;
}

void Halo::row(int channel, int y, int x, int count, float* out) const {
  // Between two rows of cells first, with a cell more at either end, then between columns.
  const cv::Mat1f& plane = cells[static_cast<size_t>(channel)];
  const Between vertical = between(y, cell_px);
  const float* above = plane[std::max(vertical.cell, 0)];
  const float* below = plane[std::min(vertical.cell + 1, plane.rows - 1)];
  const int first = x / cell_px - 1, needed = (count + cell_px - 1) / cell_px + 2;
  std::array<float, max_tile_px + 2> line;
  for (int i = 0; i < needed; ++i) {
    const int cx = std::clamp(first + i, 0, plane.cols - 1);
    line[static_cast<size_t>(i)] = above[cx] + (below[cx] - above[cx]) * vertical.share;
  }
  if (cell_px == 1) {
    std::copy_n(line.data() + 1, count, out);
    return;
  }
  for (int i = 0; i < count; ++i) {
    const Between b = between(i, cell_px);
    const float* left = line.data() + b.cell + 1;
    out[i] = left[0] + (left[1] - left[0]) * b.share;
  }
}

}  // namespace stipple
