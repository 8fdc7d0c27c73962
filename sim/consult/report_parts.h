// The pages of the report, each drawn from the same gathered content.
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
  Photo line_figure;         // the planned line and area on the untreated photo
  std::vector<ZoneShare> zones;
  std::string pigment_title, settings_digest;
};

namespace page_text {
inline constexpr TextStyle body{Weight::regular, 9, page_ink::dark};
inline constexpr TextStyle small{Weight::regular, 7.8, page_ink::muted};
}  // namespace page_text

/// `value` with so many decimals.
std::string decimal(double value, int decimals);
/// "12,345".
std::string thousands(double value);
/// "9:1", "12.5:1".
std::string ratio_text(double parts_water);
/// "Dark brown (9:1)", "14:1" between the steps of the ladder.
std::string shade_text(double parts_water);
/// "3", "3 and 6", "3, 6 and 9".
std::string listed(const std::vector<double>& numbers);

/// Whether the line can be measured from the brows: there is one, and the face is seen from the front.
bool line_is_measured(const ReportContent& content);

/// Pictures side by side over the page's width, no higher than `most_height`, with their labels below and words for
/// those who do not see them; returns the y below the labels.
struct PictureRow {
  double gap, most_height;
  TextStyle label;
  std::string description;  // before the label
};
double draw_pictures(ReportPages& pages, const std::vector<Cell>& cells, double y, const PictureRow& row);

void draw_preview_page(ReportPages& pages, const ReportContent& content);
void draw_plan_page(ReportPages& pages, const ReportContent& content);
void draw_years_page(ReportPages& pages, const ReportContent& content);
void draw_treatment_page(ReportPages& pages, const ReportContent& content);

}  // namespace stipple
