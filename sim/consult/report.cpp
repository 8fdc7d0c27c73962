// Gathers what the report says and strings its pages together.
#include "sim/consult/report.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "sim/consult/ageing.h"
#include "sim/consult/line_figure.h"
#include "sim/consult/report_parts.h"
#include "sim/consult/variants.h"
#include "sim/photo/sha256.h"
#include "sim/pigment/profile.h"

namespace stipple {
namespace {

constexpr int pair_px = 1100, strip_px = 560, figure_px = 1000;
constexpr int page_count = 4;
constexpr double healed_preview_years = 0.25;

enum Zone { edge_zone, open_zone, hair_zone, zone_count };

Zone zone_of(const ReportContent& content, int x, int y) {
  const float behind = content.result.plan->hairline_distance_mm(y, x);
  if (behind < content.settings.plan.transition_mm) return edge_zone;
  return content.result.head->classes(y, x) == hair_on_scalp ? hair_zone : open_zone;
}

/// Needles by DOMAIN 2.1: one point for the line and detail, three points where the scalp is filled.
std::vector<ZoneShare> zone_shares(const ReportContent& content) {
  std::vector<ZoneShare> zones{{"Hairline edge",
                                "1 point, 0.18\xE2\x80\x93"
                                "0.20 mm"},
                               {"Open scalp",
                                "3 point, 0.20\xE2\x80\x93"
                                "0.25 mm"},
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

/// Times of the pictures: the usual ones, and each touch-up when it has healed. Six fill the page.
std::vector<double> strip_years(const PigmentParams& pigment) {
  constexpr size_t most = 6;
  std::vector<double> years{healed_preview_years, 1, 3, 5, 8};
  for (const double at : pigment.touch_ups)
    if (at + healed_preview_years <= 10 && years.size() <= most) years.push_back(at + healed_preview_years);
  std::sort(years.begin(), years.end());
  years.erase(std::unique(years.begin(), years.end()), years.end());
  if (years.size() > most) years.erase(years.begin() + 1);  // the first year changes least
  return years;
}

ReportContent gather(Pipeline& pipeline, const Settings& settings, const ReportStyle& style, Job& job) {
  ReportContent content{settings, style, {}, {}, {}, {}, {}, {}, {}};
  content.result = pipeline.run(settings, job);
  content.settings.pigment.shade_parts_water = content.result.parts_water;
  const std::string when = date_caption(settings.pigment.years);
  content.pair = scaled(before_after_cells(content.result, when + " after the last session"), pair_px);
  content.line_figure = line_figure(content.result, figure_px, line_is_measured(content));
  Settings aged = settings;
  for (const double years : strip_years(settings.pigment)) {
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

/// The clinic above, what the paper is and which page below.
void draw_frame(ReportPages& pages, const ReportContent& content, int page) {
  const Clinic& clinic = content.style.clinic;
  const TextStyle name{Weight::semibold, 11}, contact{Weight::regular, 8, page_ink::muted};
  constexpr double top = 40, logo_height = 26, logo_most = 110, gap = 10;
  const bool has_logo = !clinic.logo.rgb.empty();
  const double logo_width =
      has_logo ? std::min(logo_most, logo_height * clinic.logo.rgb.cols / clinic.logo.rgb.rows) : -gap;
  const double name_x = pages.left() + logo_width + gap, contact_most = 0.36 * pages.inner_width(),
               name_most = pages.right() - contact_most - 2 * gap - name_x;
  // Text comes first: cairo 1.16 loses the tags of a page that begins with a picture.
  const std::string title = clinic.name.empty() ? "Scalp micropigmentation" : clinic.name;
  if (pages.text_width(title, name) <= name_most)
    pages.line(title, name_x, top + 4, name);
  else
    pages.paragraph(title, name_x, top - 3, name_most,
                    {Weight::semibold, pages.text_width(title, name) < 2.4 * name_most ? 8.5 : 7});
  pages.line_right(clinic.address, pages.right(), top - 2, contact, contact_most);
  pages.line_right(clinic.contact, pages.right(), top + 9, contact, contact_most);
  if (has_logo) pages.picture(clinic.logo, "Logo", pages.left(), top - 15, logo_width);
  const double bottom = pages.height() - 34;
  pages.rule(pages.left(), bottom - 12, pages.inner_width());
  pages.line(disclaimer, pages.left(), bottom, {Weight::medium, 7.5, page_ink::muted});
  pages.line_right("Stipple " + content.style.version + "  \xC2\xB7  page " + std::to_string(page) + " of " +
                       std::to_string(page_count),
                   pages.right(), bottom, {Weight::regular, 7.5, page_ink::muted});
}

}  // namespace

std::string make_report(Pipeline& pipeline, const Settings& settings, const ReportStyle& style, Job& job) {
  const ReportContent content = gather(pipeline, settings, style, job);
  ReportPages pages(style.paper, "Treatment preview", "Stipple " + style.version);
  int page = 0;
  for (const auto draw : {draw_preview_page, draw_plan_page, draw_years_page, draw_treatment_page}) {
    job.step("report", static_cast<double>(page) / page_count);
    draw_frame(pages, content, ++page);
    draw(pages, content);
    pages.next_page();
  }
  return pages.finish();
}

}  // namespace stipple
