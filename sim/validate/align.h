// Which point of a later photo shows what a point of the photo before shows.
#pragma once
#include <array>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "sim/core/job.h"
#include "sim/head/head.h"
#include "sim/photo/photo.h"

namespace stipple {

struct Alignment {
  cv::Matx33d before_to_later = cv::Matx33d::eye();  // photo px to photo px
  int matches = 0;                                   // features that agree
  double error_px = 0;                               // their median distance from it, px of the photo before
  double turned_degrees = 0;                         // of the head between the photos, where heads were compared
  std::string source;                                // "features", "landmarks", "head model"; "" when nothing fits
  bool found() const { return !source.empty(); }
};

/// What both photos show that light hardly changes, on pictures of `scale` times the photos' px.
struct Features {
  std::vector<cv::KeyPoint> points;
  cv::Mat descriptors;
  double scale = 1;
};
struct BothFeatures {
  Features before, later;
};
/// Features of the photo before lie outside `changed` (255 where the treatment is; its photo grid).
BothFeatures features_of_both(const Photo& before, const Photo& later, const cv::Mat1b& changed, Job& job);

/// By a homography that most features agree on. Not found when too few do.
Alignment align_by_features(const BothFeatures& seen);

/// By what was found in both photos: landmarks, where at least three are seen in both and agree with the heads' sizes;
/// else the heads' position, size and tilt. Coarser than features by some millimetres. Not found for heads that are
/// turned by more than 60 degrees.
Alignment align_by_heads(const Head& before, const Head& later);

/// Features once more, each sought only within `reach_px` (of the photo before) of where `coarse` puts it; `coarse`
/// itself when too few agree.
Alignment refined_by_features(const BothFeatures& seen, const Alignment& coarse, double reach_px);

}  // namespace stipple
