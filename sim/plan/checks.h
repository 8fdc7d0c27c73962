// The rules a consultant goes through before anything is signed (DOMAIN 1.4, 2.5), each with a sentence to say aloud.
#pragma once
#include <vector>

#include "sim/plan/hairline.h"
#include "sim/plan/zones.h"

namespace stipple {

/// What the rules look at. `line` is empty when no front line counts.
struct CheckInput {
  const Zones& zones;
  const Anatomy& anatomy;
  const Hairline3d& line;
  bool line_visible = false;
  const cv::Mat1f& density_per_cm2;
  const std::vector<TempleCorner>& corners;
};

/// Only rules that are broken, or advice that applies, in the order in which they matter.
std::vector<RuleCheck> rule_checks(const CheckInput& in);

/// Height of the finished line above the glabella along the skin, in the midline; 0 for an empty line.
double measured_mid_frontal_mm(const HeadModel& model, const Anatomy& anatomy, const Hairline3d& line);

/// A cell of the skin that the camera sees: its pixel of the working grid and its area.
struct SkinCell {
  cv::Point pixel;
  double area_cm2 = 0;
};
/// The skin of a head in cells of some square millimetres, on a working grid of that size; the same under every plan.
std::vector<SkinCell> seen_skin(const Head& head, const cv::Size& grid);
/// Integrals over the skin that the camera sees. Area counts where more than a fiftieth of the plateau is planned.
Estimates estimates_of(const Head& head, const std::vector<SkinCell>& seen_skin, const cv::Mat1f& density_per_cm2,
                       double plateau_per_cm2);

}  // namespace stipple
