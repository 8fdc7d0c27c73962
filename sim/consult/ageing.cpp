// Frames of the ageing film. One pipeline renders them all, so only pigment and light run for each.
#include "sim/consult/ageing.h"

#include <cairo.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numbers>

#include "sim/consult/canvas.h"
#include "sim/consult/variants.h"
#include "sim/core/error.h"

namespace stipple {
namespace {

constexpr Ink ground = ink(0xF5F2ED), dark = ink(0x26231F), muted = ink(0x7D766C), rule = ink(0xDCD6CC);
constexpr int frame_ms = 180, first_ms = 1200, last_ms = 2400;
constexpr double longest_years = 30;

[[noreturn]] void refuse_range(const std::string& range, const std::string& problem) {
  throw Error(
      ErrorKind::usage, "--years " + range.substr(0, 40), problem,
      "write FROM:TO:STEP in years, as in 0:8:0.25, with at most " + std::to_string(most_film_frames) + " frames");
}

double number_in(const std::string& range, std::string_view part) {
  double value = 0;
  const auto [end, fault] = std::from_chars(part.data(), part.data() + part.size(), value);
  if (fault != std::errc() || end != part.data() + part.size() || !std::isfinite(value))
    refuse_range(range, "is not a range of years");
  return value;
}

std::string counted(long count, const char* unit) {
  return std::to_string(count) + " " + unit + (count == 1 ? "" : "s");
}

constexpr std::array<const char*, 3> course_names{"Fast fading", "Typical course", "Slow fading"};

/// A line from the first to the last year with a mark where the frame is.
void draw_timeline(const Canvas& canvas, const cv::Rect2d& line, double share) {
  cairo_t* cairo = canvas.context();
  cairo_set_line_cap(cairo, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_width(cairo, line.height);
  for (const auto& [end, colour] : {std::pair{1.0, rule}, std::pair{share, muted}}) {
    canvas.use(colour);
    cairo_move_to(cairo, line.x, line.y);
    cairo_line_to(cairo, line.x + end * line.width, line.y);
    cairo_stroke(cairo);
  }
  canvas.use(dark);
  cairo_arc(cairo, line.x + share * line.width, line.y, 1.8 * line.height, 0, 2 * std::numbers::pi);
  cairo_fill(cairo);
}

Photo captioned(const Photo& picture, double years, double share, Band band) {
  const double unit = picture.rgb.cols / 100.0;
  const int strip = static_cast<int>(std::lround(19 * unit));
  const Canvas canvas({picture.rgb.cols, picture.rgb.rows + strip}, ground);
  canvas.picture(picture.rgb, {0, 0}, 0);
  const double top = picture.rgb.rows, left = 4 * unit, right = picture.rgb.cols - 4 * unit;
  canvas.use(dark);
  canvas.font(Weight::semibold, 5.4 * unit);
  canvas.text(date_caption(years), left, top + 7.2 * unit);
  canvas.use(muted);
  canvas.font(Weight::regular, 3.2 * unit);
  const std::string course = course_names[static_cast<size_t>(band)];
  canvas.text(course, right - canvas.text_width(course), top + 7.2 * unit);
  const std::string disclaimer = "Simulation - results vary";
  canvas.text(disclaimer, left, top + 16.2 * unit);
  draw_timeline(canvas, {left, top + 10.8 * unit, right - left, 0.7 * unit}, share);
  return canvas.photo();
}

}  // namespace

std::vector<double> film_years(const std::string& range) {
  const size_t first = range.find(':'), second = range.find(':', first == range.npos ? first : first + 1);
  if (first == range.npos || second == range.npos) refuse_range(range, "is not a range of years");
  const std::string_view text = range;
  const double from = number_in(range, text.substr(0, first)),
               to = number_in(range, text.substr(first + 1, second - first - 1)),
               step = number_in(range, text.substr(second + 1));
  if (!(from >= 0 && from < to && to <= longest_years && step > 0))
    refuse_range(range, "does not run forward within 0 to 30 years");
  // Steps that end within a thousandth of a step before TO end on it.
  const double steps = std::ceil((to - from) / step - 1e-3);
  if (!(steps + 1 <= most_film_frames)) refuse_range(range, "makes too many frames");
  std::vector<double> years;
  for (int i = 0; i < static_cast<int>(steps); ++i) years.push_back(from + i * step);
  years.push_back(to);
  return years;
}

std::string date_caption(double years) {
  const long days = std::lround(years * 365.25), months = std::lround(years * 12);
  if (days < 1) return "Same day";
  if (days < 7) return counted(days, "day");
  if (months < 3) return counted(std::lround(static_cast<double>(days) / 7), "week");
  if (months < 12) return counted(months, "month");
  std::string whole = counted(months / 12, "year");
  return months % 12 == 0 ? whole : whole.append(" ").append(counted(months % 12, "month"));
}

void film_ageing(Pipeline& pipeline, const Settings& settings, const std::vector<double>& years, int width_px, Job& job,
                 const std::function<void(const FilmFrame&)>& take) {
  Settings aged = settings;
  for (size_t i = 0; i < years.size(); ++i) {
    aged.pigment.years = years[i];
    // What is told is how far the film is, not the stages of each frame.
    Job frame([&](std::string_view, double) {
      job.step("film", static_cast<double>(i) / static_cast<double>(years.size()));
    });
    const Result result = pipeline.run(aged, frame);
    const Photo crop = scaled_to_width(before_after_cells(result, "").back().picture, width_px);
    const double share = (years[i] - years.front()) / (years.back() - years.front());
    const int shown_ms = i == 0 ? first_ms : i + 1 == years.size() ? last_ms : frame_ms;
    take({captioned(crop, years[i], share, settings.pigment.band), years[i], shown_ms});
  }
}

}  // namespace stipple
