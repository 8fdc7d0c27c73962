#include "sim/head/corrections.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <sstream>

#include "sim/core/error.h"

namespace stipple {
namespace {

Error unusable(const char* key, const std::string& part, const char* remedy) {
  const std::string quoted = std::string("\"").append(part, 0, 40).append("\"");
  return {ErrorKind::usage, key, quoted + " cannot be used", remedy};
}

/// "x,y" with nothing after it.
std::optional<Vec2> parse_place(const std::string& word) {
  std::istringstream in(word);
  in.imbue(std::locale::classic());
  double x = 0, y = 0;
  char comma = 0;
  if (!(in >> x >> comma >> y) || comma != ',' || in.peek() != std::istringstream::traits_type::eof()) return {};
  if (!(std::abs(x - 0.5) <= 1.5 && std::abs(y - 0.5) <= 1.5)) return {};
  return Vec2(x, y);
}

std::string format_place(const Vec2& at) {
  char text[40];
  std::snprintf(text, sizeof text, "%.4f,%.4f", at.x(), at.y());
  return text;
}

/// Parts between semicolons that hold more than blanks.
std::vector<std::string> parts_of(const std::string& text) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, ';');)
    if (part.find_first_not_of(" \t\n") != part.npos) parts.push_back(part);
  return parts;
}

Stroke parse_stroke(const std::string& part) {
  constexpr const char* remedy = "write BRUSH RADIUS x,y x,y ...; with shares of the photo";
  std::istringstream in(part);
  in.imbue(std::locale::classic());
  std::string name, word;
  Stroke stroke;
  in >> name >> stroke.radius;
  const auto* brush = std::find(brush_names.begin(), brush_names.end(), name);
  if (!in || brush == brush_names.end() || !(stroke.radius > 0 && stroke.radius <= 0.5))
    throw unusable("corrections", part, remedy);
  stroke.brush = static_cast<Brush>(brush - brush_names.begin());
  while (in >> word) {
    const std::optional<Vec2> place = parse_place(word);
    if (!place) throw unusable("corrections", word, remedy);
    stroke.points.push_back(*place);
  }
  if (stroke.points.empty()) throw unusable("corrections", part, remedy);
  return stroke;
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
    case Brush::exclude:
      return hat;
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
  size_t points = 0;
  for (const std::string& part : parts_of(text)) {
    strokes.push_back(parse_stroke(part));
    points += strokes.back().points.size();
    if (points > most_stroke_points) throw unusable("corrections", part, "draw fewer strokes");
  }
  return strokes;
}

std::string format_corrections(const std::vector<Stroke>& strokes) {
  std::string text;
  for (const Stroke& stroke : strokes) {
    char radius[24];
    std::snprintf(radius, sizeof radius, " %.5f", stroke.radius);
    text.append(text.empty() ? "" : "; ").append(brush_names[static_cast<size_t>(stroke.brush)]).append(radius);
    for (const Vec2& point : stroke.points) text.append(" ").append(format_place(point));
  }
  return text;
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
