// Based on: He, Sun, Tang, "Guided image filtering" (2013), colour guide; He, Sun, "Fast guided filter" (2015).
#include "sim/head/refine.h"

#include <Eigen/LU>
#include <algorithm>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>

#include "sim/core/math.h"
#include "sim/head/parse.h"
#include "sim/head/regions.h"

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

/// Means of a small grid's coefficients at a place of the large one.
cv::Vec4f line_at(const cv::Mat& line, float x, float y) {
  const int x0 = std::clamp(static_cast<int>(x), 0, line.cols - 1),
            y0 = std::clamp(static_cast<int>(y), 0, line.rows - 1);
  const int x1 = std::min(x0 + 1, line.cols - 1), y1 = std::min(y0 + 1, line.rows - 1);
  const float fx = std::clamp(x - static_cast<float>(x0), 0.0F, 1.0F),
              fy = std::clamp(y - static_cast<float>(y0), 0.0F, 1.0F);
  return (line.at<cv::Vec4f>(y0, x0) * (1 - fx) + line.at<cv::Vec4f>(y0, x1) * fx) * (1 - fy) +
         (line.at<cv::Vec4f>(y1, x0) * (1 - fx) + line.at<cv::Vec4f>(y1, x1) * fx) * fy;
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

cv::Mat1b enlarged(const cv::Mat1b& classes, const cv::Mat3b& rgb) {
  constexpr int radius = 2;
  constexpr double eps = 4e-4;
  cv::Mat1b result;
  cv::resize(classes, result, rgb.size(), 0, 0, cv::INTER_NEAREST);
  if (rgb.cols <= classes.cols) return result;
  cv::Mat3b small_rgb;
  cv::resize(rgb, small_rgb, classes.size(), 0, 0, cv::INTER_AREA);
  cv::Mat3f guide_rgb;
  small_rgb.convertTo(guide_rgb, CV_32F, 1 / 255.0);
  const Guide guide = make_guide(guide_rgb, radius, eps);
  std::array<cv::Mat, 5> lines;
  for (size_t c = 0; c < 5; ++c) {
    cv::Mat1f p;
    mask_of(classes, {parsed_classes[c]}).convertTo(p, CV_32F, 1 / 255.0);
    lines[c] = coefficients(guide, p);
  }

  // Only near borders can the class differ from that of the small grid.
  cv::Mat1b highest, lowest;
  cv::dilate(classes, highest, cv::Mat(), {-1, -1}, radius);
  cv::erode(classes, lowest, cv::Mat(), {-1, -1}, radius);
  const float step = static_cast<float>(classes.cols) / static_cast<float>(rgb.cols);
  cv::parallel_for_({0, rgb.rows}, [&](const cv::Range& range) {
    for (int y = range.start; y < range.end; ++y)
      for (int x = 0; x < rgb.cols; ++x) {
        const float gx = (static_cast<float>(x) + 0.5F) * step, gy = (static_cast<float>(y) + 0.5F) * step;
        const cv::Point small(std::min(static_cast<int>(gx), classes.cols - 1),
                              std::min(static_cast<int>(gy), classes.rows - 1));
        if (highest(small) == lowest(small)) continue;
        const cv::Vec3f c = rgb(y, x);
        float best = 0;
        for (size_t k = 0; k < 5; ++k) {
          const cv::Vec4f l = line_at(lines[k], gx - 0.5F, gy - 0.5F);
          const float p = (l[0] * c[0] + l[1] * c[1] + l[2] * c[2]) / 255 + l[3];
          if (p > best) result(y, x) = parsed_classes[k];
          best = std::max(best, p);
        }
      }
  });
  return result;
}

}  // namespace stipple
