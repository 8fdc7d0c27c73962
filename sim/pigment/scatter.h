// Light that enters skin in one place and leaves it in another, on a reduced grid.
#pragma once
#include <opencv2/core.hpp>

#include "sim/pigment/pigment.h"
#include "sim/pigment/stamping.h"

namespace stipple {

/// Sum over the wide terms of the diffusion profile of weight times blurred (1 - transmittance), per channel, in cells
/// of `cell_px` photo pixels from the corner of TileBins::area_px.
struct Halo {
  cv::Mat3f cells;  // one channel per colour channel of light
  int cell_px = 1;

  /// Bilinear values along photo row `y` (from area_px's corner) for pixels [x, x + count): three planes of `count`.
  void row(int y, int x, int count, float* red, float* green, float* blue) const;
};

/// Cell size for a scale: small enough for the narrowest wide term, 1 where dots are only a few pixels apart.
int halo_cell_px(double px_per_mm);

/// `bins` must have a tile_px that is a multiple of halo_cell_px(deposit.px_per_mm). At the photo's border light is
/// reflected, as if the skin went on in mirror image.
Halo scatter(const Deposit& deposit, const TileBins& bins);

/// The blur alone, from the mean of 1 - transmittance in each cell.
cv::Mat3f blur_by_profile(const cv::Mat3f& absorbed, double cells_per_mm, int cell_px);

}  // namespace stipple
