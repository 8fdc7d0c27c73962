// Thin ownership around a cairo image surface; text, rounded pictures and scaling in linear light.
#include "sim/consult/canvas.h"

#include <cairo-ft.h>

#include <array>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>

#include "sim/core/error.h"

namespace stipple {
namespace {

cairo_font_face_t* face_of(int weight) {
  const std::unique_ptr<FcPattern, decltype(&FcPatternDestroy)> pattern(FcPatternCreate(), FcPatternDestroy);
  FcPatternAddString(pattern.get(), FC_FAMILY, reinterpret_cast<const FcChar8*>("Inter"));
  FcPatternAddInteger(pattern.get(), FC_WEIGHT, weight);
  return cairo_ft_font_face_create_for_pattern(pattern.get());
}

}  // namespace

void Canvas::Release::operator()(_cairo* context) const { cairo_destroy(context); }
void Canvas::Release::operator()(_cairo_surface* surface) const { cairo_surface_destroy(surface); }

Canvas::Canvas(cv::Size size, const Ink& ground)
    : size_(size),
      surface_(cairo_image_surface_create(CAIRO_FORMAT_RGB24, size.width, size.height)),
      context_(cairo_create(surface_.get())) {
  if (cairo_status(context()) != CAIRO_STATUS_SUCCESS)
    throw Error(ErrorKind::usage, "sheet", "is too large to draw", "ask for fewer or smaller pictures");
  use(ground);
  cairo_paint(context());
}

void Canvas::use(const Ink& colour) const { cairo_set_source_rgba(context(), colour.r, colour.g, colour.b, colour.a); }

void select_font(_cairo* context, Weight weight, double size) {
  // Cairo's own choice of faces knows two weights only, and takes a medium one for the regular.
  static const std::array<cairo_font_face_t*, 3> faces{face_of(FC_WEIGHT_REGULAR), face_of(FC_WEIGHT_MEDIUM),
                                                       face_of(FC_WEIGHT_DEMIBOLD)};
  cairo_set_font_face(context, faces[static_cast<size_t>(weight)]);
  cairo_set_font_size(context, size);
}

double Canvas::text_width(const std::string& utf8) const {
  cairo_text_extents_t extents;
  cairo_text_extents(context(), utf8.c_str(), &extents);
  return extents.x_advance;
}

void Canvas::text(const std::string& utf8, double x, double y) const {
  cairo_move_to(context(), x, y);
  cairo_show_text(context(), utf8.c_str());
}

void Canvas::rounded_path(const cv::Rect2d& box, double radius) const {
  constexpr double quarter = std::numbers::pi / 2;
  const double left = box.x + radius, right = box.x + box.width - radius, top = box.y + radius,
               bottom = box.y + box.height - radius;
  cairo_new_path(context());
  cairo_arc(context(), right, top, radius, -quarter, 0);
  cairo_arc(context(), right, bottom, radius, 0, quarter);
  cairo_arc(context(), left, bottom, radius, quarter, 2 * quarter);
  cairo_arc(context(), left, top, radius, 2 * quarter, 3 * quarter);
  cairo_close_path(context());
}

void Canvas::picture(const cv::Mat& rgb, cv::Point at, double radius) const {
  cv::Mat bgra;
  cv::cvtColor(rgb, bgra, cv::COLOR_RGB2BGRA);
  const std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)> source(
      cairo_image_surface_create_for_data(bgra.data, CAIRO_FORMAT_RGB24, bgra.cols, bgra.rows,
                                          static_cast<int>(bgra.step)),
      cairo_surface_destroy);
  cairo_save(context());
  rounded_path(cv::Rect2d(at.x, at.y, rgb.cols, rgb.rows), radius);
  cairo_clip(context());
  cairo_set_source_surface(context(), source.get(), at.x, at.y);
  cairo_paint(context());
  cairo_restore(context());
}

Photo Canvas::photo() const {
  cairo_surface_flush(surface_.get());
  const cv::Mat bgra(size_, CV_8UC4, cairo_image_surface_get_data(surface_.get()),
                     static_cast<size_t>(cairo_image_surface_get_stride(surface_.get())));
  Photo out;
  cv::cvtColor(bgra, out.rgb, cv::COLOR_BGRA2RGB);
  return out;
}

Photo scaled_to_width(const Photo& photo, int width_px) {
  const double factor = static_cast<double>(width_px) / photo.rgb.cols;
  const cv::Size size(width_px, std::max(1, static_cast<int>(std::lround(photo.rgb.rows * factor))));
  const cv::Mat3f linear = linear_light(photo, cv::Rect({0, 0}, photo.size()));
  cv::Mat3f scaled;
  cv::resize(linear, scaled, size, 0, 0, factor < 1 ? cv::INTER_AREA : cv::INTER_CUBIC);
  Photo out;
  out.rgb.create(size, CV_8UC3);
  store_linear(out, cv::Rect({0, 0}, size), scaled);
  return out;
}

}  // namespace stipple
