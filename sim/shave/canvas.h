// The part of the photo that changes, and bare skin drawn into it. Everything is read from maps on the working grid and
// drawn strip by strip: nothing of the frame's size is kept but the photo.
#pragma once
#include <algorithm>
#include <opencv2/core.hpp>

#include "sim/head/head.h"
#include "sim/photo/photo.h"
#include "sim/shave/region.h"

namespace stipple {

/// Bilinear reading of maps on the working grid at photo pixels.
class WorkGrid {
 public:
  WorkGrid(cv::Size size, double work_scale) : size_(size), scale_(work_scale) {}
  template <class T>
  T at(const cv::Mat_<T>& map, int photo_x, int photo_y) const {
    const double gx = std::clamp((photo_x + 0.5) / scale_ - 0.5, 0.0, size_.width - 1.0);
    const double gy = std::clamp((photo_y + 0.5) / scale_ - 0.5, 0.0, size_.height - 1.0);
    const int x0 = static_cast<int>(gx), y0 = static_cast<int>(gy);
    const int x1 = std::min(x0 + 1, size_.width - 1), y1 = std::min(y0 + 1, size_.height - 1);
    const auto fx = static_cast<float>(gx - x0), fy = static_cast<float>(gy - y0);
    return (map(y0, x0) * (1 - fx) + map(y0, x1) * fx) * (1 - fy) + (map(y1, x0) * (1 - fx) + map(y1, x1) * fx) * fy;
  }

 private:
  cv::Size size_;
  double scale_;
};

/// Where the photo changes and how far.
struct ShaveCanvas {
  cv::Rect area;  // photo px that may change
  WorkGrid grid;
  cv::Mat1f share;  // working grid: of the new picture; 0 keeps the photo's bytes
  float share_at(int photo_x, int photo_y) const { return grid.at(share, photo_x, photo_y); }
};

/// `share` on the working grid.
ShaveCanvas canvas_of(const Head& head, const cv::Mat1f& share);

/// What is behind hair: linear light of skin and of background on the working grid.
struct ShaveGround {
  const Head& head;
  const ShaveRegion& region;
  cv::Mat3f skin, background;
};

/// Skin and background in place of what the photo shows, with the grain of the photo's own bare skin.
void draw_ground(Photo& out, const ShaveGround& ground, const ShaveCanvas& canvas);

/// `to`, where the canvas leaves `from` alone, gets its bytes back.
void keep_outside(const Photo& from, const ShaveCanvas& canvas, Photo& to);

/// The head's hair matte after strands were taken off with the canvas's share.
cv::Mat1b matte_after(const cv::Mat1b& hair_matte, const ShaveCanvas& canvas);

/// Draws the canvas's area in strips: `draw(light, first_row)` gets linear light of whole rows of it.
template <class Draw>
void for_each_strip(Photo& out, const ShaveCanvas& canvas, Draw&& draw) {
  constexpr int strip_px = 128;
  for (int y = canvas.area.y; y < canvas.area.br().y; y += strip_px) {
    const cv::Rect strip(canvas.area.x, y, canvas.area.width, std::min(strip_px, canvas.area.br().y - y));
    cv::Mat3f light = linear_light(out, strip);
    cv::parallel_for_({0, strip.height}, [&](const cv::Range& rows) {
      for (int row = rows.start; row < rows.end; ++row) draw(light[row], strip.x, strip.y + row, strip.width);
    });
    store_linear(out, strip, light);
  }
}

}  // namespace stipple
