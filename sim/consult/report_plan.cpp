// Page two: where the line runs and which skin is treated, why this shade, and the rules of good practice in plain
// words.
#include <algorithm>
#include <cmath>

#include "sim/consult/line_figure.h"
#include "sim/consult/report_parts.h"

namespace stipple {
namespace {

std::string along_text(const LineMark& mark) {
  if (mark.along_mm == 0) return "middle";
  const std::string side = mark.along_mm < 0 ? " right" : " left";
  return decimal(std::abs(mark.along_mm), 0) + side + (mark.corner ? ", corner" : "");
}

double draw_measures(const ReportPages& pages, const ReportContent& content, double x, double y, double width) {
  y = pages.heading("The line in millimetres of skin", x, y, width);
  if (!line_is_measured(content)) {
    const bool line = !content.result.plan->hairline_px.empty();
    return pages.paragraph(
        std::string(line ? "The line is drawn as planned, but this photo does not show the face from the front: its "
                           "distance from the brows cannot be told here. "
                         : "The front hairline is not seen in this photo. ") +
            "Agree on it in a photo from the front, and measure it on the skin.",
        x, y, width, page_text::body);
  }
  std::vector<std::vector<std::string>> rows{{"Mark", "From the middle", "Above brows", "Set back"}};
  const std::vector<LineMark> marks = numbered_marks(*content.result.plan);
  for (size_t i = 0; i < marks.size(); ++i)
    rows.push_back({std::to_string(i + 1), along_text(marks[i]), decimal(marks[i].above_brow_mm, 0),
                    decimal(marks[i].set_back_mm + 0.0, 0)});
  y = pages.table(rows, {0.13, 0.39, 0.26, 0.22}, x, y, width);
  const double error = 100 * content.result.head->scale.relative_error;
  return pages.paragraph("Right and left are the client's own. All of it within about " + decimal(error, 0) +
                             " %, the error of the photo's scale.",
                         x, y, width, page_text::small);
}

double draw_shade(const ReportPages& pages, const ReportContent& content, double x, double y, double width) {
  const ShadeAdvice& advice = content.result.advice;
  y = pages.heading("Why this shade", x, y, width);
  if (!content.result.head->found)
    return pages.paragraph(
        "No scalp was found to advise a shade by; " + shade_text(content.result.parts_water) + " was chosen.", x, y,
        width, page_text::body);
  const bool advised = advice.parts_water == content.result.parts_water;
  const std::string first = advised
                                ? shade_text(advice.parts_water) + " is what the program advises: "
                                : shade_text(content.result.parts_water) + " was chosen; the program would advise " +
                                      shade_text(advice.parts_water) + ": ";
  return pages.paragraph(first + advice.skin_type + " skin (ITA " + decimal(advice.ita_degrees, 0) +
                             "\xC2\xB0). Healed, it differs from the client's own hair beside it by \xCE\x94"
                             "E " +
                             decimal(advice.fringe_delta_e, 0) + " and from bare skin by " +
                             decimal(advice.skin_delta_e, 0) + ", where 2 is just seen.",
                         x, y, width, page_text::body);
}

double draw_check(const ReportPages& pages, const RuleCheck& check, double y) {
  const bool warning = check.severity == Severity::warning;
  pages.line(warning ? "Warning" : "Advice", pages.left(), y,
             {Weight::semibold, 9, warning ? page_ink::warning : page_ink::accent});
  return pages.paragraph(check.reason, pages.left() + 52, y, pages.inner_width() - 52, page_text::body);
}

/// What the detection is in doubt about is said first, like a rule that warns. How the program would be helped is no
/// matter for paper.
std::vector<RuleCheck> with_notes(const Head& head, const std::vector<RuleCheck>& checks) {
  std::vector<RuleCheck> all;
  for (const std::string& note : head.notes)
    all.push_back({"note", Severity::warning, 0, 0, "",
                   "From the photo: " + note.substr(0, note.find(':')) + "; check it on the head itself."});
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

void draw_plan_page(ReportPages& pages, const ReportContent& content) {
  constexpr double top = 110, gap = 20;
  const cv::Size size = content.line_figure.size();
  const double figure_width = std::min(0.47 * pages.inner_width(), 0.42 * pages.height() * size.width / size.height);
  const double x = pages.left() + figure_width + gap, width = pages.right() - x;
  pages.title("The line and the area");
  const double below_figure =
      top + pages.picture(content.line_figure,
                          "The planned hairline and the treated area, drawn on the photo before the treatment",
                          pages.left(), top, figure_width);
  pages.line("Deeper colour: denser dots", pages.left(), below_figure + 13, page_text::small, figure_width);
  const double below_measures = draw_measures(pages, content, x, top, width);
  const double below_shade = draw_shade(pages, content, x, below_measures + 8, width);
  const double y = std::max(below_figure + 26, below_shade + 4);
  draw_checks(pages, with_notes(*content.result.head, content.result.checks),
              pages.heading("Checked against good practice", pages.left(), y, pages.inner_width()));
}

}  // namespace stipple
