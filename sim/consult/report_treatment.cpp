// Page four: the treatment sheet, what to ask and to sign, and what repeats this report.
// Based on: DOMAIN 2.1 (needles), 2.2 (sessions), 2.3 (dilution), 2.6 (contraindications, aftercare, consent).
#include <cairo.h>

#include <algorithm>

#include "sim/consult/report_parts.h"
#include "sim/pigment/visits.h"

namespace stipple {
namespace {

using page_text::body;

std::string money(const Clinic& clinic, double amount) {
  return clinic.currency + (clinic.currency.empty() ? "" : " ") + thousands(amount);
}

double price_of(const Clinic& clinic, size_t session) {
  const std::vector<double>& prices = clinic.price_per_session;
  return prices[std::min(session, prices.size() - 1)];
}

double draw_sessions(const ReportPages& pages, const ReportContent& content, double y) {
  const Estimates& e = content.result.plan->estimates;
  const PigmentParams& pigment = content.settings.pigment;
  const Clinic& clinic = content.style.clinic;
  const bool priced = !clinic.price_per_session.empty();
  double minutes = 0, price = 0;
  std::vector<std::vector<std::string>> rows{{"Session", "Day", "Dots", "Dots per cm\xC2\xB2 after it",
                                              "Dilution aimed at", "Minutes", priced ? "Price" : "Date"}};
  for (size_t i = 0; i < e.dots_per_session.size(); ++i) {
    const int session = static_cast<int>(i) + 1;
    const double before = i > 0 ? e.dots_per_session[i - 1] : 0;
    const double share = e.dots_total > 0 ? e.dots_per_session[i] / e.dots_total : 0;
    const double day = session_day(pigment, session) - session_day(pigment, 1);
    rows.push_back({std::to_string(session), day > 0 ? "+ " + decimal(day, 0) : "first",
                    thousands(e.dots_per_session[i] - before),
                    decimal(share * content.settings.plan.density_per_cm2, 0), ratio_text(pigment.shade_parts_water),
                    decimal(e.minutes_per_session[i], 0), priced ? money(clinic, price_of(clinic, i)) : "___________"});
    minutes += e.minutes_per_session[i];
    if (priced) price += price_of(clinic, i);
  }
  rows.push_back(
      {"Together", "", thousands(e.dots_total), "", "", decimal(minutes, 0), priced ? money(clinic, price) : ""});
  return pages.table(rows, {0.13, 0.08, 0.13, 0.21, 0.17, 0.12, 0.16}, pages.left(), y, pages.inner_width());
}

double draw_zones(const ReportPages& pages, const ReportContent& content, double y) {
  std::vector<std::vector<std::string>> rows{{"Zone", "Area cm\xC2\xB2", "Dots", "Mean per cm\xC2\xB2", "Needle"}};
  for (const ZoneShare& zone : content.zones)
    rows.push_back({zone.name, decimal(zone.area_cm2, 0), thousands(zone.dots), decimal(zone.dots / zone.area_cm2, 0),
                    zone.needle});
  return pages.table(rows, {0.24, 0.13, 0.15, 0.18, 0.30}, pages.left(), y, pages.inner_width());
}

/// The step of the ladder that is next lighter, for a first session on the safe side.
double lighter_step(double parts_water) {
  for (const Shade& shade : shade_ladder())
    if (shade.parts_water > 1.05 * parts_water) return shade.parts_water;
  return parts_water;
}

double draw_advice(const ReportPages& pages, const ReportContent& content, double y) {
  const double shade = content.settings.pigment.shade_parts_water;
  y = pages.paragraph("Sessions lie 10 to 30 days apart. Start light: " + ratio_text(lighter_step(shade)) +
                          " in the first session is the safer side, since too dark can only be lasered. Judge the "
                          "healed shade, never the fresh one. Shallow, light, no bleeding.",
                      pages.left(), y, pages.inner_width(), body);
  return pages.paragraph(
             "Aftercare: keep dry for 3 to 5 days; about a week without sweat, shampoo, scrubbing, pool or sun; no "
             "shaving "
             "for a week. Later SPF 30 and a matt lotion. Redness passes in 1 to 3 days, scabs fall by themselves in 7 "
             "to "
             "10; the true shade shows after 4 weeks.",
             pages.left(), y + 4, pages.inner_width(), body) +
         4;
}

void draw_box(const ReportPages& pages, double x, double baseline) {
  constexpr double side = 8;
  cairo_rectangle(pages.context(), x, baseline - side + 0.8, side, side);
  cairo_set_line_width(pages.context(), 0.7);
  cairo_set_source_rgb(pages.context(), page_ink::muted.r, page_ink::muted.g, page_ink::muted.b);
  cairo_stroke(pages.context());
}

/// Lines with a box to tick, in columns read downward.
double draw_boxes(const ReportPages& pages, const std::vector<std::string>& lines, size_t columns, double y) {
  constexpr double row = 15.5;
  const size_t per_column = (lines.size() + columns - 1) / columns;
  const double width = pages.inner_width() / static_cast<double>(columns);
  for (size_t i = 0; i < lines.size(); ++i) {
    const double x = pages.left() + static_cast<double>(i / per_column) * width,
                 baseline = y + static_cast<double>(i % per_column) * row;
    draw_box(pages, x, baseline);
    pages.line(lines[i], x + 14, baseline, body, width - 22);
  }
  return y + static_cast<double>(per_column) * row + 6;
}

const std::vector<std::string>& contraindications() {
  static const std::vector<std::string> lines{"Keloids or raised scars",
                                              "Psoriasis, eczema, dermatitis, infection, sunburn",
                                              "Pregnant or nursing",
                                              "Blood thinners, bleeding disorder",
                                              "Diabetes or blood pressure not controlled",
                                              "Epilepsy",
                                              "Chemotherapy in the last 12 months",
                                              "Isotretinoin in the last 6 months",
                                              "Allergy to pigments",
                                              "HIV or hepatitis",
                                              "Moles or lesions to be left free",
                                              "Laser removal in the last 90 days",
                                              "Hair loss that may be temporary",
                                              "Under 18"};
  return lines;
}

const std::vector<std::string>& consents() {
  static const std::vector<std::string> lines{
      "I know that the healed result may differ from this simulation and fades at a rate nobody can promise.",
      "I know that several sessions and later touch-ups are needed, and that hair loss may move on.",
      "I was told the risks: infection, allergy, change of colour, scarring. I will tell MRI staff of the pigment.",
      "I agree to the hairline drawn on my skin.", "I allow photos for my record."};
  return lines;
}

void draw_signatures(const ReportPages& pages, double y) {
  const double width = pages.inner_width() / 3;
  const char* labels[] = {"Client", "Practitioner", "Date"};
  for (int i = 0; i < 3; ++i) {
    const double x = pages.left() + i * width;
    pages.fill(x, y, width - 18, 0.7, page_ink::muted);
    pages.line(labels[i], x, y + 10, {Weight::regular, 7.5, page_ink::muted});
  }
}

/// What makes the same pictures again: same photo, settings, seed and program.
void draw_repetition(const ReportPages& pages, const ReportContent& content, double y) {
  const TextStyle small{Weight::regular, 6.8, page_ink::muted};
  const std::string& checksum = content.result.before->sha256;
  pages.line("To repeat: Stipple " + content.style.version + ", seed " + std::to_string(content.settings.field.seed) +
                 ", settings " + content.settings_digest.substr(0, 16),
             pages.left(), y, small);
  pages.line("Photo SHA-256: " + (checksum.empty() ? "none (made picture)" : checksum), pages.left(), y + 10, small,
             pages.inner_width());
}

}  // namespace

void draw_treatment_page(ReportPages& pages, const ReportContent& content) {
  pages.title("Treatment sheet");
  double y = draw_sessions(pages, content, 114);
  y = draw_zones(pages, content, y + 12);
  y = draw_advice(pages, content, y + 8);
  y = pages.heading("Before the treatment: does any of this apply?", pages.left(), y, pages.inner_width());
  y = draw_boxes(pages, contraindications(), 2, y);
  y = pages.heading("Consent", pages.left(), y + 2, pages.inner_width());
  draw_boxes(pages, consents(), 1, y);
  draw_signatures(pages, pages.height() - 92);
  draw_repetition(pages, content, pages.height() - 68);
}

}  // namespace stipple
