// Contact sheets: pictures in a quiet grid with labels large enough for a phone. Everything scales from the cell width.
#include "sim/consult/sheet.h"

#include <cairo.h>

#include <algorithm>
#include <cmath>

#include "sim/consult/house_style.h"

namespace stipple {
namespace {

using namespace page_ink;

/// All measures of a sheet in px. The label follows the sheet's width, because that is what a phone fits to its screen.
struct Layout {
  int columns, rows, cell_width, margin, gap, picture_height;
  double label, sub_label, title, label_block, header, footer;
  cv::Size size;
};

bool two_lines(const std::vector<Cell>& cells) {
  return std::any_of(cells.begin(), cells.end(),
                     [](const Cell& cell) { return cell.label.find('\n') != std::string::npos; });
}

Layout lay_out(const std::vector<Cell>& cells, const std::vector<Photo>& pictures, const SheetStyle& style) {
  Layout l{};
  const int count = static_cast<int>(cells.size());
  l.columns = sheet_columns(cells.size(), style);
  l.rows = std::max(1, (count + l.columns - 1) / l.columns);
  l.cell_width = style.cell_width_px;
  l.margin = l.cell_width / 9;
  l.gap = l.cell_width / 20;
  l.size.width = l.columns * l.cell_width + (l.columns - 1) * l.gap + 2 * l.margin;
  l.label = std::clamp(0.020 * l.size.width, 0.045 * l.cell_width, 0.07 * l.cell_width);
  l.sub_label = 0.72 * l.label;
  l.title = std::min(1.55 * l.label, 0.10 * l.cell_width);
  for (const Photo& picture : pictures) l.picture_height = std::max(l.picture_height, picture.rgb.rows);
  const bool labelled = std::any_of(cells.begin(), cells.end(), [](const Cell& cell) { return !cell.label.empty(); });
  l.label_block = !labelled ? 0.6 * l.label : two_lines(cells) ? 3.3 * l.label : 2.3 * l.label;
  l.header = style.title.empty() ? l.margin : l.margin + 1.9 * l.title;
  l.footer = 1.8 * l.label + l.margin;
  const double height = l.header + l.rows * (l.picture_height + l.label_block) + (l.rows - 1) * 0.5 * l.gap + l.footer;
  l.size.height = static_cast<int>(std::ceil(height));
  return l;
}

/// One line in the given weight, made smaller where it would be wider than its place.
void fitted_text(const Canvas& canvas, Weight weight, double size_px, double width, const std::string& text, double x,
                 double y) {
  canvas.font(weight, size_px);
  const double wanted = canvas.text_width(text);
  if (wanted > width) canvas.font(weight, size_px * width / wanted);
  canvas.text(text, x, y);
}

void draw_cell(const Canvas& canvas, const Layout& l, const Photo& picture, const std::string& label, cv::Point at) {
  canvas.picture(picture.rgb, {at.x, at.y + l.picture_height - picture.rgb.rows}, 0.014 * l.cell_width);
  const size_t cut = label.find('\n');
  const double baseline = at.y + l.picture_height + 1.45 * l.label;
  canvas.use(dark);
  fitted_text(canvas, Weight::semibold, l.label, l.cell_width, label.substr(0, cut), at.x, baseline);
  if (cut == std::string::npos) return;
  canvas.use(muted);
  fitted_text(canvas, Weight::regular, l.sub_label, l.cell_width, label.substr(cut + 1), at.x,
              baseline + 1.15 * l.label);
}

void draw_footer(const Canvas& canvas, const Layout& l, const std::string& footer) {
  const double width = l.size.width - 2 * l.margin, y = l.size.height - l.margin + 0.1 * l.label;
  canvas.use(rule);
  cairo_rectangle(canvas.context(), l.margin, std::round(y - 1.75 * l.label), width, std::max(1.0, l.label / 20));
  cairo_fill(canvas.context());
  canvas.use(muted);
  canvas.font(Weight::medium, l.sub_label);
  const double own = canvas.text_width(disclaimer);
  canvas.text(disclaimer, l.margin + width - own, y);
  if (!footer.empty()) fitted_text(canvas, Weight::regular, l.sub_label, width - own - l.label, footer, l.margin, y);
}

}  // namespace

int sheet_columns(size_t pictures, const SheetStyle& style) {
  const int count = static_cast<int>(pictures), rows = std::max(1, (count + style.columns - 1) / style.columns);
  return std::max(1, (count + rows - 1) / rows);
}

Photo contact_sheet(const std::vector<Cell>& cells, const SheetStyle& style) {
  std::vector<Photo> pictures;
  for (const Cell& cell : cells) pictures.push_back(scaled_to_width(cell.picture, style.cell_width_px));
  const Layout l = lay_out(cells, pictures, style);
  const Canvas canvas(l.size, tint);
  if (!style.title.empty()) {
    canvas.use(dark);
    fitted_text(canvas, Weight::semibold, l.title, l.size.width - 2 * l.margin, style.title, l.margin,
                l.margin + 0.85 * l.title);
  }
  for (int i = 0; i < static_cast<int>(cells.size()); ++i) {
    const int column = i % l.columns, row = i / l.columns;
    const double y = l.header + row * (l.picture_height + l.label_block + 0.5 * l.gap);
    draw_cell(canvas, l, pictures[static_cast<size_t>(i)], cells[static_cast<size_t>(i)].label,
              {l.margin + column * (l.cell_width + l.gap), static_cast<int>(std::lround(y))});
  }
  draw_footer(canvas, l, style.footer);
  return canvas.photo();
}

cv::Rect box_around(const cv::Rect& box, double margin, cv::Size photo) {
  const int dx = static_cast<int>(std::lround(margin * box.width)),
            dy = static_cast<int>(std::lround(margin * box.height));
  const cv::Rect wanted(box.x - dx, box.y - dy, box.width + 2 * dx, box.height + 2 * dy);
  const cv::Rect whole({0, 0}, photo), area = wanted & whole;
  return area.empty() ? whole : area;
}

Photo crop_around(const Photo& photo, const cv::Rect& box, double margin) {
  const cv::Rect area = box_around(box, margin, photo.size());
  Photo out = photo;
  out.rgb = photo.rgb(area).clone();
  if (!photo.alpha.empty()) out.alpha = photo.alpha(area).clone();
  return out;
}

}  // namespace stipple
