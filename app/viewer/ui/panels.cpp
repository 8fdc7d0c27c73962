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
  ImGui::BeginDisabled(app.photos.empty());
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

void draw_checks(const App& app) {
  const Plan& plan = *app.frame->result.plan;
  ImGui::Separator();
  ImGui::TextDisabled("%s", tr(Text::checks));
  if (plan.checks.empty()) hint(app, tr(Text::no_checks));
  for (const RuleCheck& check : plan.checks) {
    const bool warning = check.severity == Severity::warning;
    ImGui::PushStyleColor(ImGuiCol_Text, warning ? palette(app.view.dark).warning : palette(app.view.dark).text_soft);
    ImGui::PushTextWrapPos(0);
    ImGui::Text("%s %s", warning ? icon::alert : icon::eye, check.reason.c_str());
    ImGui::PopTextWrapPos();
    ImGui::PopStyleColor();
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
  if (app.frame->result.plan) draw_checks(app);
  more_settings(app, "plan");
}

void finish_panel(App& app) {
  hint(app, tr(Text::hint_finish));
  field_choices(app, "finish", 2);
  field_slider(app, "density", tr(Text::density));
  if (app.frame->result.plan) {
    const Estimates& e = app.frame->result.plan->estimates;
    fact(app, tr(Text::treated_area),
         format("%.0f \xC2\xB1 %.0f cm\xC2\xB2", e.treated_area_cm2, e.treated_area_error_cm2));
    fact(app, tr(Text::dots), format("%.0f", e.dots_total));
    fact(app, tr(Text::minutes),
         format("%.0f / %.0f / %.0f", e.minutes_per_session[0], e.minutes_per_session[1], e.minutes_per_session[2]));
    for (const std::string& note : app.frame->result.notes) hint(app, note.c_str());
    draw_checks(app);
  }
  more_settings(app, "field");
}

/// The chosen shade, or the advised one where none is chosen.
double shown_parts_water(const App& app) {
  const double chosen = app.document.live().pigment.shade_parts_water;
  const double drawn =
      app.frame && app.frame->result.parts_water > 0 ? app.frame->result.parts_water : usual_parts_water;
  return chosen > 0 ? chosen : drawn;
}

void shade_panel(App& app) {
  hint(app, tr(Text::hint_shade));
  const float width = ImGui::GetContentRegionAvail().x, height = 44 * app.view.scale, round = 8 * app.view.scale;
  const Rgb skin = app.frame->result.head ? app.frame->result.head->skin.scalp : SkinColour{}.scalp;
  const Settings& live = app.document.live();
  const ImVec2 sample{height * 1.6F, height};
  const auto& pictures = app.swatches.get(skin, live.plan.density_per_cm2, live.pigment,
                                          {static_cast<int>(sample.x), static_cast<int>(sample.y)});
  const std::vector<Shade>& ladder = shade_ladder();
  for (size_t i = 0; i < ladder.size(); ++i) {
    const Shade& shade = ladder[i];
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const bool chosen = std::abs(std::log(shown_parts_water(app) / shade.parts_water)) < 0.05;
    ImGui::PushID(shade.name.c_str());
    const bool pressed = ImGui::InvisibleButton("swatch", {width, height});
    const bool hovered = ImGui::IsItemHovered();
    ImGui::PopID();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    app.swatch_textures.resize(ladder.size());
    list.AddImageRounded(texture_of(app, app.swatch_textures[i], pictures[i]).id, at,
                         {at.x + sample.x, at.y + sample.y}, {0, 0}, {1, 1}, IM_COL32_WHITE, round);
    if (chosen || hovered)
      list.AddRect(at, {at.x + width, at.y + height}, palette(app.view.dark).accent, round, 0,
                   (chosen ? 2.5F : 1.0F) * app.view.scale);
    const float baseline = at.y + (height - ImGui::GetFontSize()) / 2;
    list.AddText({at.x + sample.x + 12 * app.view.scale, baseline}, palette(app.view.dark).text,
                 label_of(shade.name).c_str());
    const std::string dilution = format("%.0f:1", shade.parts_water);
    list.AddText({at.x + width - ImGui::CalcTextSize(dilution.c_str()).x - 10 * app.view.scale, baseline},
                 palette(app.view.dark).text_soft, dilution.c_str());
    if (pressed) {
      Settings settings = live;
      settings.pigment.shade_parts_water = shade.parts_water;
      app.document.edit(settings);
      app.document.commit();
    }
  }
  more_settings(app, "pigment");
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
  ImGui::BeginDisabled(!frame->ready() || app.worker.running());
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
