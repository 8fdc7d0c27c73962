// Three kinds of evidence tell how a head stands before the camera: its outline against the background, the border
// between face and scalp (an anatomical curve on the surface), and landmarks. Each becomes a residual in standard
// deviations; priors keep shape and pose where people are.
#include "sim/head/fit_problem.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "sim/head/regions.h"

namespace stipple {
namespace {

constexpr int grid_px = 256, sample_count = 300, outline_count = 96;
constexpr double border_limit_mm = 22, border_sd_mm = 9, beyond_sd_mm = 5;
constexpr double landmark_sd_mm = 5;                            // of a parser's points, beside people's differences
constexpr double samples_worth = 40, outline_worth = 40;        // independent observations that neighbours amount to
constexpr double axes_sd[3] = {0.036, 0.042, 0.035};            // DOMAIN 5.1
constexpr double least_elevation = -0.15, elevation_sd = 0.12;  // cameras rarely look up at a scalp; radians
constexpr double assumed_diagonal_focal = 26.0 / 43.27;         // focal length over diagonal of a phone's main camera
constexpr double least_distance_mm = 350, assumed_distance_mm = 750;  // nearer, and the photo was cropped

double smoothstep(double low, double high, double x) {
  const double t = std::clamp((x - low) / (high - low), 0.0, 1.0);
  return t * t * (3 - 2 * t);
}

/// Value of a map at a photo position, bilinear, clamped to the map's edge.
double sample_map(const cv::Mat1f& map, double x, double y) {
  x = std::clamp(x - 0.5, 0.0, map.cols - 1.0);
  y = std::clamp(y - 0.5, 0.0, map.rows - 1.0);
  const int x0 = std::min(static_cast<int>(x), map.cols - 2), y0 = std::min(static_cast<int>(y), map.rows - 2);
  const double fx = x - x0, fy = y - y0;
  const float *a = map[y0] + x0, *b = map[y0 + 1] + x0;
  return (1 - fy) * ((1 - fx) * a[0] + fx * a[1]) + fy * ((1 - fx) * b[0] + fx * b[1]);
}

cv::Mat1f distance_to(const cv::Mat1b& mask) {
  if (cv::countNonZero(mask) == 0) return cv::Mat1f(mask.size(), 1e4F);
  cv::Mat1f distance;
  cv::distanceTransform(mask == 0, distance, cv::DIST_L2, cv::DIST_MASK_5);
  return distance;
}

}  // namespace

FitState FitState::moved(const Step& step) const {
  FitState next = *this;
  const Vec3 turn = step.head<3>();
  if (turn.norm() > 0) next.head_to_camera = Eigen::AngleAxisd(turn.norm(), turn.normalized()) * head_to_camera;
  next.centre_px += std::exp(log_px_per_mm) * step.segment<2>(3);
  next.log_px_per_mm += step[5];
  next.log_axes += step.tail<3>();
  return next;
}

FitProblem::FitProblem(const FitInput& input) : input_(input) {
  const int longest = std::max(input.classes.cols, input.classes.rows);
  const double reduce = std::max(1.0, static_cast<double>(longest) / grid_px);
  grid_scale_ = input.work_scale * reduce;
  const cv::Size size(std::max(2, cvRound(input.classes.cols / reduce)),
                      std::max(2, cvRound(input.classes.rows / reduce)));
  cv::resize(input.classes, classes_, size, 0, 0, cv::INTER_NEAREST);
  measure_grid(classes_);
  collect_outline(classes_);
  find_one_sided_pairs();
  HeadModel unit;
  unit.semi_axes_mm = Vec3::Ones();
  for (const BorderSample& s : border_samples(sample_count, 2.9, border_limit_mm)) {
    const Vec3 point = s.head_mm.cwiseQuotient(standard_semi_axes_mm);
    samples_.push_back({point, unit.normal(point), s.scalp_mm, s.across});
  }
}

void FitProblem::measure_grid(const cv::Mat1b& classes) {
  const cv::Mat1b face = mask_of(classes, {face_skin}), scalp = mask_of(classes, {bare_scalp, hair_on_scalp});
  cv::subtract(distance_to(face), distance_to(scalp), scalp_px_);
  beyond_px_ = distance_to(mask_of(classes, {face_skin, bare_scalp, hair_on_scalp, hat}));
  const cv::Rect box = cv::boundingRect(scalp);
  scalp_box_px_ = {box.x * grid_scale_, box.y * grid_scale_, box.width * grid_scale_, box.height * grid_scale_};
}

void FitProblem::collect_outline(const cv::Mat1b& classes) {
  // The border of the head against the background, away from the photo's edge and from hats.
  const cv::Mat1b head = mask_of(classes, {face_skin, bare_scalp, hair_on_scalp});
  cv::Mat1b near_hat;
  cv::dilate(mask_of(classes, {hat}), near_hat, cv::Mat(), {-1, -1}, 3);
  std::vector<std::vector<cv::Point>> contours;
  cv::findContours(head, contours, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);
  std::vector<OutlinePoint> all;
  for (const std::vector<cv::Point>& contour : contours)
    for (const cv::Point& p : contour) {
      if (p.x < 2 || p.y < 2 || p.x >= classes.cols - 2 || p.y >= classes.rows - 2 || near_hat(p)) continue;
      // The outline runs half a pixel outside the outermost pixel, along the mask's gradient.
      Vec2 outward(0, 0);
      for (int dy = -2; dy <= 2; ++dy)
        for (int dx = -2; dx <= 2; ++dx)
          if (!head(p.y + dy, p.x + dx)) outward += Vec2(dx, dy);
      const Vec2 at = Vec2(p.x + 0.5, p.y + 0.5) + (outward.norm() > 0 ? Vec2(0.5 * outward.normalized()) : Vec2(0, 0));
      all.push_back({at * grid_scale_, classes(p)});
    }
  const size_t wanted = std::min<size_t>(outline_count, all.size());
  for (size_t i = 0; i < wanted; ++i) outline_.push_back(all[i * all.size() / wanted]);
}

HeadModel FitProblem::model(const FitState& state) const {
  HeadModel model;
  const double scale = std::exp(state.log_px_per_mm);
  const double diagonal = std::hypot(input_.photo_size.width, input_.photo_size.height);
  // A stated or assumed focal length that would put the camera too near means that the photo is a crop.
  model.focal_px = input_.focal_px > 0 ? std::max(input_.focal_px, least_distance_mm * scale)
                                       : std::max(assumed_diagonal_focal * diagonal, assumed_distance_mm * scale);
  model.principal_px = {input_.photo_size.width / 2.0, input_.photo_size.height / 2.0};
  const double depth = model.focal_px / scale;
  const Vec2 centre = (state.centre_px - model.principal_px) / scale;
  model.centre_camera_mm = {centre.x(), centre.y(), depth};
  model.head_to_camera = state.head_to_camera;
  model.semi_axes_mm = standard_semi_axes_mm.cwiseProduct(state.log_axes.array().exp().matrix());
  return model;
}

FitState FitProblem::placed(const Mat3& head_to_camera) const {
  Vec2 low = Vec2::Constant(1e9), high = Vec2::Constant(-1e9);
  for (const SurfaceSample& s : samples_) {
    const Vec3 normal = head_to_camera * s.unit_gradient.cwiseQuotient(standard_semi_axes_mm);
    if (s.scalp_mm < 0 || normal.z() > 0) continue;
    const Vec2 at = (head_to_camera * s.unit.cwiseProduct(standard_semi_axes_mm)).head<2>();
    low = low.cwiseMin(at);
    high = high.cwiseMax(at);
  }
  const Vec2 seen(scalp_box_px_.width, scalp_box_px_.height), middle(scalp_box_px_.x, scalp_box_px_.y);
  const Vec2 size = (high - low).cwiseMax(10.0);
  const double scale = std::max(std::sqrt(seen.prod() / size.prod()), 1e-3);
  return {head_to_camera, middle + seen / 2 - scale * (low + high) / 2, std::log(scale), Vec3::Zero()};
}

double FitProblem::sample_residual(const SurfaceSample& s, const HeadModel& model, const Vec3& camera_at) const {
  // Points that turn away, lie outside the photo or under a hat say nothing.
  const Vec3 point = s.unit.cwiseProduct(model.semi_axes_mm);
  const Vec3 normal = s.unit_gradient.cwiseQuotient(model.semi_axes_mm).normalized();
  const double weight = std::clamp(2 * normal.dot((camera_at - point).normalized()), 0.0, 1.0);
  if (weight <= 0) return 0;
  const Vec2 grid = model.project(point) / grid_scale_;
  if (!(grid.x() >= 0 && grid.y() >= 0 && grid.x() < classes_.cols && grid.y() < classes_.rows)) return 0;
  if (classes_(static_cast<int>(grid.y()), static_cast<int>(grid.x())) == static_cast<uint8_t>(hat)) return 0;

  // The distance from the border is seen foreshortened across the border's own direction.
  const Vec3 camera = model.head_to_camera * point + model.centre_camera_mm;
  const auto seen_along = [&](const Vec3& tangent) {
    const Vec3 t = model.head_to_camera * tangent;
    return Vec2((t.head<2>() - camera.head<2>() * (t.z() / camera.z())) * (model.focal_px / camera.z()));
  };
  const Vec2 across = seen_along(s.across), along = seen_along(normal.cross(s.across));
  const double px_across = std::abs(across.x() * along.y() - across.y() * along.x()) / std::max(along.norm(), 1e-9);

  // On the head the distance from the border must agree; beside it the upper head must not be.
  const double mm_per_px = grid_scale_ * model.centre_camera_mm.z() / model.focal_px;
  const double beyond = sample_map(beyond_px_, grid.x(), grid.y()) * mm_per_px;
  const double seen = std::clamp(sample_map(scalp_px_, grid.x(), grid.y()) * grid_scale_ / std::max(px_across, 1e-9),
                                 -border_limit_mm, border_limit_mm);
  const double upper = smoothstep(-0.5, -0.1, s.unit.y());
  const double inside = std::exp(-beyond / 5);
  return weight * (inside * (seen - s.scalp_mm) / border_sd_mm + upper * beyond / beyond_sd_mm);
}

double FitProblem::outline_residual(const OutlinePoint& point, const HeadModel& model) const {
  // Below the ears jaw and neck make the outline, which the surface does not follow.
  const double depth = model.centre_camera_mm.z();
  const Vec2 plane = (point.photo_px - model.principal_px) * (depth / model.focal_px);
  const Vec3 head = model.head_to_camera.transpose() * (Vec3(plane.x(), plane.y(), depth) - model.centre_camera_mm);
  const double weight = smoothstep(-0.55, -0.15, head.y() / model.semi_axes_mm.y());
  // Hair stands off the skull and ears off the head, but nothing cuts into them.
  const double distance = model.outline_distance_mm(point.photo_px);
  if (point.of_class == bare_scalp) return weight * distance / 3;
  if (distance < 0) return weight * distance / 4;
  return weight * distance / (point.of_class == hair_on_scalp ? 9 : 16);
}

void FitProblem::find_one_sided_pairs() {
  constexpr double same_place = 0.12;  // of the longer side of the head's box
  const cv::Rect box = cv::boundingRect(mask_of(classes_, {face_skin, bare_scalp, hair_on_scalp}));
  const double near_px = same_place * grid_scale_ * std::max(box.width, box.height);
  for (const auto& [left, right] :
       {std::pair{pupil_left, pupil_right}, {canthus_left, canthus_right}, {tragus_left, tragus_right}})
    one_sided_[left] = one_sided_[right] =
        (input_.landmarks[left].photo_px - input_.landmarks[right].photo_px).norm() < near_px;
}

Vec2 FitProblem::landmark_residual(int landmark, const HeadModel& model, const Vec3& shape,
                                   const Vec3& camera_at) const {
  const LandmarkPoint& seen = input_.landmarks[static_cast<size_t>(landmark)];
  const LandmarkAnatomy anatomy = landmark_anatomy(static_cast<Landmark>(landmark));
  const bool far_side = anatomy.head_mm.x() * camera_at.x() < 0;
  if (seen.confidence < 0.3 || (one_sided_[static_cast<size_t>(landmark)] && far_side)) return {0, 0};
  const double mm_per_px = model.centre_camera_mm.z() / model.focal_px;
  const double weight = seen.confidence * mm_per_px / std::hypot(anatomy.sd_mm, landmark_sd_mm);
  return weight * (model.project(anatomy.head_mm.cwiseProduct(shape)) - seen.photo_px);
}

int FitProblem::residual_count() const {
  return static_cast<int>(samples_.size() + outline_.size()) + 2 * landmark_count + prior_count;
}

void FitProblem::residuals(const FitState& state, const PosePrior& start, Eigen::VectorXd& out) const {
  const HeadModel head = model(state);
  const Vec3 camera_at = -(head.head_to_camera.transpose() * head.centre_camera_mm);
  int i = 0;
  const double sample_weight = std::sqrt(samples_worth / sample_count);
  for (const SurfaceSample& s : samples_) out[i++] = sample_weight * sample_residual(s, head, camera_at);
  const double outline_weight = std::sqrt(outline_worth / outline_count);
  for (const OutlinePoint& p : outline_) out[i++] = outline_weight * outline_residual(p, head);
  const Vec3 shape = state.log_axes.array().exp();
  for (int l = 0; l < landmark_count; ++l) {
    out.segment<2>(i) = landmark_residual(l, head, shape, camera_at);
    i += 2;
  }
  const double elevation = std::asin(std::clamp(camera_at.normalized().y(), -1.0, 1.0));
  out[i++] = std::min(elevation - least_elevation, 0.0) / elevation_sd;
  for (int a = 0; a < 3; ++a) out[i++] = state.log_axes[a] / axes_sd[a];
  const Eigen::AngleAxisd turn(Mat3(state.head_to_camera * start.head_to_camera.transpose()));
  out.segment<3>(i) = (turn.angle() * turn.axis()).cwiseQuotient(start.sd);
}

double FitProblem::outline_error_mm(const HeadModel& model) const {
  double sum[2] = {0, 0};
  int count[2] = {0, 0};
  for (const OutlinePoint& p : outline_) {
    const bool bare = p.of_class == bare_scalp;
    sum[bare] += std::pow(std::min(model.outline_distance_mm(p.photo_px), 50.0), 2);
    ++count[bare];
  }
  const bool bare = count[1] > 0;
  return count[bare] > 0 ? std::sqrt(sum[bare] / count[bare]) : 0;
}

}  // namespace stipple
