// Density painted by hand: strokes that thin or thicken the plan, or leave skin free (moles, scars). Text, so that they
// are a parameter like any other, undone and stored with the project.
#pragma once
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "sim/head/head.h"

namespace stipple {

/// What a stroke makes of the planned density: 0 leaves free, 1 takes what was painted before back.
inline constexpr double most_density_factor = 2;
struct DensityStroke {
  double factor = 1;  // 0..most_density_factor
  double radius = 0.01;
  bool in_px = false;        // radius and points in photo px, else shares as in strokes.h
  std::vector<Vec2> points;  // at least one
  bool operator==(const DensityStroke&) const = default;
};

/// "0.5 0.01 0.4,0.3 0.42,0.31; 0 12px 512,300": in the order they were drawn. Throws Error{usage} for anything else.
std::vector<DensityStroke> parse_painted_density(const std::string& text);
std::string format_painted_density(const std::vector<DensityStroke>& strokes);

/// Factor of every pixel of the working grid: the last stroke over a place counts, with an edge that is soft over a
/// millimetre or a fifth of the brush. Inside a stroke of 0, and in pixels that it touches, it is exactly 0.
/// `px_per_mm` of the working grid.
cv::Mat1f density_factors(const std::vector<DensityStroke>& strokes, const Head& head, const cv::Size& size,
                          double px_per_mm);

}  // namespace stipple
