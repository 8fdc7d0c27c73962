// The window: what the worker published, the picture between its bars, the step's panel on the right.
#include "app/viewer/ui/app.h"

#include <algorithm>

#include "app/viewer/ui/canvas.h"
#include "app/viewer/ui/panels.h"
#include "app/viewer/ui/strings.h"
#include "app/viewer/ui/widgets.h"
#include "sim/core/error.h"

namespace stipple {
namespace {

constexpr double play_years_per_second = 0.8;

// The GPU owns what it draws; where it fails, the worker draws from then on.
void compose_after(App& app) {
  const Result& now = app.frame->result;
  if (now.deposit == app.composed.deposit && now.shaven == app.composed.shaven) return;
  app.after = {};
  app.composed = now;
  if (!app.frame->complete()) return;
  try {
    app.after = {now.before, app.textures.compose(now), now.before->size()};
  } catch (const Error& error) {
    app.textures.compose = {};
    app.worker.draw_pictures(true);
    app.worker.render(app.requested);
    app.worker.run([words = std::string(error.what())](Job&) { return words; });
  }
}

// Nothing finer than the eye resolves at that distance: one minute of arc.
void soften(const App& app) {
  if (!app.textures.soften) return;
  constexpr double minute_of_arc = 2.909e-4;
  const double px_per_mm = app.frame->result.head ? app.frame->result.head->scale.px_per_mm : 0;
  const double finest_px = app.view.distance_m * 1000 * minute_of_arc * px_per_mm;
  for (const Texture* texture : {&app.before, &app.after})
    if (texture->id) app.textures.soften(texture->id, std::max(1.0, finest_px));
  if (app.part.id) app.textures.soften(app.part.id, std::max(1.0, finest_px * app.frame->preview.excerpt.scale));
}

// Takes what the worker has published: another client, new textures.
void take_frame(App& app) {
  const bool rests = !app.worker.busy();  // before the frame is taken: what was opened is in it then
  app.frame = app.worker.frame();
  take_opened(app);
  if (rests) app.coming.reset();  // it was cancelled
  texture_of(app, app.before, app.frame->result.before);
  if (app.textures.compose)
    compose_after(app);
  else
    texture_of(app, app.after, app.frame->result.after);
  texture_of(app, app.part, app.frame->preview.picture);
  soften(app);
}

// While something is dragged or plays only what is in sight is drawn, as fine as the screen shows it; the whole picture
// follows once it rests. A GPU draws all of it in that time.
void send_edits(App& app) {
  if (!app.frame->result.before || app.coming) return;
  const bool moving = app.view.playing || ImGui::IsMouseDown(ImGuiMouseButton_Left);
  const bool edited = !(app.document.live() == app.requested);
  if (!edited && !(app.previewed && !moving)) return;
  if (edited) app.removed_last = false;
  app.requested = app.document.live();
  app.previewed = moving && !app.textures.compose && app.frame->ready() && app.view.compare != Compare::grid &&
                  !app.view.in_sight.area_px.empty();
  if (app.previewed)
    app.worker.render(app.requested, app.view.in_sight);
  else
    app.worker.render(app.requested);
}

void draw_mark(float scale, ImVec2 max) {
  const char* words = tr(Text::simulation);
  const ImVec2 text = ImGui::CalcTextSize(words);
  const float pad = 7 * scale;
  const ImVec2 b{max.x - 10 * scale, max.y - 10 * scale}, a{b.x - text.x - 2 * pad, b.y - text.y - pad};
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(a, b, IM_COL32(0, 0, 0, 120), pad);
  list.AddText({a.x + pad, a.y + pad / 2}, IM_COL32(255, 255, 255, 220), words);
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
  const float strip = strip_width(app);
  draw_canvas(app, {strip, bar}, {size.x - panel, size.y - bar});
  draw_strip(app, {0, bar}, {strip, size.y - bar});
  if (shows_after(app) && app.view.compare != Compare::grid) draw_mark(scale, {size.x - panel, size.y - bar});
  ImGui::SetCursorPos({14 * scale, size.y - bar + 12 * scale});
  draw_compare_bar(app);
  ImGui::SetCursorPos({size.x - panel, bar});
  ImGui::BeginChild("panel", {panel, size.y - bar}, false, ImGuiWindowFlags_AlwaysUseWindowPadding);
  draw_step_panel(app);
  ImGui::EndChild();
  if (app.view.compare == Compare::grid && compare_before != Compare::grid) app.worker.make_grid(grid_cells(app));
}

}  // namespace

App::App(const std::function<void()>& wake, TextureStore store, const std::filesystem::path& state_folder)
    : worker(wake), textures(std::move(store)), thumbnails(wake), session(state_folder) {
  worker.draw_pictures(!textures.compose);
  leftovers = session.leftovers();
}

App::~App() {
  // Closing the window loses nothing: what was not saved is offered at the next start.
  if (frame) keep_work(*this, 0);
  if (before.id) textures.release(before.id);
  if (part.id) textures.release(part.id);
  if (after.id && !textures.compose) textures.release(after.id);
  for (auto* shown_textures : {&cells, &thumbnail_textures, &strip_textures})
    for (auto& [photo, texture] : *shown_textures)
      if (texture.id) textures.release(texture.id);
  for (Texture& texture : swatch_textures)
    if (texture.id) textures.release(texture.id);
}

bool keeping_due(const App& app) { return app.session.waiting(); }

bool draw(App& app, ImVec2 size) {
  take_frame(app);
  app.view.time_s += static_cast<double>(ImGui::GetIO().DeltaTime);
  const Compare compare_before = app.view.compare;
  handle_keys(app);
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
    if (shows_after(app)) draw_mark(app.view.scale, size);
    if (ImGui::IsKeyPressed(ImGui::GetKeyIndex(ImGuiKey_Escape))) app.view.client_mode = false;
  } else {
    draw_controls(app, size, compare_before);
  }
  ImGui::End();
  draw_browser(app, size);
  draw_leftovers(app, size);
  draw_unlocking(app, size);
  send_edits(app);
  keep_work(app);
  return app.view.playing || app.view.compare == Compare::blink || app.worker.busy();
}

}  // namespace stipple
