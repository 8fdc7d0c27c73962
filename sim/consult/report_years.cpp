// Page three: the years to come as pictures and as a curve with its band.
#include <cairo.h>

#include <algorithm>
#include <cmath>

#include "sim/consult/report_parts.h"

namespace stipple {
namespace {

constexpr double last_year = 10;

struct Plot {
  const ReportPages& pages;
  double x, y, width, height;  // of the axes' box
  double most;                 // share at the top
  double at_year(double years) const { return x + width * years / last_year; }
  double at_share(double share) const { return y + height * (1 - share / most); }
};

/// Appends one band's curve to the path, forward or backward in time.
void trace(const Plot& plot, const PigmentParams& params, Band band, bool backward) {
  constexpr int steps = 100;
  for (int i = 0; i <= steps; ++i) {
    const double years = last_year * (backward ? steps - i : i) / steps;
    cairo_line_to(plot.pages.context(), plot.at_year(years), plot.at_share(retained(years, params, band)));
  }
}

/// The touch-ups that are planned, or the ages at which most practitioners do one (DOMAIN 3.2).
void draw_touch_ups(const Plot& plot, const std::vector<double>& planned) {
  if (planned.empty()) {
    const double from = plot.at_year(3), to = plot.at_year(6);
    plot.pages.fill(from, plot.y, to - from, plot.height, page_ink::tint);
    plot.pages.line("usual touch-up, 3 to 6 years", from + 5, plot.y + 11, page_text::small, to - from - 10);
  }
  for (const double at : planned) {
    if (at > last_year) continue;
    plot.pages.fill(plot.at_year(at) - 0.4, plot.y - 10, 0.8, plot.height + 10, page_ink::muted);
    plot.pages.line("touch-up", plot.at_year(at) + 3, plot.y - 4, page_text::small);
  }
}

void draw_axes(const Plot& plot) {
  const TextStyle small{Weight::regular, 7.5, page_ink::muted};
  for (double share = 0; share <= plot.most; share += 0.25) {
    plot.pages.rule(plot.x, plot.at_share(share), plot.width);
    plot.pages.line_right(decimal(100 * share, 0) + " %", plot.x - 6, plot.at_share(share) + 2.6, small);
  }
  for (int year = 0; year <= static_cast<int>(last_year); year += 2) {
    const std::string text = year == 0 ? "healed" : std::to_string(year) + " y";
    plot.pages.line(text, plot.at_year(year) - plot.pages.text_width(text, small) / 2, plot.y + plot.height + 11,
                    small);
  }
}

void draw_curves(const Plot& plot, const PigmentParams& params) {
  cairo_t* cairo = plot.pages.context();
  const Ink& colour = page_ink::accent;
  cairo_new_path(cairo);
  trace(plot, params, Band::high, false);
  trace(plot, params, Band::low, true);
  cairo_close_path(cairo);
  cairo_set_source_rgb(cairo, 0.5 + 0.5 * colour.r, 0.5 + 0.5 * colour.g, 0.5 + 0.5 * colour.b);
  cairo_fill(cairo);
  cairo_new_path(cairo);
  trace(plot, params, Band::typical, false);
  cairo_set_source_rgb(cairo, colour.r, colour.g, colour.b);
  cairo_set_line_width(cairo, 1.6);
  cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
  cairo_stroke(cairo);
}

/// The highest share that the band reaches, in whole quarters.
double highest_share(const PigmentParams& params) {
  double most = 1;
  for (const double at : params.touch_ups)
    if (at <= last_year) most = std::max(most, retained(at, params, Band::high));
  return std::ceil(4 * most - 1e-9) / 4;
}

double draw_plot(const ReportPages& pages, const PigmentParams& params, double y) {
  const Plot plot{pages, pages.left() + 34, y, pages.inner_width() - 44, 0.28 * pages.height(), highest_share(params)};
  draw_touch_ups(plot, params.touch_ups);
  draw_axes(plot);
  draw_curves(plot, params);
  const auto percent = [&](double years, Band band) { return decimal(100 * retained(years, params, band), 0); };
  const bool renewed = !params.touch_ups.empty();
  return pages.paragraph(
      "Pigment left against the healed state: the line is the typical course, the band holds 8 of 10 courses. " +
          std::string(renewed ? "With the touch-ups marked, after five years about " : "After five years about ") +
          percent(5, Band::typical) + " % is left, and between " + percent(5, Band::low) + " % and " +
          percent(5, Band::high) +
          " % is likely. The figures come from published ranges and practitioners' claims, not from your skin; sun "
          "fades pigment faster, protection and hats keep it longer.",
      pages.left(), y + plot.height + 30, pages.inner_width(), page_text::body);
}

std::string touch_up_text(const ReportContent& content) {
  const PigmentParams& pigment = content.settings.pigment;
  const std::string rule =
      "One visit refreshes what has faded. Wait until it clearly has: touch-ups that come too early fill the gaps "
      "between the dots, and the look of single hairs is lost.";
  if (pigment.touch_ups.empty())
    return "None is planned here. Most clients come back after 3 to 6 years, some earlier, some never. " + rule;
  return "Planned " + listed(pigment.touch_ups) + (pigment.touch_ups == std::vector<double>{1} ? " year" : " years") +
         " after the last session, each with about " +
         thousands(pigment.touch_up_share * content.result.plan->estimates.dots_total) + " dots. " + rule;
}

}  // namespace

void draw_years_page(ReportPages& pages, const ReportContent& content) {
  const PigmentParams& pigment = content.settings.pigment;
  pages.title("The years to come");
  double y = draw_pictures(pages, content.ageing, 110,
                           {8, 0.2 * pages.height(), {Weight::medium, 8.5}, "Simulation after the last session: "});
  y = pages.heading("How much pigment stays", pages.left(), y, pages.inner_width());
  y = draw_plot(pages, pigment, y + 6);
  y = pages.heading("Touch-ups", pages.left(), y + 8, pages.inner_width());
  pages.paragraph(touch_up_text(content), pages.left(), y, pages.inner_width(), page_text::body);
}

}  // namespace stipple
