// What a person paints over the parser's classes and where they put the points of the face. Both are text, so that they
// are parameters like any other; places are shares of the photo's width and height, so that they fit every size of it.
#pragma once
#include <array>
#include <opencv2/core.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "sim/head/head.h"

namespace stipple {

enum class Brush { scalp, hair, skin, background };
inline constexpr std::array<std::string_view, 4> brush_names{"scalp", "hair", "skin", "background"};

/// A line drawn with a round brush.
struct Stroke {
  Brush brush = Brush::scalp;
  double radius = 0.01;      // share of the photo's longer side, 0 < radius <= 0.5
  std::vector<Vec2> points;  // shares of width and height, within -1..2
  bool operator==(const Stroke&) const = default;
};

/// "scalp 0.01 0.4,0.3 0.42,0.31; hair 0.005 0.5,0.5": strokes in the order they were drawn, as in strokes.h. Throws
/// Error{usage} for anything else.
std::vector<Stroke> parse_corrections(const std::string& text);
std::string format_corrections(const std::vector<Stroke>& strokes);

/// Paints strokes over a map of classes of any size.
void paint_corrections(const std::vector<Stroke>& strokes, cv::Mat1b& classes);

/// "pupil_left 0.4,0.5; glabella 0.5,0.45" by landmark_names: replaces those points of `landmarks` (photo px), which
/// are certain then. Throws Error{usage} for anything else.
void place_landmarks(const std::string& text, const cv::Size& photo_size,
                     std::array<LandmarkPoint, landmark_count>& landmarks);
/// `text` with one point moved there.
std::string with_landmark(const std::string& text, Landmark landmark, const Vec2& photo_px, const cv::Size& photo_size);

}  // namespace stipple
