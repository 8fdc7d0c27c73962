// The bars around the picture: steps along the top, compare modes and progress along the bottom; and the keys.
#include "app/viewer/ui/canvas.h"
#include "app/viewer/ui/panels.h"
#include "app/viewer/ui/strings.h"
#include "app/viewer/ui/widgets.h"

namespace stipple {

void handle_keys(App& app) {
  const ImGuiIO& io = ImGui::GetIO();
  if (io.WantTextInput) return;
  const auto pressed = [](char key) { return ImGui::IsKeyPressed(key); };
  if (io.KeyCtrl && pressed('Z')) io.KeyShift ? void(app.document.redo()) : undo(app);
  if (io.KeyCtrl && pressed('Y')) app.document.redo();
  if (io.KeyCtrl && pressed('O')) app.view.browsing = true;
  if (io.KeyCtrl && pressed('Q')) app.view.quit = true;
  if (io.KeyCtrl && pressed('S') && app.frame->complete()) save_project(app);
  if (io.KeyCtrl) return;
  for (int i = 0; i < 7; ++i) {
    if (pressed(static_cast<char>('1' + i))) app.view.step = static_cast<Step>(i);
  }
  static constexpr std::pair<char, Compare> modes[] = {{'A', Compare::after},
                                                       {'W', Compare::wipe},
                                                       {'D', Compare::side_by_side},
                                                       {'B', Compare::blink},
                                                       {'G', Compare::grid}};
  for (const auto& [key, mode] : modes) {
    if (pressed(key)) app.view.compare = mode;
  }
  if (pressed('F')) app.view.client_mode = !app.view.client_mode;
  if (pressed('L')) app.view.loupe = !app.view.loupe;
  if (pressed('0')) app.view.zoom = 0;
  if (pressed('[')) app.view.brush_radius = std::max(least_brush, app.view.brush_radius / 1.25);
  if (pressed(']')) app.view.brush_radius = std::min(most_brush, app.view.brush_radius * 1.25);
}

void draw_steps(App& app, float width) {
  static constexpr std::pair<const char*, Text> steps[] = {
      {icon::photo, Text::step_photo},   {icon::scalp, Text::step_scalp}, {icon::hairline, Text::step_hairline},
      {icon::finish, Text::step_finish}, {icon::shade, Text::step_shade}, {icon::years, Text::step_years},
      {icon::share, Text::step_share}};
  const float gap = ImGui::GetStyle().ItemSpacing.x, tools = 4 * (ImGui::GetFrameHeight() + gap);
  const float each = (width - tools - 7 * gap) / 7;
  for (int i = 0; i < 7; ++i) {
    if (i) ImGui::SameLine();
    const std::string label = format("%s  %s##step%d", steps[i].first, tr(steps[i].second), i);
    if (choice_button(app, label.c_str(), app.view.step == static_cast<Step>(i), {each, 0}))
      app.view.step = static_cast<Step>(i);
  }
  const auto tool = [&](const char* symbol, Text words, bool enabled) {
    ImGui::SameLine();
    ImGui::BeginDisabled(!enabled);
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {0, ImGui::GetStyle().FramePadding.y});
    const bool pressed = ImGui::Button(symbol, {ImGui::GetFrameHeight(), 0});
    ImGui::PopStyleVar();
    ImGui::EndDisabled();
    if (ImGui::IsItemHovered(ImGuiHoveredFlags_AllowWhenDisabled)) ImGui::SetTooltip("%s", tr(words));
    return pressed;
  };
  if (tool(icon::undo, Text::undo, can_undo(app))) undo(app);
  if (tool(icon::redo, Text::redo, app.document.can_redo())) app.document.redo();
  if (tool(icon::theme, Text::theme, true)) {
    app.view.dark = !app.view.dark;
    apply_theme(app.view.dark, app.view.scale);
  }
  if (tool(icon::fullscreen, Text::client_mode, true)) app.view.client_mode = true;
}

void draw_compare_bar(App& app) {
  static constexpr std::pair<Text, Compare> modes[] = {{Text::compare_wipe, Compare::wipe},
                                                       {Text::compare_side, Compare::side_by_side},
                                                       {Text::compare_blink, Compare::blink},
                                                       {Text::compare_after, Compare::after},
                                                       {Text::compare_grid, Compare::grid}};
  for (const auto& [words, mode] : modes) {
    if (mode != Compare::wipe) ImGui::SameLine();
    if (choice_button(app, format("%s##mode", tr(words)).c_str(), app.view.compare == mode)) app.view.compare = mode;
  }
  if (app.view.compare == Compare::grid) {
    static constexpr std::pair<Text, Grid> grids[] = {{Text::grid_shades_years, Grid::shades_years},
                                                      {Text::grid_finishes, Grid::finishes_shades},
                                                      {Text::grid_hairlines, Grid::hairlines}};
    for (const auto& [words, grid] : grids) {
      ImGui::SameLine(0, grid == Grid::shades_years ? 30 : -1);
      if (choice_button(app, tr(words), app.view.grid == grid)) {
        app.view.grid = grid;
        app.worker.make_grid(grid_cells(app));
      }
    }
  } else {
    ImGui::SameLine(0, 30);
    if (ImGui::Button(tr(Text::fit))) app.view.zoom = 0;
    ImGui::SameLine();
    if (choice_button(app, tr(Text::loupe), app.view.loupe)) app.view.loupe = !app.view.loupe;
  }
  const Progress progress = app.worker.progress();
  if (progress.stage.empty()) {
    if (!app.frame->error.empty())
      ImGui::SameLine(), ImGui::TextColored(ImGui::ColorConvertU32ToFloat4(palette(app.view.dark).warning), "%s",
                                            app.frame->error.c_str());
    return;
  }
  ImGui::SameLine();
  ImGui::ProgressBar(static_cast<float>(progress.fraction), {160 * app.view.scale, 0}, progress.stage.c_str());
  ImGui::SameLine();
  if (ImGui::Button(tr(Text::cancel))) app.worker.cancel();
}

}  // namespace stipple
