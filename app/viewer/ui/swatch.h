// The shade ladder on the client's own skin: a few square millimetres of dots, by the engine itself.
#pragma once
#include <memory>
#include <opencv2/core.hpp>
#include <vector>

#include "sim/pigment/pigment.h"

namespace stipple {

/// Flat skin of one linear-light colour with healed dots of `params`, 9 mm high.
Photo shade_swatch(const Rgb& skin, double density_per_cm2, PigmentParams params, cv::Size size);

/// One swatch for each of shade_ladder(), made again only when what they show changes.
class Swatches {
 public:
  const std::vector<std::shared_ptr<const Photo>>& get(const Rgb& skin, double density_per_cm2,
                                                       const PigmentParams& params, cv::Size size);

 private:
  Rgb skin_{-1, -1, -1};
  double density_ = 0;
  PigmentParams params_;
  cv::Size size_;
  std::vector<std::shared_ptr<const Photo>> pictures_;
};

}  // namespace stipple
