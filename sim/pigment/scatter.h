// Light that enters skin in one place and leaves it in another, on a reduced grid.
#pragma once
#include <array>
#include <opencv2/core.hpp>
#include <vector>

#include "sim/pigment/pigment.h"
#include "sim/pigment/stamping.h"

namespace stipple {

/// Sum over the wide terms of the diffusion profile of weight times blurred (1 - transmittance), a plane per channel of
/// light, in cells of `cell_px` photo pixels from the corner of TileBins::area_px.
struct Halo {
  std::array<cv::Mat1f, 3> cells;
  int cell_px = 1;

  /// Bilinear values of one channel along photo row `y`, `count` <= max_tile_px pixels from `x`; both from area_px's
  /// corner, `x` at the start of a cell.
  void row(int channel, int y, int x, int count, float* out) const;
};

/// Cell size for a scale: small enough for the narrowest wide term, 1 where dots are only a few pixels apart.
int halo_cell_px(double px_per_mm);

/// How one wide term of the profile is applied: on which of the three levels of the halved grid, and the variance in
/// that level's cells^2 that is left to blur beside what cell means and interpolation blur already.
struct WideTerm {
  int term = 0, level = 0;
  double variance = 0;
};
std::vector<WideTerm> wide_terms(double cells_per_mm, int cell_px);
/// A Gaussian of less variance leaves a grid as it is; others reach this many cells to either side.
inline constexpr double least_variance = 0.02;
int gaussian_radius(double variance);

/// `bins` must have a tile_px that is a multiple of halo_cell_px(deposit.px_per_mm). At the photo's border light is
/// reflected, as if the skin went on in mirror image.
Halo scatter(const Deposit& deposit, const TileBins& bins);

}  // namespace stipple
