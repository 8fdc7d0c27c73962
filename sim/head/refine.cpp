// Based on: He, Sun, Tang, "Guided image filtering" (2013), colour guide; He, Sun, "Fast guided filter" (2015).
#include "sim/head/refine.h"

#include <Eigen/LU>
#include <algorithm>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>

#include "sim/core/math.h"

namespace stipple {
namespace {

constexpr int reduction = 4;

cv::Mat box(const cv::Mat& image, int radius) {
  cv::Mat mean;
  cv::boxFilter(image, mean, CV_32F, {2 * radius + 1, 2 * radius + 1}, {-1, -1}, true, cv::BORDER_REFLECT_101);
  return mean;
}

/// Means and covariances of the guide around every pixel.
struct Guide {
  cv::Mat3f rgb, mean;
  cv::Mat inverse;  // CV_32FC(9): of covariance + eps
  int radius;
};

Guide make_guide(const cv::Mat3f& rgb, int radius, double eps) {
  Guide guide{rgb, cv::Mat3f(box(rgb, radius)), cv::Mat(rgb.size(), CV_32FC(9)), radius};
  cv::Mat products(rgb.size(), CV_32FC(6));
  for (int y = 0; y < rgb.rows; ++y)
    for (int x = 0; x < rgb.cols; ++x) {
      const cv::Vec3f& c = rgb(y, x);
      products.at<cv::Vec<float, 6>>(y, x) = {c[0] * c[0], c[0] * c[1], c[0] * c[2],
                                              c[1] * c[1], c[1] * c[2], c[2] * c[2]};
    }
  const cv::Mat moments = box(products, radius);
  for (int y = 0; y < rgb.rows; ++y)
    for (int x = 0; x < rgb.cols; ++x) {
      const auto& m = moments.at<cv::Vec<float, 6>>(y, x);
      const cv::Vec3f& u = guide.mean(y, x);
      Eigen::Matrix3f covariance;
      covariance << m[0], m[1], m[2], m[1], m[3], m[4], m[2], m[4], m[5];
      const Eigen::Vector3f mean(u[0], u[1], u[2]);
      covariance -= mean * mean.transpose();
      covariance.diagonal().array() += static_cast<float>(eps);
      const Eigen::Matrix3f inverse = covariance.inverse();
      std::copy(inverse.data(), inverse.data() + 9, guide.inverse.ptr<float>(y, x));
    }
  return guide;
}

/// Coefficients a (3) and b of p = a . rgb + b, averaged over the windows that cover a pixel.
cv::Mat coefficients(const Guide& guide, const cv::Mat1f& p) {
  cv::Mat joint(p.size(), CV_32FC4), line(p.size(), CV_32FC4);
  for (int y = 0; y < p.rows; ++y)
    for (int x = 0; x < p.cols; ++x) {
      const cv::Vec3f c = guide.rgb(y, x) * p(y, x);
      joint.at<cv::Vec4f>(y, x) = {c[0], c[1], c[2], p(y, x)};
    }
  joint = box(joint, guide.radius);
  for (int y = 0; y < p.rows; ++y)
    for (int x = 0; x < p.cols; ++x) {
      const auto& m = joint.at<cv::Vec4f>(y, x);
      const cv::Vec3f& u = guide.mean(y, x);
      const Eigen::Vector3f mean(u[0], u[1], u[2]), covariance = Eigen::Vector3f(m[0], m[1], m[2]) - mean * m[3];
      const Eigen::Vector3f a = Eigen::Map<const Eigen::Matrix3f>(guide.inverse.ptr<float>(y, x)) * covariance;
      line.at<cv::Vec4f>(y, x) = {a[0], a[1], a[2], m[3] - a.dot(mean)};
    }
  return box(line, guide.radius);
}

cv::Mat1f applied(const cv::Mat& small_line, const cv::Mat3b& rgb) {
  cv::Mat line;
  cv::resize(small_line, line, rgb.size(), 0, 0, cv::INTER_LINEAR);
  cv::Mat1f p(rgb.size());
  for (int y = 0; y < rgb.rows; ++y)
    for (int x = 0; x < rgb.cols; ++x) {
      const auto& l = line.at<cv::Vec4f>(y, x);
      const cv::Vec3b& c = rgb(y, x);
      p(y, x) = std::clamp((l[0] * c[0] + l[1] * c[1] + l[2] * c[2]) / 255 + l[3], 0.0F, 1.0F);
    }
  return p;
}

}  // namespace

std::array<cv::Mat1f, 5> refined(const std::array<cv::Mat1f, 5>& probability, const cv::Mat3b& rgb, double radius_px,
                                 double eps) {
  const cv::Size small(std::max(1, rgb.cols / reduction), std::max(1, rgb.rows / reduction));
  cv::Mat3b small_rgb;
  cv::resize(rgb, small_rgb, small, 0, 0, cv::INTER_AREA);
  cv::Mat3f guide_rgb;
  small_rgb.convertTo(guide_rgb, CV_32F, 1 / 255.0);
  const Guide guide = make_guide(guide_rgb, std::max(1, cvRound(radius_px / reduction)), eps);

  std::array<cv::Mat1f, 5> result;
  cv::parallel_for_({0, 5}, [&](const cv::Range& range) {
    for (int c = range.start; c < range.end; ++c) {
      cv::Mat1f p;
      cv::resize(probability[static_cast<size_t>(c)], p, small, 0, 0, cv::INTER_AREA);
      result[static_cast<size_t>(c)] = applied(coefficients(guide, p), rgb);
    }
  });
  cv::Mat1f sum(rgb.size(), 1e-6F);
  for (const cv::Mat1f& p : result) sum += p;
  for (cv::Mat1f& p : result) p /= sum;
  return result;
}

}  // namespace stipple
