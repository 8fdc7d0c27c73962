// What the treatment is for, how dense, and where it is denser or left out.
#include <algorithm>

#include "app/viewer/ui/brushes.h"
#include "app/viewer/ui/panels.h"
#include "app/viewer/ui/strings.h"
#include "app/viewer/ui/widgets.h"

namespace stipple {
namespace {

void density_brushes(App& app) {
  static constexpr std::pair<Text, double> choices[] = {{Text::paint_half, 0.5},    {Text::paint_thinner, 0.75},
                                                        {Text::paint_denser, 1.25}, {Text::paint_densest, 1.5},
                                                        {Text::paint_nothing, 0.0}, {Text::paint_planned, 1.0}};
  ImGui::TextDisabled("%s", tr(Text::paint_density));
  brush_choices(app, Tool::density, &ViewState::density_factor, choices);
  reset_button(app, Text::reset_painted, &Settings::plan, &PlanParams::painted_density);
}

void estimates(const App& app) {
  const Estimates& e = app.frame->result.plan->estimates;
  fact(app, tr(Text::treated_area),
       format("%.0f \xC2\xB1 %.0f cm\xC2\xB2", e.treated_area_cm2, e.treated_area_error_cm2));
  fact(app, tr(Text::dots), format("%.0f", e.dots_total));
  fact(app, tr(Text::minutes),
       format("%.0f / %.0f / %.0f", e.minutes_per_session[0], e.minutes_per_session[1], e.minutes_per_session[2]));
}

}  // namespace

void choose_tool(App& app, Tool tool) {
  app.view.tool = app.view.tool == tool ? Tool::none : tool;
  app.view.ruler_points.clear();
  app.view.stroke_px.clear();
  app.view.dragged_landmark = -1;
}

void brush_size(App& app) {
  hint(app, tr(Text::brush_hint));
  const double px_per_mm = app.frame->result.head ? app.frame->result.head->scale.px_per_mm : 0;
  const double width_px = 2 * std::max(app.before.size.width, app.before.size.height);
  const double unit = px_per_mm > 0 ? width_px / px_per_mm : width_px;
  float shown = static_cast<float>(app.view.brush_radius * unit);
  fact(app, tr(Text::brush_size), format(px_per_mm > 0 ? "%.0f mm" : "%.0f px", static_cast<double>(shown)));
  if (slim_slider(app, "##size", shown, static_cast<float>(least_brush * unit), static_cast<float>(most_brush * unit),
                  true))
    app.view.brush_radius = std::clamp(static_cast<double>(shown) / unit, least_brush, most_brush);
}

void finish_panel(App& app) {
  hint(app, tr(Text::hint_finish));
  field_choices(app, "finish", 2);
  field_slider(app, "density", tr(Text::density));
  ImGui::BeginDisabled(!app.frame->result.head);
  density_brushes(app);
  ImGui::EndDisabled();
  if (app.frame->result.plan) {
    ImGui::Separator();
    estimates(app);
    for (const std::string& note : app.frame->result.notes) hint(app, sentence(note).c_str());
    draw_checks(app);
  }
  more_settings(app, "field");
}

}  // namespace stipple
