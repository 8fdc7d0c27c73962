// Page two: the years to come as pictures and as a curve with its band, then the rules of good practice in plain words.
#include <cairo.h>

#include <algorithm>
#include <cmath>

#include "sim/consult/report_parts.h"

namespace stipple {
namespace {

constexpr double last_year = 10;

double draw_strip(const ReportPages& pages, const ReportContent& content, double y) {
  constexpr double gap = 8;
  const auto count = static_cast<double>(content.ageing.size());
  const double width = (pages.inner_width() - (count - 1) * gap) / count;
  double height = 0;
  for (size_t i = 0; i < content.ageing.size(); ++i) {
    const double x = pages.left() + static_cast<double>(i) * (width + gap);
    height = pages.picture(content.ageing[i].picture, x, y, width);
    pages.line(content.ageing[i].label, x, y + height + 13, {Weight::medium, 8.5}, width);
  }
  return y + height + 32;
}

struct Plot {
  const ReportPages& pages;
  double x, y, width, height;  // of the axes' box
  double at_year(double years) const { return x + width * years / last_year; }
  double at_share(double share) const { return y + height * (1 - share); }
};

/// Appends one band's curve to the path, forward or backward in time.
void trace(const Plot& plot, const PigmentParams& params, Band band, bool backward) {
  constexpr int steps = 100;
  for (int i = 0; i <= steps; ++i) {
    const double years = last_year * (backward ? steps - i : i) / steps;
    cairo_line_to(plot.pages.context(), plot.at_year(years), plot.at_share(retained(years, params, band)));
  }
}

void draw_axes(const Plot& plot) {
  const TextStyle small{Weight::regular, 7.5, page_ink::muted};
  // The touch-up ages that most practitioners name (DOMAIN 3.2).
  const double from = plot.at_year(3), to = plot.at_year(6);
  plot.pages.fill(from, plot.y, to - from, plot.height, page_ink::tint);
  plot.pages.line("usual touch-up, 3 to 6 years", from + 5, plot.y + 11, small, to - from - 10);
  for (const double share : {0.0, 0.25, 0.5, 0.75, 1.0}) {
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

double draw_plot(const ReportPages& pages, const PigmentParams& params, double y) {
  const Plot plot{pages, pages.left() + 34, y, pages.inner_width() - 44, 0.22 * pages.height()};
  draw_axes(plot);
  draw_curves(plot, params);
  const auto percent = [&](double years, Band band) { return decimal(100 * retained(years, params, band), 0); };
  return pages.paragraph(
      "Pigment left against the healed state: the line is the typical course, the band holds 8 of 10 courses. After "
      "five years about " +
          percent(5, Band::typical) + " % is left, and between " + percent(5, Band::low) + " % and " +
          percent(5, Band::high) +
          " % is likely. The figures come from published ranges and practitioners' claims, not from your skin; sun "
          "fades pigment faster, protection and hats keep it longer.",
      pages.left(), y + plot.height + 30, pages.inner_width(), {Weight::regular, 9, page_ink::dark});
}

double draw_check(const ReportPages& pages, const RuleCheck& check, double y) {
  const bool warning = check.severity == Severity::warning;
  pages.line(warning ? "Warning" : "Advice", pages.left(), y,
             {Weight::semibold, 9, warning ? page_ink::warning : page_ink::accent});
  return pages.paragraph(check.reason, pages.left() + 52, y, pages.inner_width() - 52,
                         {Weight::regular, 9, page_ink::dark});
}

/// What the detection asks to be looked at is said first, like a rule that warns.
std::vector<RuleCheck> with_notes(const Head& head, const std::vector<RuleCheck>& checks) {
  std::vector<RuleCheck> all;
  for (const std::string& note : head.notes)
    all.push_back({"note", Severity::warning, 0, 0, "", "From the photo: " + note + "."});
  all.insert(all.end(), checks.begin(), checks.end());
  return all;
}

/// Warnings first, as many as the page holds.
void draw_checks(const ReportPages& pages, std::vector<RuleCheck> checks, double y) {
  const double bottom = pages.height() - 84;
  if (checks.empty())
    pages.line("This plan keeps all rules that the program knows.", pages.left(), y, {Weight::regular, 9});
  std::stable_sort(checks.begin(), checks.end(),
                   [](const RuleCheck& a, const RuleCheck& b) { return a.severity > b.severity; });
  for (size_t i = 0; i < checks.size(); ++i) {
    if (y > bottom) {
      pages.line("and " + std::to_string(checks.size() - i) + " more, listed by the program", pages.left(), y,
                 {Weight::regular, 8.5, page_ink::muted});
      return;
    }
    y = draw_check(pages, checks[i], y) + 4;
  }
}

}  // namespace

void draw_years_page(const ReportPages& pages, const ReportContent& content) {
  pages.title("The years to come");
  double y = draw_strip(pages, content, 110);
  y = pages.heading("How much pigment stays", pages.left(), y, pages.inner_width());
  y = draw_plot(pages, content.settings.pigment, y);
  y = pages.heading("Checked against good practice", pages.left(), y + 4, pages.inner_width());
  draw_checks(pages, with_notes(*content.result.head, content.result.checks), y);
}

}  // namespace stipple
