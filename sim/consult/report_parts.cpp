// What the pages of the report share: how numbers read, and rows of pictures.
#include "sim/consult/report_parts.h"

#include <algorithm>
#include <cctype>
#include <cstdio>

#include "sim/consult/variants.h"

namespace stipple {

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

std::string listed(const std::vector<double>& numbers) {
  std::string out;
  for (size_t i = 0; i < numbers.size(); ++i) {
    char text[32];
    std::snprintf(text, sizeof text, "%.4g", numbers[i]);
    out += (i == 0 ? "" : i + 1 == numbers.size() ? " and " : ", ") + std::string(text);
  }
  return out;
}

bool line_is_measured(const ReportContent& content) {
  const View view = content.result.head->view;
  return (view == View::front || view == View::threequarter) && content.result.plan->mid_frontal_height_mm > 0;
}

double draw_pictures(ReportPages& pages, const std::vector<Cell>& cells, double y, const PictureRow& row) {
  const auto count = static_cast<double>(cells.size());
  const double place = (pages.inner_width() - (count - 1) * row.gap) / count;
  const cv::Size size = cells.front().picture.size();
  const double width = std::min(place, row.most_height * size.width / size.height);
  double height = 0;
  for (size_t i = 0; i < cells.size(); ++i) {
    const double x = pages.left() + static_cast<double>(i) * (place + row.gap);
    height = pages.picture(cells[i].picture, row.description + cells[i].label, x, y, width);
    pages.line(cells[i].label, x, y + height + 1.5 * row.label.size, row.label, place);
  }
  return y + height + 2.6 * row.label.size + 10;
}

}  // namespace stipple
