// The comparison grid: shades x years, finishes x shades, or hairlines, on the client's own photo; click to choose.
#include <algorithm>
#include <cmath>

#include "app/viewer/ui/canvas.h"
#include "app/viewer/ui/strings.h"
#include "app/viewer/ui/widgets.h"

namespace stipple {
namespace {

struct Layout {
  int columns = 1, rows = 1;
  ImVec2 cell;
};

Layout layout(size_t cells, int columns, ImVec2 area) {
  Layout result{
      columns, static_cast<int>((cells + static_cast<size_t>(columns) - 1) / static_cast<size_t>(columns)), {}};
  result.cell = {area.x / static_cast<float>(result.columns), area.y / static_cast<float>(std::max(1, result.rows))};
  return result;
}

int columns_of(Grid grid) { return grid == Grid::hairlines ? 4 : grid == Grid::finishes_shades ? 3 : 4; }

// Three neighbours of the chosen shade on the ladder.
std::vector<Shade> shades_around(double parts_water) {
  const std::vector<Shade>& ladder = shade_ladder();
  size_t nearest = 0;
  for (size_t i = 0; i < ladder.size(); ++i) {
    if (std::abs(std::log(ladder[i].parts_water / parts_water)) <
        std::abs(std::log(ladder[nearest].parts_water / parts_water)))
      nearest = i;
  }
  const size_t first = std::min(nearest > 0 ? nearest - 1 : 0, ladder.size() - std::min<size_t>(3, ladder.size()));
  return {ladder.begin() + static_cast<std::ptrdiff_t>(first),
          ladder.begin() + static_cast<std::ptrdiff_t>(std::min(first + 3, ladder.size()))};
}

bool draw_cell(App& app, const GridCell& cell, ImVec2 min, ImVec2 size, bool chosen) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float pad = 5 * app.view.scale, label_height = ImGui::GetFontSize() + pad;
  const ImVec2 a{min.x + pad, min.y + pad}, b{min.x + size.x - pad, min.y + size.y - pad - label_height};
  ImGui::SetCursorScreenPos(min);
  ImGui::PushID(cell.label.c_str());
  const bool pressed = ImGui::InvisibleButton("cell", {std::max(1.0F, size.x), std::max(1.0F, size.y)});
  const bool hovered = ImGui::IsItemHovered();
  ImGui::PopID();
  if (cell.picture && b.x > a.x && b.y > a.y) {
    const Texture& texture = texture_of(app, app.cells[cell.picture.get()], cell.picture);
    const float zoom = std::min((b.x - a.x) / static_cast<float>(texture.size.width),
                                (b.y - a.y) / static_cast<float>(texture.size.height));
    const ImVec2 half{zoom * static_cast<float>(texture.size.width) / 2,
                      zoom * static_cast<float>(texture.size.height) / 2};
    const ImVec2 middle{(a.x + b.x) / 2, (a.y + b.y) / 2};
    list.AddImageRounded(texture.id, {middle.x - half.x, middle.y - half.y}, {middle.x + half.x, middle.y + half.y},
                         {0, 0}, {1, 1}, IM_COL32_WHITE, 8 * app.view.scale);
  } else {
    list.AddRectFilled(a, b, palette(app.view.dark).line, 8 * app.view.scale);
  }
  if (chosen || hovered)
    list.AddRect(a, b, palette(app.view.dark).accent, 8 * app.view.scale, 0, (chosen ? 3.0F : 1.5F) * app.view.scale);
  const ImVec2 words = ImGui::CalcTextSize(cell.label.c_str());
  list.AddText({(a.x + b.x - words.x) / 2, b.y + pad / 2}, palette(app.view.dark).text, cell.label.c_str());
  return pressed;
}

}  // namespace

std::vector<GridCell> grid_cells(const App& app) {
  std::vector<GridCell> cells;
  const Settings base = app.document.live();
  const auto add = [&](const Settings& settings, std::string label) {
    cells.push_back({settings, std::move(label), nullptr});
  };
  if (app.view.grid == Grid::hairlines) {
    for (size_t i = 0; i < hairline_names.size(); ++i) {
      Settings settings = base;
      settings.plan.hairline = static_cast<Hairline>(i);
      settings.plan.line_points.clear();
      add(settings, label_of(hairline_names[i]));
    }
    return cells;
  }
  for (const Shade& shade : shades_around(app.frame->result.parts_water)) {
    Settings settings = base;
    settings.pigment.shade_parts_water = shade.parts_water;
    if (app.view.grid == Grid::shades_years) {
      for (const double years : {0.1, 1.0, 3.0, 5.0}) {
        settings.pigment.years = years;
        add(settings, years < 0.5 ? format("%s, %s", shade.name.c_str(), tr(Text::healed))
                                  : format("%s, %.0f y", shade.name.c_str(), years));
      }
    } else {
      for (const Finish finish : {Finish::shaven, Finish::density, Finish::patches}) {
        settings.plan.finish = finish;
        add(settings,
            format("%s, %s", shade.name.c_str(), std::string(finish_names[static_cast<size_t>(finish)]).c_str()));
      }
    }
  }
  return cells;
}

void draw_grid(App& app, ImVec2 min, ImVec2 max) {
  const std::vector<GridCell> cells = app.worker.grid();
  if (cells.empty()) {
    if (app.frame->ready()) app.worker.make_grid(grid_cells(app));
    return;
  }
  const Layout grid = layout(cells.size(), columns_of(app.view.grid), {max.x - min.x, max.y - min.y});
  for (size_t i = 0; i < cells.size(); ++i) {
    const int column = static_cast<int>(i) % grid.columns, row = static_cast<int>(i) / grid.columns;
    const ImVec2 at{min.x + grid.cell.x * static_cast<float>(column), min.y + grid.cell.y * static_cast<float>(row)};
    if (draw_cell(app, cells[i], at, grid.cell, cells[i].settings == app.document.live())) {
      app.document.edit(cells[i].settings);
      app.document.commit();
    }
  }
  // Textures of pictures that left the grid are given back.
  std::erase_if(app.cells, [&](auto& entry) {
    const bool gone = std::none_of(cells.begin(), cells.end(),
                                   [&](const GridCell& cell) { return cell.picture.get() == entry.first; });
    if (gone && entry.second.id) app.textures.release(entry.second.id);
    return gone;
  });
}

}  // namespace stipple
