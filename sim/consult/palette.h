// A film's own few colours, for formats that hold no more than 256.
#pragma once
#include <array>
#include <opencv2/core.hpp>
#include <vector>

namespace stipple {

inline constexpr int most_palette_colours = 255;  // one entry of 256 is left for "unchanged"

/// At most `count` colours (1..most_palette_colours) that lie near all of `samples`, 8-bit RGB; `samples` not empty.
std::vector<cv::Vec3b> make_palette(std::vector<cv::Vec3b> samples, int count);

/// Pictures to indices of a palette. Grain of a fixed pattern keeps smooth skin smooth; the pattern stays in its place,
/// so that what does not change from frame to frame does not flicker.
class PaletteIndex {
 public:
  explicit PaletteIndex(std::vector<cv::Vec3b> palette);
  const std::vector<cv::Vec3b>& palette() const { return palette_; }
  cv::Mat1b indices(const cv::Mat3b& rgb) const;

 private:
  std::vector<cv::Vec3b> palette_;
  std::vector<uint8_t> nearest_;  // per cell of a cube of colours
  float grain_ = 0;               // half the usual distance between colours
};

}  // namespace stipple
