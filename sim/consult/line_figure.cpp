// Lines are cased in white, so that they are seen on any skin; all measures follow the figure's width.
#include "sim/consult/line_figure.h"

#include <cairo.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>

#include "sim/consult/house_style.h"
#include "sim/consult/sheet.h"
#include "sim/consult/variants.h"

namespace stipple {
namespace {

using page_ink::dark, page_ink::paper;
constexpr Ink line_ink = page_ink::warning;
const cv::Vec3f tint(46, 125, 150);  // encoded: a cool colour that no skin has
constexpr float most_tint = 0.45F;

struct Figure {
  Canvas canvas;
  cv::Rect box;  // of the photo
  double scale;  // figure px per photo px
  double unit;   // a hundredth of the width
  Vec2 at(const Vec2& photo_px) const { return (photo_px - Vec2(box.x, box.y)) * scale; }
};

/// Blends the tint into the picture by the share of the densest place.
void tint_area(cv::Mat& rgb, const Result& result, const cv::Rect& box, double scale) {
  const cv::Mat1f& density = result.plan->density_per_cm2;
  double densest = 0;
  cv::minMaxLoc(density, nullptr, &densest);
  if (!(densest > 0)) return;
  // Pixel centres of the figure to those of the working grid.
  const double step = 1 / (scale * result.head->work_scale);
  const auto offset = [&](int edge) { return edge / result.head->work_scale + 0.5 * step - 0.5; };
  const cv::Matx23d to_grid(step, 0, offset(box.x), 0, step, offset(box.y));
  cv::Mat1f seen;
  cv::warpAffine(density, seen, to_grid, rgb.size(), cv::INTER_LINEAR | cv::WARP_INVERSE_MAP);
  for (int y = 0; y < rgb.rows; ++y)
    for (int x = 0; x < rgb.cols; ++x) {
      cv::Vec3b& pixel = rgb.at<cv::Vec3b>(y, x);
      const float share = most_tint * seen(y, x) / static_cast<float>(densest);
      for (int c = 0; c < 3; ++c)
        pixel[c] = cv::saturate_cast<uchar>((1 - share) * static_cast<float>(pixel[c]) + share * tint[c]);
    }
}

/// The path again and again in wider strokes, the widest first.
void cased_stroke(const Figure& figure, const Ink& colour, double width) {
  cairo_t* cairo = figure.canvas.context();
  cairo_set_line_cap(cairo, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
  for (const auto& [ink, wide] : {std::pair{paper, 2.2 * width}, std::pair{colour, width}}) {
    figure.canvas.use(ink);
    cairo_set_line_width(cairo, wide);
    cairo_stroke_preserve(cairo);
  }
  cairo_new_path(cairo);
}

void draw_line(const Figure& figure, const std::vector<Vec2>& photo_px) {
  cairo_new_path(figure.canvas.context());
  for (const Vec2& point : photo_px) {
    const Vec2 at = figure.at(point);
    cairo_line_to(figure.canvas.context(), at.x(), at.y());
  }
  cased_stroke(figure, line_ink, 0.55 * figure.unit);
}

/// Text in the middle of a white disc or pill about `at`.
void draw_badge(const Figure& figure, const Vec2& at, const std::string& text, double size) {
  figure.canvas.font(Weight::semibold, size);
  const double wide = std::max(0.0, figure.canvas.text_width(text) - 0.6 * size), radius = 0.8 * size;
  figure.canvas.use(paper);
  figure.canvas.rounded_path(cv::Rect2d(at.x() - wide / 2 - radius, at.y() - radius, wide + 2 * radius, 2 * radius),
                             radius);
  cairo_fill(figure.canvas.context());
  figure.canvas.use(dark);
  figure.canvas.text(text, at.x() - figure.canvas.text_width(text) / 2, at.y() + 0.36 * size);
}

void draw_height(const Figure& figure, const Head& head, const Plan& plan, const Vec2& middle) {
  const Vec2 brow = figure.at(head.landmarks[glabella].photo_px);
  cairo_t* cairo = figure.canvas.context();
  cairo_new_path(cairo);
  cairo_move_to(cairo, brow.x(), brow.y());
  cairo_line_to(cairo, middle.x(), middle.y());
  cased_stroke(figure, dark, 0.3 * figure.unit);
  const std::string words = std::to_string(std::lround(plan.mid_frontal_height_mm)) + " mm";
  draw_badge(figure, 0.5 * (brow + middle), words, 3.4 * figure.unit);
}

/// A dot on the line and its number behind it, away from the brows.
void draw_marks(const Figure& figure, const Head& head, const std::vector<LineMark>& marks) {
  const Vec2 brow = figure.at(head.landmarks[glabella].photo_px);
  for (size_t i = 0; i < marks.size(); ++i) {
    const Vec2 at = figure.at(marks[i].photo_px);
    cairo_new_path(figure.canvas.context());
    cairo_arc(figure.canvas.context(), at.x(), at.y(), 0.6 * figure.unit, 0, 2 * std::numbers::pi);
    cased_stroke(figure, dark, 0.5 * figure.unit);
    draw_badge(figure, at + 4 * figure.unit * (at - brow).normalized(), std::to_string(i + 1), 2.8 * figure.unit);
  }
}

}  // namespace

std::vector<LineMark> numbered_marks(const Plan& plan) {
  constexpr double apart_mm = 8;  // a corner stands for what lies nearer, or their numbers would cover each other
  const auto by_a_corner = [&](const LineMark& mark) {
    return std::any_of(plan.line_marks.begin(), plan.line_marks.end(), [&](const LineMark& other) {
      return other.corner && std::abs(other.along_mm - mark.along_mm) < apart_mm;
    });
  };
  std::vector<LineMark> marks;
  for (const LineMark& mark : plan.line_marks)
    if (mark.corner || (std::lround(mark.along_mm) % 20 == 0 && !by_a_corner(mark))) marks.push_back(mark);
  return marks;
}

Photo line_figure(const Result& result, int width_px, bool measured) {
  const cv::Rect box = whole_head_box(result);
  Photo base = scaled_to_width(crop_around(*result.before, box, 0), width_px);
  const double scale = static_cast<double>(width_px) / box.width;
  tint_area(base.rgb, result, box, scale);
  const Figure figure{Canvas(base.size(), paper), box, scale, width_px / 100.0};
  figure.canvas.picture(base.rgb, {0, 0}, 0);
  if (!result.plan->hairline_px.empty()) draw_line(figure, result.plan->hairline_px);
  if (!measured) return figure.canvas.photo();
  const std::vector<LineMark> marks = numbered_marks(*result.plan);
  const auto middle = std::find_if(marks.begin(), marks.end(), [](const LineMark& mark) { return mark.along_mm == 0; });
  if (middle != marks.end()) draw_height(figure, *result.head, *result.plan, figure.at(middle->photo_px));
  draw_marks(figure, *result.head, marks);
  return figure.canvas.photo();
}

}  // namespace stipple
