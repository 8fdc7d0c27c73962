// Frames of the ageing film. One pipeline renders them all, so only pigment and light run for each.
#include "sim/consult/ageing.h"

#include <cairo.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numbers>

#include "sim/consult/canvas.h"
#include "sim/consult/house_style.h"
#include "sim/consult/variants.h"
#include "sim/core/error.h"
#include "sim/pigment/ageing.h"
#include "sim/pigment/visits.h"

namespace stipple {
namespace {

using namespace page_ink;

constexpr int frame_ms = 180, touch_up_ms = 800, first_ms = 1200, last_ms = 2400;
constexpr int even_frames = 33;
constexpr double longest_years = 30;

[[noreturn]] void refuse_range(const std::string& range, const std::string& problem) {
  throw Error(ErrorKind::usage, "--years " + range.substr(0, 40), problem,
              "write FROM:TO in years, as in 0:8, or FROM:TO:STEP, as in 0:8:0.25, with at most " +
                  std::to_string(most_film_frames) + " frames");
}

double number_in(const std::string& range, std::string_view part) {
  double value = 0;
  const auto [end, fault] = std::from_chars(part.data(), part.data() + part.size(), value);
  if (fault != std::errc() || end != part.data() + part.size() || !std::isfinite(value))
    refuse_range(range, "is not a range of years");
  return value;
}

constexpr std::array<const char*, 3> course_names{"Fast fading", "Typical course", "Slow fading"};

/// Where a frame stands between the first year and the last, and what else stands there.
struct Timeline {
  double from, to;
  std::vector<double> touch_ups;
  double share(double years) const { return (years - from) / (to - from); }
};

/// A line from the first to the last year with a mark where the frame is, and an upright stroke for each touch-up.
void draw_timeline(const Canvas& canvas, const cv::Rect2d& line, const Timeline& timeline, double years) {
  const double share = timeline.share(years);
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
  for (const double at : timeline.touch_ups) {
    const double x = line.x + timeline.share(at) * line.width;
    cairo_move_to(cairo, x, line.y - 2.4 * line.height);
    cairo_line_to(cairo, x, line.y + 2.4 * line.height);
    cairo_stroke(cairo);
  }
  cairo_arc(cairo, line.x + share * line.width, line.y, 1.8 * line.height, 0, 2 * std::numbers::pi);
  cairo_fill(cairo);
}

Photo captioned(const Photo& picture, double years, const Timeline& timeline, Band band) {
  const double unit = picture.rgb.cols / 100.0;
  const int strip = static_cast<int>(std::lround(19 * unit));
  const Canvas canvas({picture.rgb.cols, picture.rgb.rows + strip}, tint);
  canvas.picture(picture.rgb, {0, 0}, 0);
  const double top = picture.rgb.rows, left = 4 * unit, right = picture.rgb.cols - 4 * unit;
  canvas.use(dark);
  canvas.font(Weight::semibold, 5.4 * unit);
  const std::string date = date_caption(years);
  canvas.text(date, left, top + 7.2 * unit);
  const double after_date = left + canvas.text_width(date) + 2.5 * unit;
  canvas.font(Weight::medium, 4.2 * unit);
  canvas.text(touch_up_caption(years, timeline.touch_ups), after_date, top + 7.2 * unit);
  canvas.use(muted);
  canvas.font(Weight::regular, 3.2 * unit);
  const std::string course = course_names[static_cast<size_t>(band)];
  canvas.text(course, right - canvas.text_width(course), top + 16.2 * unit);
  canvas.text(disclaimer, left, top + 16.2 * unit);
  draw_timeline(canvas, {left, top + 10.8 * unit, right - left, 0.7 * unit}, timeline, years);
  return canvas.photo();
}

/// Darkness on a scale on which equal steps look alike: the logarithm of the pigment, and the blood around it.
double seen_darkness(double years, PigmentParams pigment) {
  constexpr double usual_scab_days = 7.5, fresh_blood = 0.25;
  pigment.years = years;
  double mass = 0, red = 0, needled = 0;
  for (const Layer& layer : layers_of(pigment)) {
    mass += layer.share * healing(layer.age_years, usual_scab_days).mass *
            fade_curve(layer.age_years, fade_years(pigment, 0), pigment.scar_tissue);
    red += layer.share * redness(layer.age_years);
    needled += layer.share;
  }
  return fresh_blood * red / needled + std::log(mass);
}

/// Times between which darkness changes by equal amounts, from a fine table of how far it has changed.
std::vector<double> even_years(double from, double to, const PigmentParams& pigment) {
  constexpr int table_size = 4000;
  std::vector<double> time, changed;
  double before = seen_darkness(from, pigment);
  for (int i = 0; i <= table_size; ++i) {
    const double share = static_cast<double>(i) / table_size;
    time.push_back(from + (to - from) * share * share);  // finer at the start, where days count
    const double now = seen_darkness(time.back(), pigment);
    // The leap of a touch-up takes no time; it has a frame of its own.
    const bool leap = std::any_of(pigment.touch_ups.begin(), pigment.touch_ups.end(),
                                  [&](double at) { return i > 0 && at > time[time.size() - 2] && at <= time.back(); });
    changed.push_back((i ? changed.back() : 0) + (leap ? 0 : std::abs(now - before)));
    before = now;
  }
  std::vector<double> years;
  for (int i = 0; i + 1 < even_frames; ++i) {
    const double wanted = changed.back() * i / (even_frames - 1);
    const auto next =
        static_cast<size_t>(std::upper_bound(changed.begin(), changed.end() - 1, wanted) - changed.begin());
    const double step = changed[next] - changed[next - 1], part = step > 0 ? (wanted - changed[next - 1]) / step : 0;
    years.push_back(time[next - 1] + part * (time[next] - time[next - 1]));
  }
  years.push_back(to);
  return years;
}

/// The frames' years with those of the touch-ups among them, and those touch-ups that the film shows.
std::vector<double> with_touch_ups(std::vector<double> years, std::vector<double>& touch_ups) {
  std::erase_if(touch_ups, [&](double at) { return !(at > years.front() && at <= years.back()); });
  years.insert(years.end(), touch_ups.begin(), touch_ups.end());
  std::sort(years.begin(), years.end());
  years.erase(std::unique(years.begin(), years.end()), years.end());
  return years;
}

}  // namespace

std::vector<double> film_years(const std::string& range, const PigmentParams& pigment) {
  const size_t first = range.find(':');
  if (first == range.npos) refuse_range(range, "is not a range of years");
  const size_t second = range.find(':', first + 1);
  const std::string_view text = range;
  const double from = number_in(range, text.substr(0, first)),
               to = number_in(range, text.substr(first + 1, second == range.npos ? second : second - first - 1));
  if (!(from >= 0 && from < to && to <= longest_years))
    refuse_range(range, "does not run forward within 0 to 30 years");
  if (second == range.npos) return even_years(from, to, pigment);
  const double step = number_in(range, text.substr(second + 1));
  if (!(step > 0)) refuse_range(range, "does not run forward within 0 to 30 years");
  // Steps that end within a thousandth of a step before TO end on it.
  const double steps = std::ceil((to - from) / step - 1e-3);
  if (!(steps + 1 <= most_film_frames)) refuse_range(range, "makes too many frames");
  std::vector<double> years;
  for (int i = 0; i < static_cast<int>(steps); ++i) years.push_back(from + i * step);
  years.push_back(to);
  return years;
}

std::string touch_up_caption(double years, const std::vector<double>& touch_ups) {
  for (const double at : touch_ups)
    if (years >= at && years < at + healed_years) return years == at ? "touch-up" : "touch-up healing";
  return "";
}

void film_ageing(Pipeline& pipeline, const Settings& settings, const std::vector<double>& frame_years, int width_px,
                 Job& job, const std::function<void(const FilmFrame&)>& take) {
  Timeline timeline{frame_years.front(), frame_years.back(), settings.pigment.touch_ups};
  const std::vector<double> years = with_touch_ups(frame_years, timeline.touch_ups);
  Settings aged = settings;
  for (size_t i = 0; i < years.size(); ++i) {
    aged.pigment.years = years[i];
    // What is told is how far the film is, not the stages of each frame.
    Job frame([&](std::string_view, double) {
      job.step("film", static_cast<double>(i) / static_cast<double>(years.size()));
    });
    const Result result = pipeline.run(aged, frame);
    const Photo crop = scaled_to_width(before_after_cells(result, "").back().picture, width_px);
    const bool touch_up =
        std::find(timeline.touch_ups.begin(), timeline.touch_ups.end(), years[i]) != timeline.touch_ups.end();
    const int shown_ms = i == 0 ? first_ms : i + 1 == years.size() ? last_ms : touch_up ? touch_up_ms : frame_ms;
    take({captioned(crop, years[i], timeline, settings.pigment.band), years[i], shown_ms});
  }
}

}  // namespace stipple
