// Pose and shape by Levenberg-Marquardt from many starts: cheap first steps of the pose alone tell which views can
// explain the photo, the best few are then solved in full with the shape free within what people's heads are like.
// Based on: Marquardt, "An algorithm for least-squares estimation of nonlinear parameters" (1963); robust reweighting
// after Holland and Welsch (1977).
#include "sim/head/fit.h"

#include <Eigen/Cholesky>
#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>
#include <iterator>
#include <numbers>
#include <numeric>
#include <opencv2/core/utility.hpp>

#include "sim/head/fit_problem.h"

namespace stipple {
namespace {

constexpr double degree = std::numbers::pi / 180;
constexpr double robust_sds = 2.5;

struct Start {
  double yaw_degrees, pitch_degrees;
  Vec3 sd;  // of PosePrior
};
const Vec3 canonical(0.35, 0.16, 0.16), between(0.35, 0.30, 0.20), from_above(0.20, 0.20, 0.30);

/// How people photograph heads; yaw to the subject's left, pitch nods down (or raises the camera).
const Start starts[] = {{0, 0, canonical},     {0, 25, canonical},  {0, 50, canonical},   {40, 5, between},
                        {-40, 5, between},     {40, 35, between},   {-40, 35, between},   {85, 0, canonical},
                        {-85, 0, canonical},   {85, 30, canonical}, {-85, 30, canonical}, {0, 80, from_above},
                        {180, 75, from_above}, {180, 0, canonical}, {180, 40, canonical}, {140, 5, between},
                        {-140, 5, between},    {140, 35, between},  {-140, 35, between}};
constexpr int start_count = static_cast<int>(std::size(starts)), finalists = 4;
constexpr double between_cost = 2;  // fewer photos are taken from between the canonical sides

PosePrior prior_of(const Start& start) {
  const Mat3 upright = Vec3(1, -1, -1).asDiagonal();
  return {upright * Eigen::AngleAxisd(start.pitch_degrees * degree, Vec3::UnitX()) *
              Eigen::AngleAxisd(start.yaw_degrees * degree, Vec3::UnitY()),
          start.sd};
}

double start_cost(const Start& start) { return start.sd == between ? between_cost : 0; }

double robust_cost(const Eigen::VectorXd& residuals) {
  const Eigen::Index evidence = residuals.size() - FitProblem::prior_count;
  double cost = residuals.tail(FitProblem::prior_count).squaredNorm();
  for (const double r : residuals.head(evidence))
    cost += robust_sds * robust_sds * std::log1p(r * r / (robust_sds * robust_sds));
  return cost;
}

struct Solution {
  FitState state;
  double cost = 0;
  Eigen::MatrixXd information;  // of the free parameters
};

/// Numeric Jacobian by central differences, rows scaled by the robust weights, and the scaled residuals.
void linearize(const FitProblem& problem, const FitState& state, const PosePrior& start, int free,
               Eigen::MatrixXd& jacobian, Eigen::VectorXd& scaled_residuals) {
  Eigen::VectorXd plus(problem.residual_count()), minus(problem.residual_count());
  jacobian.resize(problem.residual_count(), free);
  for (int k = 0; k < free; ++k) {
    FitState::Step step = FitState::Step::Zero();
    step[k] = k == 3 || k == 4 ? 0.5 : 0.005;
    problem.residuals(state.moved(step), start, plus);
    problem.residuals(state.moved(-step), start, minus);
    jacobian.col(k) = (plus - minus) / (2 * step[k]);
  }
  problem.residuals(state, start, scaled_residuals);
  Eigen::ArrayXd weight = (1 + (scaled_residuals.array() / robust_sds).square()).rsqrt();
  weight.tail(FitProblem::prior_count) = 1;
  scaled_residuals.array() *= weight;
  jacobian.array().colwise() *= weight;
}

Solution solve(const FitProblem& problem, FitState state, const PosePrior& start, int free, int steps) {
  Eigen::VectorXd residuals(problem.residual_count());
  Eigen::MatrixXd jacobian;
  problem.residuals(state, start, residuals);
  Solution best{state, robust_cost(residuals), {}};
  double damping = 1e-2;
  for (int i = 0; i < steps; ++i) {
    linearize(problem, best.state, start, free, jacobian, residuals);
    best.information = jacobian.transpose() * jacobian;
    const Eigen::VectorXd slope = jacobian.transpose() * residuals;
    bool better = false;
    for (int attempt = 0; attempt < 5 && !better; ++attempt) {
      Eigen::MatrixXd damped = best.information;
      damped.diagonal() *= 1 + damping;
      damped.diagonal().array() += 1e-9;
      FitState::Step step = FitState::Step::Zero();
      step.head(free) = -damped.ldlt().solve(slope);
      step.head<3>() *= std::min(1.0, 0.4 / std::max(step.head<3>().norm(), 1e-12));
      step[5] = std::clamp(step[5], -0.4, 0.4);
      const FitState next = best.state.moved(step);
      Eigen::VectorXd trial(problem.residual_count());
      problem.residuals(next, start, trial);
      const double cost = robust_cost(trial);
      better = cost < best.cost;
      damping = better ? std::max(damping / 5, 1e-6) : damping * 6;
      if (!better) continue;
      const bool settled = best.cost - cost < 1e-4 * best.cost;
      best.state = next;
      best.cost = cost;
      if (settled) return best;
    }
    if (!better) break;
  }
  return best;
}

/// Cost in the units of squared SDs that a view's probability adds. Parsers and people draw the line between front,
/// three-quarter and side where they like, so neighbours share some of their probability.
double view_cost(const FitInput& input, const HeadModel& model) {
  constexpr double shared = 0.06, floor = 1e-3;
  const std::array<double, 6>& p = input.view_probability;
  const double sum = p[0] + p[1] + p[2] + p[3] + p[4];
  if (!(sum > 0)) return 0;
  const View view = view_from(model);
  double likely = p[static_cast<size_t>(view)];
  if (view == View::threequarter) likely += shared * (p[0] + p[2]);
  if (view == View::front || view == View::side) likely += shared * p[1];
  return -2 * std::log(likely / sum + floor);
}

}  // namespace

HeadModel scaled(const HeadModel& model, double factor) {
  HeadModel result = model;
  result.semi_axes_mm *= factor;
  result.centre_camera_mm *= factor;
  return result;
}

View view_from(const HeadModel& model) {
  const Vec3 camera = camera_direction(model);
  const double elevation = std::asin(std::clamp(camera.y(), -1.0, 1.0)) / degree;
  const double azimuth = std::abs(std::atan2(camera.x(), camera.z())) / degree;
  if (elevation > 57) return View::top;
  return azimuth < 22 ? View::front : azimuth < 60 ? View::threequarter : azimuth < 125 ? View::side : View::back;
}

Fit fit_head(const FitInput& input) {
  const FitProblem problem(input);

  // Pose alone, a few steps from every start.
  Solution rough[start_count];
  cv::parallel_for_({0, start_count}, [&](const cv::Range& range) {
    for (int i = range.start; i < range.end; ++i) {
      const PosePrior start = prior_of(starts[i]);
      rough[i] = solve(problem, problem.placed(start.head_to_camera), start, FitState::pose_size, 5);
      rough[i].cost += start_cost(starts[i]) + view_cost(input, problem.model(rough[i].state));
    }
  });
  int order[start_count];
  std::iota(std::begin(order), std::end(order), 0);
  std::stable_sort(std::begin(order), std::end(order), [&](int a, int b) { return rough[a].cost < rough[b].cost; });

  // Pose and shape of the best.
  Solution full[finalists];
  cv::parallel_for_({0, finalists}, [&](const cv::Range& range) {
    for (int i = range.start; i < range.end; ++i) {
      const Start& start = starts[order[i]];
      full[i] = solve(problem, rough[order[i]].state, prior_of(start), FitState::size, 15);
      full[i].cost += start_cost(start) + view_cost(input, problem.model(full[i].state));
    }
  });
  const Solution& best = *std::min_element(std::begin(full), std::end(full),
                                           [](const Solution& a, const Solution& b) { return a.cost < b.cost; });
  Fit fit;
  fit.model = problem.model(best.state);
  fit.view = view_from(fit.model);
  fit.outline_error_mm = problem.outline_error_mm(fit.model);
  fit.misfit = best.cost / 80;
  const Eigen::MatrixXd covariance =
      (best.information + 1e-6 * Eigen::MatrixXd::Identity(FitState::size, FitState::size)).inverse();
  fit.scale_error = std::sqrt(std::max(covariance(5, 5), 0.0));
  return fit;
}

}  // namespace stipple
