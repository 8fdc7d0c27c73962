#include "sim/shave/canvas.h"

#include <cmath>
#include <cstring>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>

#include "sim/shave/grain.h"

namespace stipple {
namespace {

constexpr double skin_texture_mm = 1.2;
constexpr int sample_px = 768;  // side of the square of photo that texture is measured on

/// Bare skin on the working grid, where texture is measured.
cv::Mat1b texture_ground(const Head& head, const ShaveRegion& region) {
  const cv::Mat1b bare(region.bare_skin & (head.classes == bare_scalp));
  return cv::countNonZero(bare) * 20 < cv::countNonZero(region.bare_skin) ? region.bare_skin : bare;
}

/// Square of photo with the most of `ground` in it.
cv::Rect sample_area(const Head& head, const cv::Mat1b& ground) {
  const cv::Size side(std::min(sample_px, head.photo_size.width), std::min(sample_px, head.photo_size.height));
  const int window = std::max(1, cvRound(sample_px / head.work_scale)) | 1;
  cv::Mat1f covered;
  cv::boxFilter(ground, covered, CV_32F, {window, window}, {-1, -1}, true, cv::BORDER_CONSTANT);
  cv::Point best;
  cv::minMaxLoc(covered, nullptr, nullptr, nullptr, &best);
  const cv::Point middle(cvRound(best.x * head.work_scale), cvRound(best.y * head.work_scale));
  return {std::clamp(middle.x - side.width / 2, 0, head.photo_size.width - side.width),
          std::clamp(middle.y - side.height / 2, 0, head.photo_size.height - side.height), side.width, side.height};
}

cv::Mat1f grain_of(const Photo& photo, const ShaveGround& ground) {
  const Head& head = ground.head;
  const cv::Mat1b bare = texture_ground(head, ground.region);
  const cv::Rect area = sample_area(head, bare);
  const cv::Mat3f light = linear_light(photo, area);
  cv::Mat1f bright(area.size());
  cv::Mat1b known(area.size());
  for (int y = 0; y < area.height; ++y)
    for (int x = 0; x < area.width; ++x) {
      bright(y, x) = static_cast<float>(luminance(light(y, x)));
      const int wx = std::min(static_cast<int>((area.x + x + 0.5) / head.work_scale), bare.cols - 1);
      const int wy = std::min(static_cast<int>((area.y + y + 0.5) / head.work_scale), bare.rows - 1);
      const bool strand = !head.hair_matte.empty() && head.hair_matte(area.y + y, area.x + x) > 0;
      known(y, x) = strand ? uint8_t{0} : bare(wy, wx);
    }
  return matched_grain(bright, known, skin_texture_mm * head.scale.px_per_mm);
}

}  // namespace

ShaveCanvas canvas_of(const Head& head, const cv::Mat1f& share) {
  const cv::Rect work = cv::boundingRect(cv::Mat1b(share > 0));
  const double scale = head.work_scale;
  // Bilinear reading reaches one working pixel farther.
  const cv::Point from(cvFloor((work.x - 1) * scale), cvFloor((work.y - 1) * scale));
  const cv::Point to(cvCeil((work.br().x + 1) * scale), cvCeil((work.br().y + 1) * scale));
  const cv::Rect area = work.empty() ? cv::Rect() : cv::Rect(from, to) & cv::Rect({0, 0}, head.photo_size);
  return {area, WorkGrid(share.size(), scale), share};
}

void draw_ground(Photo& out, const ShaveGround& ground, const ShaveCanvas& canvas) {
  if (canvas.area.empty()) return;
  const cv::Mat1f grain = grain_of(out, ground);
  const WorkGrid& grid = canvas.grid;
  for_each_strip(out, canvas, [&](cv::Vec3f* light, int first_x, int y, int count) {
    for (int i = 0; i < count; ++i) {
      const int x = first_x + i;
      const float share = canvas.share_at(x, y);
      if (share <= 0) continue;
      const float on_head = grid.at(ground.region.head_share, x, y);
      const cv::Vec3f bare = grid.at(ground.skin, x, y) * on_head + grid.at(ground.background, x, y) * (1 - on_head);
      light[i] = light[i] * (1 - share) + bare * (share * std::exp(on_head * grain_at(grain, x, y)));
    }
  });
}

void keep_outside(const Photo& from, const ShaveCanvas& canvas, Photo& to) {
  const size_t bytes = to.rgb.elemSize();
  const cv::Rect& area = canvas.area;
  cv::parallel_for_({0, to.rgb.rows}, [&](const cv::Range& rows) {
    for (int y = rows.start; y < rows.end; ++y) {
      const bool crossed = y >= area.y && y < area.br().y;
      const int begin = crossed ? area.x : to.rgb.cols, end = crossed ? area.br().x : to.rgb.cols;
      std::memcpy(to.rgb.ptr(y), from.rgb.ptr(y), static_cast<size_t>(begin) * bytes);
      for (int x = begin; x < end; ++x)
        if (canvas.share_at(x, y) <= 0) std::memcpy(to.rgb.ptr(y, x), from.rgb.ptr(y, x), bytes);
      if (end < to.rgb.cols)
        std::memcpy(to.rgb.ptr(y, end), from.rgb.ptr(y, end), static_cast<size_t>(to.rgb.cols - end) * bytes);
    }
  });
}

cv::Mat1b matte_after(const cv::Mat1b& hair_matte, const ShaveCanvas& canvas) {
  cv::Mat1b matte = hair_matte.clone();
  if (matte.empty()) return matte;
  cv::parallel_for_({canvas.area.y, canvas.area.br().y}, [&](const cv::Range& rows) {
    for (int y = rows.start; y < rows.end; ++y)
      for (int x = canvas.area.x; x < canvas.area.br().x; ++x)
        if (uint8_t& m = matte(y, x); m > 0)
          m = cv::saturate_cast<uint8_t>(static_cast<float>(m) * (1 - canvas.share_at(x, y)));
  });
  return matte;
}

}  // namespace stipple
