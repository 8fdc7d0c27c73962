// Drawing on an 8-bit picture with cairo: what the sheets and overlays share. Lengths in px of the picture.
#pragma once
#include <cstdint>
#include <memory>
#include <opencv2/core.hpp>
#include <string>

#include "sim/core/math.h"
#include "sim/photo/photo.h"

struct _cairo;  // cairo.h is needed only by those who draw paths
struct _cairo_surface;

namespace stipple {

/// Encoded sRGB in 0..1.
struct Ink {
  double r, g, b, a = 1;
};
constexpr Ink ink(uint32_t rgb, double alpha = 1) {
  return {(rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0, alpha};
}

enum class Weight { regular, medium, semibold };

/// Selects Inter, or what fontconfig puts in its place, on any cairo surface.
void select_font(_cairo* context, Weight weight, double size);

class Canvas {
 public:
  Canvas(cv::Size size, const Ink& ground);
  _cairo* context() const { return context_.get(); }
  void use(const Ink& colour) const;
  void font(Weight weight, double size_px) const { select_font(context(), weight, size_px); }
  double text_width(const std::string& utf8) const;
  /// Baseline starts at (x, y).
  void text(const std::string& utf8, double x, double y) const;
  /// A picture of 8-bit RGB with its upper left corner at whole px; corners rounded by `radius`.
  void picture(const cv::Mat& rgb, cv::Point at, double radius) const;
  void rounded_path(const cv::Rect2d& box, double radius) const;
  /// What was drawn, as 8-bit RGB.
  Photo photo() const;

 private:
  cv::Size size_;
  struct Release {
    void operator()(_cairo* context) const;
    void operator()(_cairo_surface* surface) const;
  };
  std::unique_ptr<_cairo_surface, Release> surface_;
  std::unique_ptr<_cairo, Release> context_;
};

/// The photo scaled to a width and brought to 8 bit; averaged in linear light, so that fine dots keep their tone.
Photo scaled_to_width(const Photo& photo, int width_px);

}  // namespace stipple
