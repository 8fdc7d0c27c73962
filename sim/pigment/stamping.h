// Footprints of dots summed into tiles of absorbance.
#pragma once
#include <cstdint>
#include <opencv2/core.hpp>
#include <span>
#include <vector>

#include "sim/pigment/pigment.h"

namespace stipple {

/// A footprint ends at this many standard deviations: what is cut off changes light by less than half an 8-bit code.
inline constexpr float footprint_cut = 3.7f;
inline constexpr int max_tile_px = 64;
inline constexpr int tile_stride_px = max_tile_px + 8;  // rows of a tile's buffer are padded for whole vectors
inline constexpr size_t tile_buffer_size = static_cast<size_t>(max_tile_px) * tile_stride_px;

/// Square tiles over a part of the photo, and which stamps reach each of them (indices ascending).
struct TileBins {
  cv::Rect area_px;  // covered part of the photo; its corner is the corner of the first tile
  int tile_px = max_tile_px;
  int columns = 0, rows = 0;
  std::vector<uint32_t> first;    // columns * rows + 1 offsets into `members`
  std::vector<uint32_t> members;  // indices of stamps

  int count() const { return columns * rows; }
  /// Part of the photo that a tile covers (clipped to area_px).
  cv::Rect tile(int index) const;
  std::span<const uint32_t> stamps_of(int index) const {
    const auto i = static_cast<size_t>(index);
    return std::span(members).subspan(first[i], first[i + 1] - first[i]);
  }
};

/// Tiles over everything within `margin_px` of a footprint, clipped to the photo. Stamps that are not finite, weigh
/// nothing or have no extent are left out. `tile_px` in 1..max_tile_px.
TileBins bin_stamps(std::span<const Stamp> stamps, cv::Size photo_size, int margin_px, int tile_px);

/// Pixels of an endless photo that a stamp's footprint covers; empty for stamps that bin_stamps leaves out.
cv::Rect footprint_window(const Stamp& stamp);

/// Absorbance of every pixel of a tile, row by row with stride tile_stride_px; `absorbance` holds tile_buffer_size
/// values, of which the padding means nothing.
/// A stamp's values over all pixels of an endless photo sum to its mass, wherever its centre lies within a pixel.
void sum_absorbance(std::span<const Stamp> stamps, std::span<const uint32_t> members, const cv::Rect& tile,
                    float* absorbance);

}  // namespace stipple
