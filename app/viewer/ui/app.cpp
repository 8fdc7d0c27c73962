// The window's frame: steps along the top, the picture, the step's panel on the right, compare modes below.
#include "app/viewer/ui/app.h"

#include <algorithm>

#include "app/viewer/ui/canvas.h"
#include "app/viewer/ui/panels.h"
#include "app/viewer/ui/strings.h"
#include "app/viewer/ui/widgets.h"

namespace stipple {
namespace {

constexpr double play_years_per_second = 0.8;

// Takes what the worker has published: new textures, and the settings of a project that was opened.
void take_frame(App& app) {
  app.frame = app.worker.frame();
  if (app.frame->generation != app.generation) {
    app.generation = app.frame->generation;
    app.document.reset(app.frame->settings);
    app.requested = app.frame->settings;
    app.view.zoom = 0;
    if (app.frame->result.before && app.view.step == Step::photo) app.view.step = Step::scalp;
  }
  texture_of(app, app.before, app.frame->result.before);
  texture_of(app, app.after, app.frame->result.after);
}

void send_edits(App& app) {
  if (app.document.live() == app.requested || !app.frame->result.before) return;
  app.requested = app.document.live();
  app.worker.render(app.requested);
}

void keyboard(App& app) {
  const ImGuiIO& io = ImGui::GetIO();
  if (io.WantTextInput) return;
  const auto pressed = [](char key) { return ImGui::IsKeyPressed(key); };
  if (io.KeyCtrl && pressed('Z')) io.KeyShift ? app.document.redo() : app.document.undo();
  if (io.KeyCtrl && pressed('Y')) app.document.redo();
  if (io.KeyCtrl && pressed('O')) app.view.browsing = true;
  if (io.KeyCtrl && pressed('S') && app.frame->result.after) {
    const std::filesystem::path photo(app.frame->path);
    save_project(app, app.project_path.empty() ? (photo.parent_path() / (photo.stem().string() + ".stipple")).string()
                                               : app.project_path);
  }
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
  if (tool(icon::undo, Text::undo, app.document.can_undo())) app.document.undo();
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

void draw_mark(const App& app, ImVec2 max) {
  const char* words = tr(Text::simulation);
  const ImVec2 text = ImGui::CalcTextSize(words);
  ImGui::GetWindowDrawList()->AddText({max.x - text.x - 16, max.y - text.y - 12}, IM_COL32(255, 255, 255, 170), words);
  (void)app;
}

void play(App& app) {
  if (!app.view.playing || app.worker.busy()) return;
  Settings settings = app.document.live();
  settings.pigment.years +=
      play_years_per_second * std::min(0.25, static_cast<double>(ImGui::GetIO().DeltaTime) + app.frame->seconds);
  if (settings.pigment.years > 10) settings.pigment.years = 0;
  app.document.edit(settings);
}

void draw_controls(App& app, ImVec2 size, Compare compare_before) {
  const float scale = app.view.scale, panel = 340 * scale, bar = ImGui::GetFrameHeight() + 24 * scale;
  ImGui::SetCursorPos({14 * scale, 12 * scale});
  draw_steps(app, size.x - 28 * scale);
  draw_canvas(app, {0, bar}, {size.x - panel, size.y - bar});
  if (app.after.id && app.view.compare != Compare::grid) draw_mark(app, {size.x - panel, size.y - bar});
  ImGui::SetCursorPos({14 * scale, size.y - bar + 12 * scale});
  draw_compare_bar(app);
  ImGui::SetCursorPos({size.x - panel, bar});
  ImGui::BeginChild("panel", {panel, size.y - bar}, false, ImGuiWindowFlags_AlwaysUseWindowPadding);
  draw_step_panel(app);
  ImGui::EndChild();
  if (app.view.compare == Compare::grid && compare_before != Compare::grid) app.worker.make_grid(grid_cells(app));
}

}  // namespace

App::~App() {
  for (Texture* texture : {&before, &after}) {
    if (texture->id) textures.release(texture->id);
  }
  for (auto& [photo, texture] : cells) {
    if (texture.id) textures.release(texture.id);
  }
}

void open_path(App& app, const std::string& path) {
  app.view.browsing = false;
  std::erase(app.recent, path);
  app.recent.insert(app.recent.begin(), path);
  if (app.recent.size() > 8) app.recent.resize(8);
  app.project_path = std::filesystem::path(path).extension() == ".stipple" ? path : "";
  app.worker.open(path, app.document.live());
}

bool draw(App& app, ImVec2 size) {
  take_frame(app);
  app.view.time_s += static_cast<double>(ImGui::GetIO().DeltaTime);
  const Compare compare_before = app.view.compare;
  keyboard(app);
  play(app);
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize(size);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 0);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
  ImGui::Begin("main", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoBringToFrontOnFocus |
                   ImGuiWindowFlags_NoSavedSettings);
  ImGui::PopStyleVar(2);
  if (app.view.client_mode) {
    draw_canvas(app, {0, 0}, size);
    if (app.after.id) draw_mark(app, size);
    if (ImGui::IsKeyPressed(ImGui::GetKeyIndex(ImGuiKey_Escape))) app.view.client_mode = false;
  } else {
    draw_controls(app, size, compare_before);
  }
  ImGui::End();
  draw_browser(app, size);
  send_edits(app);
  return app.view.playing || app.view.compare == Compare::blink || app.worker.busy();
}

}  // namespace stipple
