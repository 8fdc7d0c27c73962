// Light on a matt surface is a function of its normal alone, and nine spherical harmonics hold nearly all of it. They
// are fitted to the brightness of bare skin, robustly, since shine, wrinkles and features of the face are no shading.
// What the fit leaves over (skin colour, local shadow) is carried under the hair as a ratio.
// Based on: Ramamoorthi & Hanrahan, "An efficient representation for irradiance environment maps", SIGGRAPH 2001.
#include "sim/shave/lighting.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "sim/shave/membrane.h"

namespace stipple {
namespace {

using Basis = Eigen::Matrix<double, 9, 1>;

constexpr double face_weight = 0.15;                   // features of a face have normals that the model does not know
constexpr std::array<double, 3> ridge{0, 4e-3, 4e-2};  // by order, per unit of weight: unseen normals stay plain
constexpr double least_shading = 0.4, most_shading = 1.35;  // of the median, under hair
constexpr double texture_mm = 2;                            // what is finer on skin is texture, no shading
constexpr int robust_rounds = 6;

Basis basis_of(const Vec3& n) {
  Basis b;
  b << 1, n.x(), n.y(), n.z(), n.x() * n.y(), n.y() * n.z(), n.x() * n.z(), n.x() * n.x() - n.y() * n.y(),
      3 * n.z() * n.z() - 1;
  return b;
}

struct Sample {
  Basis basis;
  double light, weight;
};

double brightness(const cv::Vec3f& c) { return std::max(1e-4, 0.25 * c[0] + 0.5 * c[1] + 0.25 * c[2]); }

std::vector<Sample> samples_of(const cv::Mat3f& linear, const Head& head, const ShaveRegion& region) {
  std::vector<Sample> samples;
  for (int y = 0; y < linear.rows; y += 2)
    for (int x = 0; x < linear.cols; x += 2) {
      if (!region.bare_skin(y, x)) continue;
      const auto at = head.model.intersect(Vec2(x + 0.5, y + 0.5) * head.work_scale);
      if (at)
        samples.push_back({basis_of(head.model.normal(*at)), brightness(linear(y, x)),
                           head.classes(y, x) == bare_scalp ? 1.0 : face_weight});
    }
  return samples;
}

struct Shading {
  Basis coefficients = Basis::Unit(0);
  double median = 1;
  double at(const Vec3& normal) const {
    return std::clamp(coefficients.dot(basis_of(normal)), least_shading, most_shading) * median;
  }
};

/// Least squares in units of the median, reweighted by Cauchy's function of the residual.
Shading fitted_shading(const std::vector<Sample>& samples) {
  Shading shading;
  if (samples.size() < 50) return shading;
  std::vector<double> light;
  for (const Sample& s : samples) light.push_back(s.light);
  std::nth_element(light.begin(), light.begin() + static_cast<ptrdiff_t>(light.size() / 2), light.end());
  shading.median = light[light.size() / 2];
  for (int round = 0; round < robust_rounds; ++round) {
    Eigen::Matrix<double, 9, 9> normal_matrix = Eigen::Matrix<double, 9, 9>::Zero();
    Basis right = Basis::Zero();
    double total = 0;
    for (const Sample& s : samples) {
      const double value = s.light / shading.median;
      const double residual = round == 0 ? 0 : (value - shading.coefficients.dot(s.basis)) / 0.12;
      const double weight = s.weight / (1 + residual * residual);
      normal_matrix += weight * s.basis * s.basis.transpose();
      right += weight * value * s.basis;
      total += weight;
    }
    for (int i = 0; i < 9; ++i) normal_matrix(i, i) += total * ridge[i == 0 ? 0 : i < 4 ? 1 : 2];
    shading.coefficients = normal_matrix.ldlt().solve(right);
  }
  return shading;
}

/// Mean over the known pixels within about `sigma_px`: texture at the border must not run under the hair as streaks.
cv::Mat3f smoothed(const cv::Mat3f& values, const cv::Mat1b& known, double sigma_px) {
  cv::Mat3f sum(values.size(), cv::Vec3f());
  values.copyTo(sum, known);
  cv::Mat1f weight;
  known.convertTo(weight, CV_32F, 1 / 255.0);
  cv::GaussianBlur(sum, sum, {}, std::max(0.5, sigma_px), 0, cv::BORDER_REPLICATE);
  cv::GaussianBlur(weight, weight, {}, std::max(0.5, sigma_px), 0, cv::BORDER_REPLICATE);
  for (int y = 0; y < sum.rows; ++y)
    for (int x = 0; x < sum.cols; ++x) sum(y, x) *= 1 / std::max(weight(y, x), 1e-6f);
  return sum;
}

}  // namespace

cv::Mat3f skin_under_hair(const cv::Mat3f& linear, const Head& head, const ShaveRegion& region) {
  const Shading shading = fitted_shading(samples_of(linear, head, region));
  cv::Mat1f shade(linear.size(), static_cast<float>(shading.median));
  cv::Mat3f left_over(linear.size(), cv::Vec3f());
  cv::parallel_for_({0, linear.rows}, [&](const cv::Range& rows) {
    for (int y = rows.start; y < rows.end; ++y)
      for (int x = 0; x < linear.cols; ++x) {
        const bool needed = region.share(y, x) > 0 || region.bare_skin(y, x);
        if (!needed) continue;
        const Vec3 at = head.model.nearest(Vec2(x + 0.5, y + 0.5) * head.work_scale);
        shade(y, x) = static_cast<float>(shading.at(head.model.normal(at)));
        for (int c = 0; c < 3; ++c) left_over(y, x)[c] = std::log(std::max(linear(y, x)[c], 1e-4f) / shade(y, x));
      }
  });
  cv::Mat3f skin = membrane(smoothed(left_over, region.bare_skin, texture_mm * region.px_per_mm), region.bare_skin);
  for (int y = 0; y < skin.rows; ++y)
    for (int x = 0; x < skin.cols; ++x)
      for (int c = 0; c < 3; ++c) skin(y, x)[c] = std::min(1.0f, shade(y, x) * std::exp(skin(y, x)[c]));
  return skin;
}

}  // namespace stipple
