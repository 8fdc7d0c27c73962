// The residuals of fit_head: what a pose and shape predict against what the photo shows, each in standard deviations.
#pragma once
#include <Eigen/Core>
#include <opencv2/core.hpp>
#include <vector>

#include "sim/head/anatomy.h"
#include "sim/head/fit.h"

namespace stipple {

struct FitState {
  Mat3 head_to_camera;
  Vec2 centre_px;  // of the head's centre, photo px
  double log_px_per_mm;
  Vec3 log_axes;  // ln of semi-axes over the standard ones

  static constexpr int pose_size = 6, size = 9;
  using Step = Eigen::Matrix<double, size, 1>;
  /// Turned by the rotation vector step[0..2] [rad]; moved by step[3..4] [mm at the head]; ln scale, ln axes.
  FitState moved(const Step& step) const;
};

/// An orientation that heads are photographed in and how far they turn from it about the camera's axes [rad, 1 SD]:
/// x nods, y turns to the side, z tilts.
struct PosePrior {
  Mat3 head_to_camera;
  Vec3 sd;
};

class FitProblem {
 public:
  explicit FitProblem(const FitInput& input);

  HeadModel model(const FitState& state) const;
  /// The standard head in this orientation, placed where the scalp is seen.
  FitState placed(const Mat3& head_to_camera) const;
  /// Fills the residuals of a state; pose priors are centred on `start`.
  void residuals(const FitState& state, const PosePrior& start, Eigen::VectorXd& out) const;
  int residual_count() const;
  static constexpr int prior_count = 7;  // the last residuals: plain squares, where the evidence before them is robust
  /// RMS distance of outline points on bare scalp (of all outline points, when there are none) [mm].
  double outline_error_mm(const HeadModel& model) const;

 private:
  struct OutlinePoint {
    Vec2 photo_px;
    uint8_t of_class;
  };
  struct SurfaceSample {
    Vec3 unit, unit_gradient;  // on the surface with unit axes
    double scalp_mm;
    Vec3 across;
  };
  double sample_residual(const SurfaceSample& sample, const HeadModel& model, const Vec3& camera_at) const;
  double outline_residual(const OutlinePoint& point, const HeadModel& model) const;
  Vec2 landmark_residual(int landmark, const HeadModel& model, const Vec3& shape, const Vec3& camera_at) const;
  void find_one_sided_pairs();
  void measure_grid(const cv::Mat1b& classes);
  void collect_outline(const cv::Mat1b& classes);

  FitInput input_;
  std::array<bool, landmark_count> one_sided_{};  // left and right were found in one place: only the near side is there
  double grid_scale_ = 1;                         // photo px per grid px
  cv::Mat1b classes_;                             // grid of at most 256 px
  cv::Mat1f scalp_px_, beyond_px_;  // signed distance from the face/scalp border; distance from the head; grid px
  cv::Rect2d scalp_box_px_;
  std::vector<OutlinePoint> outline_;
  std::vector<SurfaceSample> samples_;
};

}  // namespace stipple
