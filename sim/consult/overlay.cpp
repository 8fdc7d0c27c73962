// Draws a Head over its photo. Every mark is taken from the Head itself, so that what is shown is what is used.
#include "sim/consult/overlay.h"

#include <cairo.h>

#include <cmath>
#include <cstdio>
#include <numbers>
#include <opencv2/imgproc.hpp>

#include "sim/consult/canvas.h"

namespace stipple {
namespace {

constexpr int longest_side_px = 1600;
constexpr Ink paper = ink(0xFFFFFF), shade = ink(0x000000, 0.55), silhouette_ink = ink(0xFFD23F),
              hairline_ink = ink(0xFF4FA3);

Ink class_ink(uint8_t c) {
  return c == face_skin       ? ink(0x4FC3F7)
         : c == bare_scalp    ? ink(0x66E08A)
         : c == hair_on_scalp ? ink(0xFF8A50)
                              : ink(0xB39DDB);
}

struct View2d {
  const Canvas& canvas;
  double scale;  // overlay px per photo px
  double unit;   // line width
};

void stroke(const View2d& v, const Ink& colour, double width) {
  cairo_set_line_join(v.canvas.context(), CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_width(v.canvas.context(), width);
  v.canvas.use(colour);
  cairo_stroke(v.canvas.context());
}

void outline_mask(const View2d& v, const cv::Mat1b& mask, double mask_px_per_photo_px, const Ink& colour, bool fill) {
  std::vector<std::vector<cv::Point>> contours;
  cv::findContours(mask, contours, cv::RETR_CCOMP, cv::CHAIN_APPROX_NONE);
  const double to_overlay = v.scale / mask_px_per_photo_px;
  cairo_new_path(v.canvas.context());
  for (const auto& contour : contours) {
    if (contour.size() < 8) continue;
    cairo_new_sub_path(v.canvas.context());
    for (const cv::Point& p : contour)
      cairo_line_to(v.canvas.context(), (p.x + 0.5) * to_overlay, (p.y + 0.5) * to_overlay);
    cairo_close_path(v.canvas.context());
  }
  if (fill) {
    v.canvas.use({colour.r, colour.g, colour.b, 0.16});
    cairo_set_fill_rule(v.canvas.context(), CAIRO_FILL_RULE_EVEN_ODD);
    cairo_fill_preserve(v.canvas.context());
  }
  stroke(v, colour, v.unit);
}

/// Where rays meet the model, on a coarse grid: its outline is the silhouette.
void draw_silhouette(const View2d& v, const Head& head) {
  const double grid_per_photo = 320.0 / std::max(head.photo_size.width, head.photo_size.height);
  cv::Mat1b hit(static_cast<int>(std::ceil(head.photo_size.height * grid_per_photo)),
                static_cast<int>(std::ceil(head.photo_size.width * grid_per_photo)));
  for (int y = 0; y < hit.rows; ++y)
    for (int x = 0; x < hit.cols; ++x)
      hit(y, x) = head.model.intersect(Vec2((x + 0.5) / grid_per_photo, (y + 0.5) / grid_per_photo)) ? 255 : 0;
  outline_mask(v, hit, grid_per_photo, silhouette_ink, false);
}

void polyline(const View2d& v, const std::vector<Vec2>& photo_px) {
  cairo_new_path(v.canvas.context());
  for (const Vec2& p : photo_px) cairo_line_to(v.canvas.context(), p.x() * v.scale, p.y() * v.scale);
}

void draw_midline(const View2d& v, const Head& head) {
  std::vector<Vec2> seen;
  for (double angle = -1.6; angle <= 1.6; angle += 0.02) {
    const Vec3 point = head.model.chart_point(Vec2(0, angle));
    if (head.model.faces_camera(point)) seen.push_back(head.model.project(point));
  }
  polyline(v, seen);
  const double dash[] = {3 * v.unit, 2.5 * v.unit};
  cairo_set_dash(v.canvas.context(), dash, 2, 0);
  stroke(v, silhouette_ink, v.unit);
  cairo_set_dash(v.canvas.context(), nullptr, 0, 0);
}

void draw_landmarks(const View2d& v, const Head& head) {
  for (const LandmarkPoint& point : head.landmarks) {
    if (point.confidence < 0.3) continue;
    cairo_new_path(v.canvas.context());
    cairo_arc(v.canvas.context(), point.photo_px.x() * v.scale, point.photo_px.y() * v.scale, 2.2 * v.unit, 0,
              2 * std::numbers::pi);
    v.canvas.use(paper);
    cairo_fill_preserve(v.canvas.context());
    stroke(v, shade, 0.7 * v.unit);
  }
}

std::string summary(const Head& head) {
  if (!head.found) return "no scalp found";
  char text[160];
  std::snprintf(text, sizeof text, "%s   confidence %.0f %%   %.2f px/mm \xC2\xB1 %.0f %% (%s)   scalp %.0f cm\xC2\xB2",
                std::string(view_names[static_cast<size_t>(head.view)]).c_str(), 100 * head.confidence,
                head.scale.px_per_mm, 100 * head.scale.relative_error, head.scale.source.c_str(), head.scalp_area_cm2);
  return text;
}

/// A dark strip below with the numbers and a bar of 10 mm at the head's outline.
void draw_legend(const View2d& v, const Head& head, cv::Size size) {
  const double text_px = size.width / 48.0, strip = 2.6 * text_px, y = size.height - 0.95 * text_px;
  v.canvas.use(shade);
  cairo_rectangle(v.canvas.context(), 0, size.height - strip, size.width, strip);
  cairo_fill(v.canvas.context());
  v.canvas.use(paper);
  v.canvas.font(Weight::medium, text_px);
  v.canvas.text(summary(head), text_px, y);
  if (!(head.scale.px_per_mm > 0)) return;
  const double bar = 10 * head.scale.px_per_mm * v.scale, right = size.width - text_px,
               label = v.canvas.text_width("10 mm");
  v.canvas.text("10 mm", right - label, y);
  const double end = right - label - 0.6 * text_px, middle = y - 0.35 * text_px;
  cairo_rectangle(v.canvas.context(), end - bar, middle - 0.15 * text_px, bar, 0.3 * text_px);
  cairo_fill(v.canvas.context());
}

}  // namespace

Photo detection_overlay(const Photo& photo, const Head& head, const Plan* plan) {
  const double scale = std::min(1.0, static_cast<double>(longest_side_px) / std::max(photo.rgb.cols, photo.rgb.rows));
  const Photo base = scaled_to_width(photo, std::max(1, static_cast<int>(std::lround(photo.rgb.cols * scale))));
  const Canvas canvas(base.size(), paper);
  canvas.picture(base.rgb, {0, 0}, 0);
  const View2d v{canvas, scale, std::max(1.2, std::max(base.rgb.cols, base.rgb.rows) / 640.0)};
  if (head.found) {
    for (const uint8_t c : {face_skin, bare_scalp, hair_on_scalp, hat})
      outline_mask(v, cv::Mat1b(head.classes == c), 1 / head.work_scale, class_ink(c), true);
    draw_silhouette(v, head);
    draw_midline(v, head);
    if (plan) {
      polyline(v, plan->hairline_px);
      stroke(v, hairline_ink, 1.4 * v.unit);
    }
    draw_landmarks(v, head);
  }
  draw_legend(v, head, base.size());
  return canvas.photo();
}

}  // namespace stipple
