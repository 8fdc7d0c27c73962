#include "app/viewer/ui/panels.h"

#include <algorithm>
#include <cmath>

#include "app/viewer/ui/canvas.h"
#include "app/viewer/ui/strings.h"
#include "app/viewer/ui/widgets.h"

namespace stipple {
namespace {

void photo_panel(App& app) {
  hint(app, tr(Text::hint_photo));
  if (ImGui::Button(format("%s  %s", icon::folder, tr(Text::open_photo)).c_str(), {-1, 0})) app.view.browsing = true;
  ImGui::BeginDisabled(app.now.photos.empty());
  if (ImGui::Button(format("%s  %s", icon::photo, tr(Text::add_photo)).c_str(), {-1, 0}))
    app.view.browsing = app.view.adding = true;
  ImGui::EndDisabled();
  const std::vector<std::string> recent = app.session.recent();
  if (!recent.empty()) ImGui::TextDisabled("%s", tr(Text::recent));
  for (const std::string& path : recent) {
    if (ImGui::Selectable(std::filesystem::path(path).filename().string().c_str(), path == app.frame->path))
      open_path(app, path);
    if (ImGui::IsItemHovered()) ImGui::SetTooltip("%s", path.c_str());
  }
  ImGui::Separator();
  fact(app, tr(Text::drawn_by), tr(app.textures.compose ? Text::by_gpu : Text::by_cpu));
}

}  // namespace

void draw_checks(const App& app) {
  ImGui::Separator();
  ImGui::TextDisabled("%s", tr(Text::checks));
  if (app.frame->result.checks.empty()) hint(app, tr(Text::no_checks));
  for (const RuleCheck& check : app.frame->result.checks) {
    const bool warning = check.severity == Severity::warning;
    ImGui::PushStyleColor(ImGuiCol_Text, warning ? palette(app.view.dark).warning : palette(app.view.dark).text_soft);
    ImGui::PushTextWrapPos(0);
    ImGui::Text("%s %s", warning ? icon::alert : icon::eye, check.reason.c_str());
    ImGui::PopTextWrapPos();
    ImGui::PopStyleColor();
  }
}

namespace {

// Where the temple corners are, as consultants say it.
void corner_facts(const App& app, const std::vector<TempleCorner>& corners) {
  for (const TempleCorner& corner : corners) {
    fact(app, tr(corner.left ? Text::corner_left : Text::corner_right), format("%.0f\xC2\xB0", corner.corner_degrees));
    fact(app, "", lean_words(corner));
  }
}

void hairline_panel(App& app) {
  hint(app, tr(Text::hint_hairline));
  field_choices(app, "hairline", 2);
  ImGui::Checkbox(tr(Text::mirror), &app.view.mirror);
  field_slider(app, "mid_frontal_height", tr(Text::line_height));
  field_slider(app, "temple_recession");
  field_slider(app, "transition");
  if (!app.document.live().plan.line_points.empty() && ImGui::Button(tr(Text::reset_line), {-1, 0})) {
    Settings settings = app.document.live();
    settings.plan.line_points.clear();
    app.document.edit(settings);
    app.document.commit();
  }
  if (app.frame->result.plan) {
    corner_facts(app, app.frame->result.plan->corners);
    draw_checks(app);
  }
  more_settings(app, "plan");
}

// Exports are named beside the photo and run in the worker, through the same engine calls as the command line.
void share_panel(App& app) {
  hint(app, tr(Text::hint_share));
  using Export = std::string (*)(const Frame&, const std::string&, Job&);
  static constexpr struct {
    Text words;
    const char* suffix;
    Export write;
  } exports[] = {{Text::save_picture, "-after.png", export_picture},
                 {Text::save_pair, "-before-after.png", export_pair},
                 {Text::save_sheet, "-shades.png", export_sheet},
                 {Text::save_film, "-years.webp", export_film},
                 {Text::save_report, "-report.pdf", export_report}};
  const std::shared_ptr<const Frame> frame = app.frame;
  ImGui::BeginDisabled(!frame->complete() || app.worker.running());
  for (const auto& each : exports) {
    if (!ImGui::Button(tr(each.words), {-1, 0})) continue;
    app.worker.run([frame, write = each.write, path = beside_photo(*frame, each.suffix)](Job& job) {
      return write(*frame, path, job);
    });
  }
  ImGui::Separator();
  if (ImGui::Button(format("%s  %s", icon::save, tr(Text::save_project)).c_str(), {-1, 0}))
    app.worker.run([message = save_project(app)](Job&) { return message; });
  ImGui::EndDisabled();
  ImGui::PushTextWrapPos(0);
  ImGui::TextUnformatted(app.worker.status().c_str());
  ImGui::PopTextWrapPos();
}

}  // namespace

void draw_step_panel(App& app) {
  static constexpr Text titles[] = {Text::step_photo, Text::step_scalp, Text::step_hairline, Text::step_finish,
                                    Text::step_shade, Text::step_years, Text::step_share};
  static constexpr void (*panels[])(App&) = {photo_panel, scalp_panel, hairline_panel, finish_panel,
                                             shade_panel, years_panel, share_panel};
  heading(app, tr(titles[static_cast<size_t>(app.view.step)]));
  panels[static_cast<size_t>(app.view.step)](app);
}

}  // namespace stipple
