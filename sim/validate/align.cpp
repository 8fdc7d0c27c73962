// Alignment of two photos of one head. Based on: Alcantarilla et al. 2013 (AKAZE); Lowe 2004 (ratio test).
#include "sim/validate/align.h"

#include <algorithm>
#include <cmath>
#include <numbers>
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
constexpr double most_bits = 140;  // of the 486 of a descriptor: more apart, and the nearest feature is another one
constexpr double most_scale_error = 1.5, most_landmark_error_mm = 10, most_turn_degrees = 60;

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

Features features_of(const Reduced& photo, const cv::Mat1b& mask) {
  Features f{{}, {}, photo.scale};
  cv::AKAZE::create(cv::AKAZE::DESCRIPTOR_MLDB, 0, 3, 0.0005F)
      ->detectAndCompute(photo.grey, mask, f.points, f.descriptors);
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

/// The same where it is known to `reach_px` where a feature ought to be: look-alikes elsewhere do not count.
Pairs matched_near(const Features& before, const Features& later, const cv::Matx33d& guess, double reach_px) {
  struct Best {
    int index = -1;
    double bits = most_bits, second = 1e9;
    void see(int other, double distance) {
      if (distance < bits)
        second = index < 0 ? second : bits, bits = distance, index = other;
      else
        second = std::min(second, distance);
    }
    bool clear() const { return index >= 0 && bits <= second_best * second; }
  };
  Pairs pairs;
  if (before.points.empty() || later.points.empty()) return pairs;
  std::vector<cv::Point2f> from, expected;
  cv::KeyPoint::convert(before.points, from);
  cv::perspectiveTransform(from, expected, guess);
  std::vector<Best> forward(before.points.size()), backward(later.points.size());
  for (size_t i = 0; i < forward.size(); ++i)
    for (size_t k = 0; k < backward.size(); ++k) {
      if (cv::norm(later.points[k].pt - expected[i]) > reach_px) continue;
      const double bits = cv::norm(before.descriptors.row(static_cast<int>(i)),
                                   later.descriptors.row(static_cast<int>(k)), cv::NORM_HAMMING);
      forward[i].see(static_cast<int>(k), bits);
      backward[k].see(static_cast<int>(i), bits);
    }
  for (size_t i = 0; i < forward.size(); ++i) {
    if (!forward[i].clear()) continue;
    const auto k = static_cast<size_t>(forward[i].index);
    if (backward[k].index != static_cast<int>(i)) continue;
    pairs.before.push_back(from[i]);
    pairs.later.push_back(later.points[k].pt);
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

/// By how much areas grow, negative where the picture is turned over.
double area_factor(const cv::Matx33d& m) { return m(0, 0) * m(1, 1) - m(0, 1) * m(1, 0); }

/// No photo of the same view is turned over, or is larger or smaller by more than four times.
bool believable(const cv::Matx33d& m) { return area_factor(m) > 1.0 / 16 && area_factor(m) < 16; }

/// The homography that most pairs agree on; not found when too few do.
Alignment agreed(const Pairs& pairs, const BothFeatures& seen) {
  Alignment out;
  if (pairs.before.size() < static_cast<size_t>(least_matches)) return out;
  std::vector<uint8_t> agree;
  const cv::Mat1d found = cv::findHomography(pairs.before, pairs.later, cv::RANSAC, tolerance_px, agree, 5000, 0.999);
  out.matches = static_cast<int>(std::count(agree.begin(), agree.end(), 1));
  if (found.empty() || out.matches < least_matches ||
      out.matches < least_agreeing * static_cast<double>(pairs.before.size()))
    return out;
  const cv::Matx33d in_reduced(found);
  out.before_to_later = to_reduced(seen.later.scale).inv() * in_reduced * to_reduced(seen.before.scale);
  out.error_px = median_distance(in_reduced, pairs, agree) / seen.before.scale;
  if (believable(out.before_to_later)) out.source = "features";
  return out;
}

double turned_degrees(const Head& before, const Head& later) {
  const Mat3 turn = later.model.head_to_camera * before.model.head_to_camera.transpose();
  return std::acos(std::clamp((turn.trace() - 1) / 2, -1.0, 1.0)) * 180 / std::numbers::pi;
}

/// Landmarks of which one was taken for another give a size that the heads do not have, or do not fit.
bool fits_heads(const Alignment& found, const std::vector<cv::Point2f>& from, const std::vector<cv::Point2f>& to,
                const Head& before, const Head& later) {
  const double scale =
      std::sqrt(area_factor(found.before_to_later)) * before.scale.px_per_mm / std::max(1e-9, later.scale.px_per_mm);
  std::vector<cv::Point2f> mapped;
  cv::perspectiveTransform(from, mapped, found.before_to_later);
  double error = 0;
  for (size_t i = 0; i < to.size(); ++i) error += cv::norm(mapped[i] - to[i]) / static_cast<double>(to.size());
  return scale < most_scale_error && scale > 1 / most_scale_error &&
         error < most_landmark_error_mm * later.scale.px_per_mm;
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

BothFeatures features_of_both(const Photo& before, const Photo& later, const cv::Mat1b& changed, Job& job) {
  job.step("aligning", 0);
  const Reduced a = reduced(before), b = reduced(later);
  cv::Mat1b mask;
  cv::resize(changed, mask, a.grey.size(), 0, 0, cv::INTER_NEAREST);
  cv::bitwise_not(mask, mask);
  BothFeatures seen;
  seen.before = features_of(a, mask);
  job.step("aligning", 0.4);
  seen.later = features_of(b, cv::Mat1b());
  job.step("aligning", 0.8);
  return seen;
}

Alignment align_by_features(const BothFeatures& seen) { return agreed(matched(seen.before, seen.later), seen); }

Alignment refined_by_features(const BothFeatures& seen, const Alignment& coarse, double reach_px) {
  const cv::Matx33d guess = to_reduced(seen.later.scale) * coarse.before_to_later * to_reduced(seen.before.scale).inv();
  const double reach = reach_px * seen.before.scale * std::sqrt(std::abs(area_factor(guess)));
  Alignment out = agreed(matched_near(seen.before, seen.later, guess, reach), seen);
  out.turned_degrees = coarse.turned_degrees;
  return out.found() ? out : coarse;
}

Alignment align_by_heads(const Head& before, const Head& later) {
  constexpr double seen = 0.3;
  std::vector<cv::Point2f> from, to;
  for (size_t i = 0; i < before.landmarks.size(); ++i) {
    if (before.landmarks[i].confidence < seen || later.landmarks[i].confidence < seen) continue;
    from.push_back(point_of(before.landmarks[i].photo_px));
    to.push_back(point_of(later.landmarks[i].photo_px));
  }
  const double turned = turned_degrees(before, later);
  if (!before.found || !later.found || turned > most_turn_degrees) return {};
  Alignment out;
  if (from.size() >= 3) out = similarity(from, to, "landmarks");
  if (out.found() && fits_heads(out, from, to, before, later)) {
    out.turned_degrees = turned;
    return out;
  }
  from.clear(), to.clear();
  // Points of the vault as both cameras see them.
  for (double x = -0.8; x <= 0.8; x += 0.4)
    for (double y = -0.8; y <= 0.8; y += 0.4) {
      const Vec3 point = before.model.chart_point({x, y});
      if (!before.model.faces_camera(point) || !later.model.faces_camera(point)) continue;
      from.push_back(point_of(before.model.project(point)));
      to.push_back(point_of(later.model.project(point)));
    }
  out = from.size() >= 4 ? similarity(from, to, "head model") : Alignment{};
  out.turned_degrees = turned;
  return out;
}

}  // namespace stipple
