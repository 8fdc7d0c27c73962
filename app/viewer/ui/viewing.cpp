// How the treatment is looked at: from how far, in which light, with or without shine.
#include "app/viewer/ui/panels.h"
#include "app/viewer/ui/strings.h"
#include "app/viewer/ui/widgets.h"

namespace stipple {
namespace {

// Buttons in one row, of one width.
template <class Value, size_t count>
void row_of_choices(App& app, const char* id, Value& value, const std::pair<const char*, Value> (&choices)[count]) {
  const float gap = ImGui::GetStyle().ItemSpacing.x;
  const float width =
      (ImGui::GetContentRegionAvail().x - gap * static_cast<float>(count - 1)) / static_cast<float>(count);
  for (size_t i = 0; i < count; ++i) {
    if (i) ImGui::SameLine();
    if (choice_button(app, format("%s##%s", choices[i].first, id).c_str(), value == choices[i].second, {width, 0}))
      value = choices[i].second;
  }
}

}  // namespace

void viewing_choices(App& app) {
  ImGui::Separator();
  ImGui::TextDisabled("%s", tr(Text::seen_from));
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {0, ImGui::GetStyle().FramePadding.y});
  row_of_choices<double>(app, "distance", app.view.distance_m,
                         {{tr(Text::as_photo), 0.0}, {"0.3 m", 0.3}, {"1 m", 1.0}, {"3 m", 3.0}});
  ImGui::TextDisabled("%s", tr(Text::seen_in));
  row_of_choices<Light>(
      app, "light", app.view.light,
      {{tr(Text::as_photo), Light::photo}, {tr(Text::daylight), Light::daylight}, {tr(Text::indoor), Light::indoor}});
  ImGui::TextDisabled("%s", tr(Text::skin_finish));
  Settings settings = app.document.live();
  row_of_choices<double>(app, "matt", settings.pigment.matt, {{tr(Text::shiny), 0.0}, {tr(Text::matt), 1.0}});
  ImGui::PopStyleVar();
  if (!(settings == app.document.live())) {
    app.document.edit(settings);
    app.document.commit();
  }
  hint(app, tr(Text::viewing_hint));
}

}  // namespace stipple
