// What was found on the photo, and the tools to put it right.
#include <algorithm>

#include "app/viewer/ui/brushes.h"
#include "app/viewer/ui/panels.h"
#include "app/viewer/ui/strings.h"
#include "app/viewer/ui/widgets.h"

namespace stipple {
namespace {

// Notes name the command line's way beside the window's.
std::string for_the_window(std::string note) {
  for (const std::string_view part : {" in the viewer", " or give --set labels=LABELS.png"})
    if (const size_t at = note.find(part); at != note.npos) note.erase(at, part.size());
  return note;
}

void facts(App& app, const Head& head) {
  fact(app, tr(Text::view), label_of(view_names[static_cast<size_t>(head.view)]));
  fact(app, tr(Text::confidence), format("%.0f %%", 100 * head.confidence));
  fact(app, tr(Text::scale),
       format("%.2f px/mm \xC2\xB1 %.0f %%", head.scale.px_per_mm, 100 * head.scale.relative_error));
  fact(app, "", tr(Text::scale_from) + head.scale.source);
  fact(app, tr(Text::scalp_area), format("%.0f cm\xC2\xB2", head.scalp_area_cm2));
  const std::string& type = app.frame->result.advice.skin_type;
  fact(app, tr(Text::skin_tone), format("%s ITA %.0f\xC2\xB0", type.c_str(), head.skin.ita_degrees));
}

bool tool_button(App& app, const char* symbol, Text words, bool chosen, float width) {
  return choice_button(app, format("%s  %s", symbol, tr(words)).c_str(), chosen, {width, 0});
}

void brushes(App& app) {
  static constexpr std::pair<Text, Brush> choices[] = {{Text::brush_scalp, Brush::scalp},
                                                       {Text::brush_hair, Brush::hair},
                                                       {Text::brush_skin, Brush::skin},
                                                       {Text::brush_background, Brush::background}};
  ImGui::TextDisabled("%s", tr(Text::brush));
  brush_choices(app, Tool::brush, &ViewState::brush, choices);
}

}  // namespace

void scalp_panel(App& app) {
  hint(app, tr(Text::hint_scalp));
  const std::shared_ptr<const Head>& head = app.frame->result.head;
  if (head && head->found) facts(app, *head);
  if (head)
    for (const std::string& note : head->notes) hint(app, for_the_window(note).c_str());
  ImGui::Separator();
  ImGui::Checkbox(tr(Text::show_overlay), &app.view.overlay);
  ImGui::BeginDisabled(!head);
  brushes(app);
  if (tool_button(app, icon::ruler, Text::ruler, app.view.tool == Tool::ruler, -1)) choose_tool(app, Tool::ruler);
  if (app.view.tool == Tool::ruler) {
    hint(app, tr(Text::ruler_hint));
    float mm = static_cast<float>(app.view.ruler_mm);
    if (ImGui::InputFloat(tr(Text::ruler_length), &mm, 0, 0, "%.1f mm"))
      app.view.ruler_mm = std::clamp(static_cast<double>(mm), 1.0, 400.0);
  }
  if (tool_button(app, icon::points, Text::points, app.view.tool == Tool::points, -1)) choose_tool(app, Tool::points);
  if (app.view.tool == Tool::points) hint(app, tr(Text::points_hint));
  ImGui::EndDisabled();
  reset_button(app, Text::reset_brush, &Settings::head, &HeadParams::corrections);
  reset_button(app, Text::reset_scale, &Settings::head, &HeadParams::marker);
  reset_button(app, Text::reset_points, &Settings::head, &HeadParams::landmarks);
}

}  // namespace stipple
