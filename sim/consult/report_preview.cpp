// Page one: the client beside the preview, with the numbers that belong to it and how sure they are.
#include <cmath>

#include "sim/consult/report_parts.h"

namespace stipple {
namespace {

struct Fact {
  std::string label, value, detail;
};

std::string give_or_take(double value, double error, const char* unit) {
  return decimal(value, 0) + " \xC2\xB1 " + decimal(error, 0) + " " + unit;
}

/// Why this shade, when it is the advised one.
std::string shade_detail(const Result& result) {
  const ShadeAdvice& advice = result.advice;
  if (!result.head->found || advice.parts_water != result.parts_water)
    return "chosen; parts of water to one of pigment";
  return "as advised: " + advice.skin_type + " skin (ITA " + decimal(advice.ita_degrees, 0) +
         "\xC2\xB0), \xCE\x94"
         "E " +
         decimal(advice.fringe_delta_e, 0) + " to own hair";
}

std::vector<Fact> facts_of(const ReportContent& content) {
  const Plan& plan = *content.result.plan;
  const Head& head = *content.result.head;
  const Estimates& e = plan.estimates;
  const PigmentParams& pigment = content.settings.pigment;
  const double height = plan.mid_frontal_height_mm, error = head.scale.relative_error;
  const bool measured = line_is_measured(content);
  return {{"Hairline height", measured ? give_or_take(height, height * error, "mm") : "not measured here",
           measured ? "from between the brows to the line" : "the face is not seen from the front"},
          {"Treated area", give_or_take(e.treated_area_cm2, e.treated_area_error_cm2, "cm\xC2\xB2"),
           "the part that this photo shows"},
          {"Dots", thousands(e.dots_total), decimal(content.settings.plan.density_per_cm2, 0) + " per cm\xC2\xB2"},
          {"Shade", shade_text(pigment.shade_parts_water), shade_detail(content.result)},
          {"Pigment", content.pigment_title, decimal(pigment.dot_diameter_mm, 2) + " mm dots when healed"},
          {"Scale", decimal(head.scale.px_per_mm, 2) + " px/mm \xC2\xB1 " + decimal(100 * error, 0) + " %",
           "from: " + head.scale.source}};
}

double draw_facts(const ReportPages& pages, const ReportContent& content, double y) {
  const std::vector<Fact> facts = facts_of(content);
  constexpr size_t columns = 3;
  constexpr double row = 56;
  const double width = pages.inner_width() / columns;
  for (size_t i = 0; i < facts.size(); ++i) {
    const double x = pages.left() + static_cast<double>(i % columns) * width,
                 top = y + static_cast<double>(i / columns) * row;
    pages.line(facts[i].label, x, top, {Weight::medium, 7.8, page_ink::muted}, width - 10);
    pages.line(facts[i].value, x, top + 15, {Weight::semibold, 12}, width - 12);
    pages.paragraph(facts[i].detail, x, top + 26, width - 14, page_text::small);
  }
  return y + row * std::ceil(static_cast<double>(facts.size()) / columns);
}

}  // namespace

void draw_preview_page(ReportPages& pages, const ReportContent& content) {
  pages.title("Your preview");
  double y = draw_pictures(pages, content.pair, 110, {14, 0.46 * pages.height(), {Weight::semibold, 10}, "Photo: "});
  y = pages.heading("In numbers", pages.left(), y, pages.inner_width());
  y = draw_facts(pages, content, y + 2);
  y = pages.heading("What this picture is", pages.left(), y, pages.inner_width());
  y = pages.paragraph(
      "It is a simulation on your own photo, not a promise. Skin takes pigment differently from person to person and "
      "from place to place; the healed shade can come out from no lighter to two or three steps lighter than planned. "
      "Light, camera and screen change how dark dots look.",
      pages.left(), y, pages.inner_width(), page_text::body);
  pages.paragraph(
      "Millimetres and areas are measured in the photo and carry the error shown beside them. The practitioner draws "
      "and agrees the line on your skin before any treatment. This page is no medical advice.",
      pages.left(), y + 3, pages.inner_width(), page_text::body);
}

}  // namespace stipple
