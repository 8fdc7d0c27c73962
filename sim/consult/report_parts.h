// The three pages of the report, each drawn from the same gathered content.
#pragma once
#include <string>
#include <vector>

#include "sim/consult/report_page.h"
#include "sim/consult/sheet.h"

namespace stipple {

/// Dots of one kind of place: its area comes from the dots themselves, each of which stands for 1 / density.
struct ZoneShare {
  std::string name, needle;
  double area_cm2 = 0, dots = 0;
};

struct ReportContent {
  Settings settings;
  ReportStyle style;
  Result result;             // at settings.pigment.years
  std::vector<Cell> pair;    // before, after
  std::vector<Cell> ageing;  // years to come
  std::vector<ZoneShare> zones;
  std::string pigment_title, settings_digest;
};

/// `value` with so many decimals.
std::string decimal(double value, int decimals);
/// "12,345".
std::string thousands(double value);
/// "9:1", "12.5:1".
std::string ratio_text(double parts_water);
/// "Dark brown (9:1)", "14:1" between the steps of the ladder.
std::string shade_text(double parts_water);

void draw_preview_page(const ReportPages& pages, const ReportContent& content);
void draw_years_page(const ReportPages& pages, const ReportContent& content);
void draw_treatment_page(const ReportPages& pages, const ReportContent& content);

}  // namespace stipple
