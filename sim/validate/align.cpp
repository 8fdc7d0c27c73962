// Alignment of two photos of one head. Based on: Alcantarilla et al. 2013 (AKAZE); Lowe 2004 (ratio test).
#include "sim/validate/align.h"

#include <algorithm>
#include <opencv2/calib3d.hpp>
#include <opencv2/features2d.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace stipple {
namespace {

constexpr int feature_side_px = 1000;  // photos are reduced to this for finding features
constexpr int least_matches = 14;
constexpr double least_agreeing = 0.15;  // of the matches
constexpr double tolerance_px = 3;       // at that size
constexpr double second_best = 0.8;

/// Grey, its contrast made even, so that another light gives the same features.
struct Reduced {
  cv::Mat1b grey;
  double scale;  // reduced px per photo px
};

Reduced reduced(const Photo& photo) {
  const double scale = std::min(1.0, static_cast<double>(feature_side_px) / std::max(photo.rgb.cols, photo.rgb.rows));
  cv::Mat bytes;
  photo.rgb.convertTo(bytes, CV_8U, photo.rgb.depth() == CV_16U ? 1 / 257.0 : 1.0);
  cv::Mat1b grey;
  cv::cvtColor(bytes, grey, cv::COLOR_RGB2GRAY);
  cv::resize(grey, grey, {}, scale, scale, cv::INTER_AREA);
  cv::createCLAHE(3, {8, 8})->apply(grey, grey);
  return {grey, scale};
}

struct Features {
  std::vector<cv::KeyPoint> points;
  cv::Mat descriptors;
};

Features features_of(const cv::Mat1b& grey, const cv::Mat1b& mask) {
  Features f;
  cv::AKAZE::create(cv::AKAZE::DESCRIPTOR_MLDB, 0, 3, 0.0005F)->detectAndCompute(grey, mask, f.points, f.descriptors);
  return f;
}

struct Pairs {
  std::vector<cv::Point2f> before, later;
};

/// Features that are each other's best, and clearly better than the second.
Pairs matched(const Features& before, const Features& later) {
  Pairs pairs;
  if (before.points.size() < 2 || later.points.size() < 2) return pairs;
  const cv::BFMatcher matcher(cv::NORM_HAMMING);
  std::vector<std::vector<cv::DMatch>> forward;
  std::vector<cv::DMatch> backward;
  matcher.knnMatch(before.descriptors, later.descriptors, forward, 2);
  matcher.match(later.descriptors, before.descriptors, backward);
  for (const std::vector<cv::DMatch>& best : forward) {
    if (best.size() < 2 || best[0].distance > second_best * static_cast<double>(best[1].distance)) continue;
    if (backward[static_cast<size_t>(best[0].trainIdx)].trainIdx != best[0].queryIdx) continue;
    pairs.before.push_back(before.points[static_cast<size_t>(best[0].queryIdx)].pt);
    pairs.later.push_back(later.points[static_cast<size_t>(best[0].trainIdx)].pt);
  }
  return pairs;
}

/// Reduced px have pixel centres at whole numbers, photo px at halves.
cv::Matx33d to_reduced(double scale) { return {scale, 0, -0.5, 0, scale, -0.5, 0, 0, 1}; }

double median_distance(const cv::Matx33d& before_to_later, const Pairs& pairs, const std::vector<uint8_t>& agree) {
  std::vector<double> distances;
  std::vector<cv::Point2f> back;
  cv::perspectiveTransform(pairs.later, back, before_to_later.inv());
  for (size_t i = 0; i < back.size(); ++i)
    if (agree[i]) distances.push_back(cv::norm(back[i] - pairs.before[i]));
  std::nth_element(distances.begin(), distances.begin() + static_cast<ptrdiff_t>(distances.size() / 2),
                   distances.end());
  return distances[distances.size() / 2];
}

/// No photo of the same view is turned over, or is larger or smaller by more than four times.
bool believable(const cv::Matx33d& m) {
  const double det = m(0, 0) * m(1, 1) - m(0, 1) * m(1, 0);
  return det > 1.0 / 16 && det < 16;
}

Alignment similarity(const std::vector<cv::Point2f>& before, const std::vector<cv::Point2f>& later,
                     const std::string& source) {
  Alignment out;
  const cv::Mat1d m = cv::estimateAffinePartial2D(before, later, cv::noArray(), cv::LMEDS);
  if (m.empty()) return out;
  out.before_to_later = {m(0, 0), m(0, 1), m(0, 2), m(1, 0), m(1, 1), m(1, 2), 0, 0, 1};
  if (believable(out.before_to_later)) out.source = source;
  return out;
}

cv::Point2f point_of(const Vec2& p) { return {static_cast<float>(p.x()), static_cast<float>(p.y())}; }

}  // namespace

Alignment align_by_features(const Photo& before, const Photo& later, const cv::Mat1b& changed, Job& job) {
  Alignment out;
  job.step("aligning", 0);
  const Reduced a = reduced(before), b = reduced(later);
  cv::Mat1b mask;
  cv::resize(changed, mask, a.grey.size(), 0, 0, cv::INTER_NEAREST);
  cv::bitwise_not(mask, mask);
  const Features of_before = features_of(a.grey, mask);
  job.step("aligning", 0.4);
  const Pairs pairs = matched(of_before, features_of(b.grey, cv::Mat1b()));
  job.step("aligning", 0.8);
  if (pairs.before.size() < static_cast<size_t>(least_matches)) return out;
  std::vector<uint8_t> agree;
  const cv::Mat1d found = cv::findHomography(pairs.before, pairs.later, cv::RANSAC, tolerance_px, agree, 5000, 0.999);
  out.matches = static_cast<int>(std::count(agree.begin(), agree.end(), 1));
  if (found.empty() || out.matches < least_matches ||
      out.matches < least_agreeing * static_cast<double>(pairs.before.size()))
    return out;
  const cv::Matx33d in_reduced(found);
  out.before_to_later = to_reduced(b.scale).inv() * in_reduced * to_reduced(a.scale);
  out.error_px = median_distance(in_reduced, pairs, agree) / a.scale;
  if (believable(out.before_to_later)) out.source = "features";
  return out;
}

Alignment align_by_heads(const Head& before, const Head& later) {
  constexpr double seen = 0.3;
  std::vector<cv::Point2f> from, to;
  for (size_t i = 0; i < before.landmarks.size(); ++i) {
    if (before.landmarks[i].confidence < seen || later.landmarks[i].confidence < seen) continue;
    from.push_back(point_of(before.landmarks[i].photo_px));
    to.push_back(point_of(later.landmarks[i].photo_px));
  }
  if (from.size() >= 3)
    if (const Alignment out = similarity(from, to, "landmarks"); out.found()) return out;
  if (!before.found || !later.found) return {};
  from.clear(), to.clear();
  // Points of the vault as both cameras see them.
  for (double x = -0.8; x <= 0.8; x += 0.4)
    for (double y = -0.8; y <= 0.8; y += 0.4) {
      const Vec3 point = before.model.chart_point({x, y});
      if (!before.model.faces_camera(point) || !later.model.faces_camera(point)) continue;
      from.push_back(point_of(before.model.project(point)));
      to.push_back(point_of(later.model.project(point)));
    }
  return from.size() >= 4 ? similarity(from, to, "head model") : Alignment{};
}

}  // namespace stipple
