// Both photos and the prediction on the head's working grid, and the parts of it that can be compared.
#pragma once
#include "sim/validate/validate.h"

namespace stipple {

struct Comparison {
  cv::Mat3f before, predicted, measured;  // linear light; measured in the light of `before` once it is matched
  cv::Mat1b zone;                         // 255 where the plan is full and skin is seen in all three
  cv::Mat1b skin;                         // 255 on untreated skin beside it
  cv::Mat1b bare;                         // 255 on all skin that both photos show free of hair and glare
  double px_per_mm = 1;                   // of the grid
  double grid_px_per_px = 1;
};

/// `healed` laid over the photo before, at the given size (working grid or the photo's own).
cv::Mat3f laid_over(const Photo& healed, const Alignment& alignment, cv::Size before_size, cv::Size size,
                    cv::Mat1b& seen);

Comparison compare_on_grid(const Result& result, const Photo& healed, const Alignment& alignment);

/// Mean over pieces of the zone of log(before / later), and the standard deviation of that mean.
struct Darkening {
  double mean = 0, sd = 0;
};
Darkening darkening_of(const cv::Mat3f& before, const cv::Mat3f& later, const cv::Mat1b& zone, int block_px);

/// How far behind the planned line the measured one lies in its middle [mm], from the mean darkening by distance from
/// the line. Nothing when the plan has no line here or the treatment does not show.
std::optional<double> line_shift_mm(const Comparison& grid, const Plan& plan);

}  // namespace stipple
