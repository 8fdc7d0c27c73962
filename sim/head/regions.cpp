// Connected pieces of the head's classes: the largest is the client, others of similar size are other people, the rest
// is noise. Scalp that hangs apart from the largest piece of scalp is beard, brow or noise and counts as face.
#include "sim/head/regions.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

namespace stipple {
namespace {

constexpr double person_share = 0.25;  // of the largest head: from here on a piece is a person
constexpr double apart_share = 0.12;   // of the largest scalp piece: from here on a separate piece is scalp too

struct Pieces {
  cv::Mat1i labels;
  std::vector<int> areas;  // by label; [0] is the background and set to 0
  int largest() const { return static_cast<int>(std::max_element(areas.begin(), areas.end()) - areas.begin()); }
};

Pieces pieces_of(const cv::Mat1b& mask) {
  Pieces pieces;
  cv::Mat stats, centres;
  const int count = cv::connectedComponentsWithStats(mask, pieces.labels, stats, centres, 8, CV_32S);
  pieces.areas.assign(static_cast<size_t>(count), 0);
  for (int i = 1; i < count; ++i) pieces.areas[static_cast<size_t>(i)] = stats.at<int>(i, cv::CC_STAT_AREA);
  return pieces;
}

}  // namespace

cv::Mat1b mask_of(const cv::Mat1b& classes, std::initializer_list<Class> wanted) {
  cv::Mat1b table(1, 256, uint8_t{0}), mask;
  for (const Class c : wanted) table(0, c) = 255;
  cv::LUT(classes, table, mask);
  return mask;
}

Regions largest_head(const cv::Mat1b& classes) {
  // Close gaps (a headband, glasses) so that one head stays one piece.
  const int gap = std::max(1, std::max(classes.cols, classes.rows) / 200);
  cv::Mat1b joined;
  cv::morphologyEx(mask_of(classes, {face_skin, bare_scalp, hair_on_scalp, hat}), joined, cv::MORPH_CLOSE,
                   cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * gap + 1, 2 * gap + 1}));
  const Pieces heads = pieces_of(joined);
  const int client = heads.largest();
  Regions regions{cv::Mat1b(classes.size(), static_cast<uint8_t>(other)), 0};
  if (heads.areas[static_cast<size_t>(client)] == 0) return regions;
  for (const int area : heads.areas)
    regions.heads += area > 0 && area >= person_share * heads.areas[static_cast<size_t>(client)];
  classes.copyTo(regions.classes, heads.labels == client);

  const Pieces scalps = pieces_of(mask_of(regions.classes, {bare_scalp, hair_on_scalp}));
  const int largest = scalps.areas[static_cast<size_t>(scalps.largest())];
  for (int y = 0; y < classes.rows; ++y)
    for (int x = 0; x < classes.cols; ++x) {
      const int area = scalps.areas[static_cast<size_t>(scalps.labels(y, x))];
      if (area > 0 && area < apart_share * largest) regions.classes(y, x) = face_skin;
    }
  return regions;
}

}  // namespace stipple
