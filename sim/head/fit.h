// Classes (and landmarks, view, focal length where known) -> pose, camera and shape of the head.
#pragma once
#include <array>
#include <opencv2/core.hpp>

#include "sim/head/head.h"

namespace stipple {

/// What the fit looks at. Positions are photo px.
struct FitInput {
  cv::Mat1b classes;      // Class numbers on a reduced grid
  double work_scale = 1;  // photo px per px of that grid
  cv::Size photo_size;
  std::array<LandmarkPoint, landmark_count> landmarks;
  std::array<double, 6> view_probability{};  // in the order of View; all 0 = unknown
  double focal_px = 0;                       // 0 = unknown
};

struct Fit {
  HeadModel model;  // of mean size: the scale that makes the head's axes likeliest
  View view = View::unknown;
  double outline_error_mm = 0;  // RMS of bare outline points against the silhouette
  double misfit = 0;            // mean squared residual in SDs, robust; about 1 is as good as heads get
  double scale_error = 0;       // 1 SD of ln(px per mm) from the fit alone, head size excluded
};

/// Needs at least one scalp pixel. Deterministic; a mirrored input gives the mirrored model.
Fit fit_head(const FitInput& input);

/// The same picture with every length multiplied by `factor`.
HeadModel scaled(const HeadModel& model, double factor);

/// From where the camera looks at the head.
View view_from(const HeadModel& model);

}  // namespace stipple
