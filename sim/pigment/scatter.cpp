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

#include "sim/pigment/optics.h"
#include "sim/pigment/vector_code.h"

namespace stipple {
namespace {

constexpr double finest_cell_mm = 0.18;  // 0.8 of the standard deviation of the narrowest wide term
constexpr double resolved_variance = 1.5;  // cells^2 that a Gaussian needs to keep its shape on a grid

/// Gaussian blur with the light of the border reflected. Variances too small for the grid leave the image as it is.
cv::Mat3f gaussian(const cv::Mat3f& image, double variance) {
  if (variance < 0.02) return image.clone();
  const int radius = std::max(1, static_cast<int>(std::ceil(3.5 * std::sqrt(variance))));
  cv::Mat1f kernel(2 * radius + 1, 1);
  for (int i = -radius; i <= radius; ++i) kernel(i + radius) = static_cast<float>(std::exp(-i * i / (2 * variance)));
  kernel /= cv::sum(kernel)[0];
  cv::Mat3f out;
  cv::sepFilter2D(image, out, CV_32F, kernel, kernel, cv::Point(-1, -1), 0, cv::BORDER_REFLECT);
  return out;
}

void add_weighted(cv::Mat3f& sum, const cv::Mat3f& image, int term) {
  cv::Mat scaled;
  cv::multiply(
      image,
      cv::Scalar(optics::profile_weight(term, 0), optics::profile_weight(term, 1), optics::profile_weight(term, 2)),
      scaled);
  sum += scaled;
}

cv::Mat3f halved(const cv::Mat3f& image) {
  cv::Mat3f out;
  cv::resize(image, out, image.size() / 2, 0, 0, cv::INTER_AREA);
  return out;
}

cv::Mat3f doubled(const cv::Mat3f& image) {
  cv::Mat3f out;
  cv::resize(image, out, image.size() * 2, 0, 0, cv::INTER_LINEAR);
  return out;
}

/// Means of 1 - transmittance over the cells of one tile, for each channel.
STIPPLE_VECTOR_CODE
void absorbed_means(const float* absorbance, const cv::Rect& tile, int cell_px, const float* extinction,
                    const cv::Point& first_cell, cv::Mat3f& cells) {
  std::array<float, max_tile_px> line;
  std::array<float, max_tile_px> sums;
  for (int cy = 0; cy * cell_px < tile.height; ++cy) {
    const int y_end = std::min((cy + 1) * cell_px, tile.height);
    for (int c = 0; c < 3; ++c) {
      sums.fill(0);
      for (int y = cy * cell_px; y < y_end; ++y) {
        const float* a = absorbance + static_cast<ptrdiff_t>(y) * tile.width;
        for (int x = 0; x < tile.width; ++x)
          line[static_cast<size_t>(x)] = 1 - optics::transmittance(a[x], extinction[c]);
        for (int x = 0; x < tile.width; ++x) sums[static_cast<size_t>(x)] += line[static_cast<size_t>(x)];
      }
      for (int cx = 0; cx * cell_px < tile.width; ++cx) {
        const int x_end = std::min((cx + 1) * cell_px, tile.width);
        float sum = 0;
        for (int x = cx * cell_px; x < x_end; ++x) sum += sums[static_cast<size_t>(x)];
        const int pixels = (x_end - cx * cell_px) * (y_end - cy * cell_px);
        cells(first_cell.y + cy, first_cell.x + cx)[c] = sum / static_cast<float>(pixels);
      }
    }
  }
}

}  // namespace

int halo_cell_px(double px_per_mm) {
  const double cell = std::round(finest_cell_mm * px_per_mm);
  return static_cast<int>(std::clamp(cell, 1.0, static_cast<double>(max_tile_px)));
}

cv::Mat3f blur_by_profile(const cv::Mat3f& absorbed, double cells_per_mm, int cell_px) {
  // Each term on the coarsest of the three levels that still resolves it.
  auto full_variance = [&](int term) { return optics::profile_variance_mm2(term) * cells_per_mm * cells_per_mm; };
  auto level_of = [&](int term) {
    int level = 0;
    while (level < 2 && full_variance(term) / std::pow(4.0, level + 1) >= resolved_variance) ++level;
    return level;
  };
  // What cell means and the interpolations from a level down to pixels blur already, in cells^2 of the finest level.
  auto resampling_variance = [&](int level) {
    double interpolated = cell_px == 1 ? 0.0 : 1.0 / 6;
    for (int l = 1; l <= level; ++l) interpolated += std::pow(4.0, l) / 6;
    const double means = level == 0 && cell_px == 1 ? 0.0 : std::pow(4.0, level) / 12;
    return interpolated + means;
  };

  // The grid is padded by reflection so that it halves twice without a remainder.
  std::array<cv::Mat3f, 3> levels;
  cv::copyMakeBorder(absorbed, levels[0], 0, (4 - absorbed.rows % 4) % 4, 0, (4 - absorbed.cols % 4) % 4,
                     cv::BORDER_REFLECT);
  levels[1] = halved(levels[0]);
  levels[2] = halved(levels[1]);
  cv::Mat3f sum(levels[2].size(), cv::Vec3f(0, 0, 0));
  for (int level = 2; level >= 0; --level) {
    if (level < 2) sum = doubled(sum);
    for (int term = 1; term < optics::profile_terms; ++term) {
      if (level_of(term) != level) continue;
      const double variance = (full_variance(term) - resampling_variance(level)) / std::pow(4.0, level);
      add_weighted(sum, gaussian(levels[static_cast<size_t>(level)], variance), term);
    }
  }
  return sum(cv::Rect(cv::Point(0, 0), absorbed.size())).clone();
}

Halo scatter(const Deposit& deposit, const TileBins& bins) {
  const int cell_px = halo_cell_px(deposit.px_per_mm);
  const cv::Size grid((bins.area_px.width + cell_px - 1) / cell_px, (bins.area_px.height + cell_px - 1) / cell_px);
  cv::Mat3f absorbed(grid, cv::Vec3f(0, 0, 0));
  const std::array<float, 3> extinction{static_cast<float>(deposit.extinction[0]),
                                        static_cast<float>(deposit.extinction[1]),
                                        static_cast<float>(deposit.extinction[2])};
  cv::parallel_for_(cv::Range(0, bins.count()), [&](const cv::Range& range) {
    std::vector<float> absorbance(static_cast<size_t>(max_tile_px) * max_tile_px);
    for (int t = range.start; t < range.end; ++t) {
      if (bins.stamps_of(t).empty()) continue;
      const cv::Rect tile = bins.tile(t);
      sum_absorbance(deposit.stamps, bins.stamps_of(t), tile, absorbance.data());
      absorbed_means(absorbance.data(), tile, cell_px, extinction.data(), (tile.tl() - bins.area_px.tl()) / cell_px,
                     absorbed);
    }
  });
  return {blur_by_profile(absorbed, deposit.px_per_mm / cell_px, cell_px), cell_px};
}

void Halo::row(int y, int x, int count, float* red, float* green, float* blue) const {
  auto place = [this](int pixel, int cells_there) {
    const float at = std::clamp((static_cast<float>(pixel) + 0.5f) / static_cast<float>(cell_px) - 0.5f, 0.0f,
                                static_cast<float>(cells_there - 1));
    const int cell = std::min(static_cast<int>(at), std::max(cells_there - 2, 0));
    return std::pair(cell, at - static_cast<float>(cell));
  };
  const auto [cy, fy] = place(y, cells.rows);
  const cv::Vec3f* above = cells[cy];
  const cv::Vec3f* below = cells[std::min(cy + 1, cells.rows - 1)];
  for (int i = 0; i < count; ++i) {
    const auto [cx, fx] = place(x + i, cells.cols);
    const int next = std::min(cx + 1, cells.cols - 1);
    const cv::Vec3f left = above[cx] + (below[cx] - above[cx]) * fy;
    const cv::Vec3f right = above[next] + (below[next] - above[next]) * fy;
    const cv::Vec3f value = left + (right - left) * fx;
    red[i] = value[0], green[i] = value[1], blue[i] = value[2];
  }
}

}  // namespace stipple
