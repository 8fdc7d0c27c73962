#include "sim/head/corrections.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <sstream>

#include "sim/head/strokes.h"

namespace stipple {
namespace {

constexpr const char* stroke_remedy = "write scalp|hair|skin|background RADIUS x,y x,y ...; with shares of the photo";

Stroke stroke_of(BrushLine line) {
  const auto* brush = std::find(brush_names.begin(), brush_names.end(), line.word);
  if (brush == brush_names.end() || line.in_px) throw unusable("corrections", line.word, stroke_remedy);
  return {static_cast<Brush>(brush - brush_names.begin()), line.radius, std::move(line.points)};
}

uint8_t class_of(Brush brush) {
  switch (brush) {
    case Brush::scalp:
      return bare_scalp;
    case Brush::hair:
      return hair_on_scalp;
    case Brush::skin:
      return face_skin;
    case Brush::background:
      return other;
  }
  return other;
}

struct PlacedLandmark {
  size_t landmark;
  Vec2 place;
};

std::vector<PlacedLandmark> parse_landmarks(const std::string& text) {
  std::vector<PlacedLandmark> placed;
  for (const std::string& part : parts_of(text)) {
    std::istringstream in(part);
    std::string name, word, rest;
    in >> name >> word;
    const auto* found = std::find(landmark_names.begin(), landmark_names.end(), name);
    const std::optional<Vec2> place = parse_place(word);
    if (found == landmark_names.end() || !place || in >> rest)
      throw unusable("landmarks", part, "write NAME x,y; with shares of the photo, such as pupil_left 0.41,0.52");
    placed.push_back({static_cast<size_t>(found - landmark_names.begin()), *place});
  }
  return placed;
}

}  // namespace

std::vector<Stroke> parse_corrections(const std::string& text) {
  std::vector<Stroke> strokes;
  for (BrushLine& line : parse_brush_lines(text, "corrections", stroke_remedy))
    strokes.push_back(stroke_of(std::move(line)));
  return strokes;
}

std::string format_corrections(const std::vector<Stroke>& strokes) {
  std::vector<BrushLine> lines;
  for (const Stroke& stroke : strokes)
    lines.push_back({std::string(brush_names[static_cast<size_t>(stroke.brush)]), stroke.radius, false, stroke.points});
  return format_brush_lines(lines);
}

void paint_corrections(const std::vector<Stroke>& strokes, cv::Mat1b& classes) {
  const int longer = std::max(classes.cols, classes.rows);
  for (const Stroke& stroke : strokes) {
    const int radius = std::max(0, cvRound(stroke.radius * longer));
    const auto pixel = [&](const Vec2& share) {
      return cv::Point(cvFloor(share.x() * classes.cols), cvFloor(share.y() * classes.rows));
    };
    const cv::Scalar colour(class_of(stroke.brush));
    cv::circle(classes, pixel(stroke.points.front()), radius, colour, cv::FILLED);
    for (size_t i = 1; i < stroke.points.size(); ++i) {
      cv::line(classes, pixel(stroke.points[i - 1]), pixel(stroke.points[i]), colour, 2 * radius + 1);
      cv::circle(classes, pixel(stroke.points[i]), radius, colour, cv::FILLED);
    }
  }
}

void place_landmarks(const std::string& text, const cv::Size& photo_size,
                     std::array<LandmarkPoint, landmark_count>& landmarks) {
  for (const PlacedLandmark& p : parse_landmarks(text))
    landmarks[p.landmark] = {p.place.cwiseProduct(Vec2(photo_size.width, photo_size.height)), 1.0};
}

std::string with_landmark(const std::string& text, Landmark landmark, const Vec2& photo_px,
                          const cv::Size& photo_size) {
  std::vector<PlacedLandmark> placed = parse_landmarks(text);
  std::erase_if(placed, [&](const PlacedLandmark& p) { return p.landmark == static_cast<size_t>(landmark); });
  const Vec2 share = photo_px.cwiseQuotient(Vec2(photo_size.width, photo_size.height));
  placed.push_back({static_cast<size_t>(landmark), share.cwiseMax(Vec2(-1, -1)).cwiseMin(Vec2(2, 2))});
  std::string out;
  for (const PlacedLandmark& p : placed)
    out.append(out.empty() ? "" : "; ").append(landmark_names[p.landmark]).append(" ").append(format_place(p.place));
  return out;
}

}  // namespace stipple
