// Gathers what the report says and strings its pages together.
#include "sim/consult/report.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "sim/consult/ageing.h"
#include "sim/consult/report_parts.h"
#include "sim/consult/variants.h"
#include "sim/photo/sha256.h"
#include "sim/pigment/profile.h"

namespace stipple {
namespace {

constexpr int pair_px = 1100, strip_px = 560;
constexpr int page_count = 3;
constexpr double healed_preview_years = 0.25;

enum Zone { edge_zone, open_zone, hair_zone, zone_count };

Zone zone_of(const ReportContent& content, int x, int y) {
  const float behind = content.result.plan->hairline_distance_mm(y, x);
  if (behind < content.settings.plan.transition_mm) return edge_zone;
  return content.result.head->classes(y, x) == hair_on_scalp ? hair_zone : open_zone;
}

/// Needles by DOMAIN 2.1: one point for the line and detail, three points where the scalp is filled.
std::vector<ZoneShare> zone_shares(const ReportContent& content) {
  std::vector<ZoneShare> zones{{"Hairline edge", "1 point, 0.18-0.20 mm"},
                               {"Open scalp", "3 point, 0.20-0.25 mm"},
                               {"Between own hair", "1 point, 0.20 mm"}};
  const cv::Mat1f& density = content.result.plan->density_per_cm2;
  const cv::Rect grid({0, 0}, density.size());
  double area = 0, dots = 0;
  for (const Dot& dot : content.result.field->dots) {
    const Vec2 at = dot.photo_px / content.result.head->work_scale;
    const cv::Point p(static_cast<int>(at.x()), static_cast<int>(at.y()));
    if (!grid.contains(p) || !(density(p) > 0)) continue;
    ZoneShare& zone = zones[zone_of(content, p.x, p.y)];
    // A stray dot at the thin end of a fade stands for no more than what a tenth of the plateau would give it.
    zone.area_cm2 += 1 / std::max<double>(density(p), 0.1 * content.settings.plan.density_per_cm2);
    zone.dots += 1;
    area += 1 / std::max<double>(density(p), 0.1 * content.settings.plan.density_per_cm2);
    dots += 1;
  }
  const Estimates& e = content.result.plan->estimates;
  for (ZoneShare& zone : zones) {
    zone.area_cm2 *= area > 0 ? e.treated_area_cm2 / area : 0;
    zone.dots *= dots > 0 ? e.dots_total / dots : 0;
  }
  std::erase_if(zones, [](const ZoneShare& zone) { return zone.area_cm2 < 0.5; });
  return zones;
}

std::vector<Cell> scaled(std::vector<Cell> cells, int width_px) {
  for (Cell& cell : cells) cell.picture = scaled_to_width(cell.picture, std::min(width_px, cell.picture.rgb.cols));
  return cells;
}

ReportContent gather(Pipeline& pipeline, const Settings& settings, const ReportStyle& style, Job& job) {
  ReportContent content{settings, style, {}, {}, {}, {}, {}, {}};
  content.result = pipeline.run(settings, job);
  content.settings.pigment.shade_parts_water = content.result.parts_water;
  const std::string when = date_caption(settings.pigment.years);
  content.pair = scaled(before_after_cells(content.result, when + " after the last session"), pair_px);
  Settings aged = settings;
  for (const double years : {healed_preview_years, 1.0, 3.0, 5.0, 8.0}) {
    aged.pigment.years = years;
    Cell cell = scaled(before_after_cells(pipeline.run(aged, job), ""), strip_px).back();
    cell.label = date_caption(years);
    content.ageing.push_back(std::move(cell));
  }
  content.zones = zone_shares(content);
  content.pigment_title = read_pigment(settings.pigment.pigment).title;
  content.settings_digest = sha256_hex(to_json(settings).dump());
  return content;
}

void draw_frame(const ReportPages& pages, const ReportContent& content, int page) {
  const Clinic& clinic = content.style.clinic;
  const double top = 44, bottom = pages.height() - 34;
  const double logo_height = 26, gap = 10;
  const bool has_logo = !clinic.logo.rgb.empty();
  const double logo_width =
      has_logo ? std::min(120.0, logo_height * clinic.logo.rgb.cols / clinic.logo.rgb.rows) : -gap;
  // Text comes first: cairo 1.16 loses the tags of a page that begins with a picture.
  pages.line(clinic.name.empty() ? "Scalp micropigmentation" : clinic.name, pages.left() + logo_width + gap, top,
             {Weight::semibold, 11}, 260);
  if (has_logo) pages.picture(clinic.logo, pages.left(), top - 18, logo_width);
  const std::string where =
      clinic.address + (clinic.address.empty() || clinic.contact.empty() ? "" : " \xC2\xB7 ") + clinic.contact;
  pages.line(where, pages.right() - std::min(230.0, pages.text_width(where, {Weight::regular, 8})), top,
             {Weight::regular, 8, page_ink::muted}, 230);
  pages.rule(pages.left(), bottom - 12, pages.inner_width());
  pages.line("Simulation - results vary", pages.left(), bottom, {Weight::medium, 7.5, page_ink::muted});
  pages.line_right("Stipple " + content.style.version + "  \xC2\xB7  page " + std::to_string(page) + " of " +
                       std::to_string(page_count),
                   pages.right(), bottom, {Weight::regular, 7.5, page_ink::muted});
}

}  // namespace

std::string decimal(double value, int decimals) {
  char text[40];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

std::string thousands(double value) {
  std::string text = decimal(value, 0);
  for (int i = static_cast<int>(text.size()) - 3; i > 0; i -= 3) text.insert(static_cast<size_t>(i), 1, ',');
  return text;
}

std::string ratio_text(double parts_water) {
  Settings probe;
  probe.pigment.shade_parts_water = parts_water;
  return get_value(probe, "shade") + ":1";
}

std::string shade_text(double parts_water) {
  const std::string ratio = ratio_text(parts_water);
  const Caption named = caption("shade", ratio.substr(0, ratio.size() - 2));
  return named.main.starts_with("Shade ") ? ratio : named.main + " (" + ratio + ")";
}

std::string make_report(Pipeline& pipeline, const Settings& settings, const ReportStyle& style, Job& job) {
  const ReportContent content = gather(pipeline, settings, style, job);
  ReportPages pages(style.paper, "Treatment preview", "Stipple " + style.version);
  int page = 0;
  for (const auto draw : {draw_preview_page, draw_years_page, draw_treatment_page}) {
    job.step("report", static_cast<double>(page) / page_count);
    draw_frame(pages, content, ++page);
    draw(pages, content);
    pages.next_page();
  }
  return pages.finish();
}

}  // namespace stipple
