// The silhouette is followed by rings of pixels around those with density whose rays miss the head's surface.
#include "sim/plan/silhouette.h"

#include <opencv2/imgproc.hpp>
#include <vector>

namespace stipple {
namespace {

constexpr int rings = 2;  // dots read between pixels, so the pixels beyond those that the silhouette cuts count as well

cv::Mat1b grown(const cv::Mat1b& mask, int px) {
  cv::Mat1b wider;
  cv::dilate(mask, wider, cv::Mat(), {-1, -1}, px);
  return wider;
}

std::vector<cv::Point> points_of(const cv::Mat1b& mask) {
  std::vector<cv::Point> points;
  cv::findNonZero(mask, points);
  return points;
}

}  // namespace

cv::Mat1f over_silhouette(const Head& head, const cv::Mat1f& density_per_cm2) {
  cv::Mat1f density = density_per_cm2.clone();
  if (density.empty()) return density;
  const cv::Mat1b dense(density > 0);
  cv::Mat1b off_head(density.size(), uint8_t{0});
  for (const cv::Point& at : points_of(cv::Mat1b(grown(dense, rings + 1) & ~dense)))
    if (!head.model.intersect(Vec2(at.x + 0.5, at.y + 0.5) * head.work_scale)) off_head(at) = 255;

  cv::Mat1b known(~off_head);
  for (int ring = 1; ring <= rings; ++ring) {
    const std::vector<cv::Point> beside = points_of(cv::Mat1b(grown(dense, ring) & ~known));
    const cv::Mat1b before = known.clone();
    for (const cv::Point& at : beside) {
      const cv::Rect around = cv::Rect(at.x - 1, at.y - 1, 3, 3) & cv::Rect({0, 0}, density.size());
      double least = 0;
      cv::minMaxLoc(density(around), &least, nullptr, nullptr, nullptr, before(around));
      density(at) = static_cast<float>(least);
      known(at) = 255;
    }
  }
  return density;
}

}  // namespace stipple
