// Controls of what is drawn or stated by hand, the same in every step that has them.
#pragma once
#include <string>
#include <utility>

#include "app/viewer/ui/panels.h"
#include "app/viewer/ui/strings.h"
#include "app/viewer/ui/widgets.h"

namespace stipple {

/// What a brush does, in two columns: a click takes the tool with that choice, a second one lays it down. `kept` is
/// where the view keeps the choice.
template <class T, size_t N>
void brush_choices(App& app, Tool tool, T ViewState::*kept, const std::pair<Text, T> (&choices)[N]) {
  const float half = (ImGui::GetContentRegionAvail().x - ImGui::GetStyle().ItemSpacing.x) / 2;
  for (size_t i = 0; i < N; ++i) {
    const auto& [words, choice] = choices[i];
    if (i % 2) ImGui::SameLine();
    const bool chosen = app.view.tool == tool && app.view.*kept == choice;
    if (!choice_button(app, format("%s##brush", tr(words)).c_str(), chosen, {half, 0})) continue;
    if (chosen || app.view.tool != tool) choose_tool(app, tool);
    app.view.*kept = choice;
  }
  if (app.view.tool == tool) brush_size(app);
}

/// A button that takes back what was stated by hand; undo brings it again.
template <class Group>
void reset_button(App& app, Text words, Group Settings::*group, std::string Group::*stated) {
  if ((app.document.live().*group.*stated).empty() || !ImGui::Button(tr(words), {-1, 0})) return;
  Settings settings = app.document.live();
  (settings.*group.*stated).clear();
  app.document.edit(settings);
  app.document.commit();
}

}  // namespace stipple
