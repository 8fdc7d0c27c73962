#include "app/viewer/ui/panels.h"

#include <algorithm>
#include <cmath>

#include "app/viewer/ui/strings.h"
#include "app/viewer/ui/widgets.h"

namespace stipple {
namespace {

void photo_panel(App& app) {
  hint(app, tr(Text::hint_photo));
  if (ImGui::Button(format("%s  %s", icon::folder, tr(Text::open_photo)).c_str(), {-1, 0})) app.view.browsing = true;
  if (!app.recent.empty()) ImGui::TextDisabled("%s", tr(Text::recent));
  const std::vector<std::string> recent = app.recent;
  for (const std::string& path : recent) {
    if (ImGui::Selectable(std::filesystem::path(path).filename().string().c_str(), path == app.frame->path))
      open_path(app, path);
  }
}

void scalp_panel(App& app) {
  hint(app, tr(Text::hint_scalp));
  const std::shared_ptr<const Head>& head = app.frame->result.head;
  if (head) {
    fact(app, tr(Text::view), label_of(view_names[static_cast<size_t>(head->view)]));
    fact(app, tr(Text::confidence), format("%.0f %%", 100 * head->confidence));
    fact(app, tr(Text::scale),
         format("%.2f px/mm \xC2\xB1 %.0f %%", head->scale.px_per_mm, 100 * head->scale.relative_error));
    fact(app, "", head->scale.source);
    fact(app, tr(Text::scalp_area), format("%.0f cm2", head->scalp_area_cm2));
    fact(app, tr(Text::skin_tone), format("ITA %.0f\xC2\xB0", head->skin.ita_degrees));
    for (const std::string& note : head->notes) hint(app, note.c_str());
  }
  ImGui::Separator();
  ImGui::Checkbox(tr(Text::show_overlay), &app.view.overlay);
  if (choice_button(app, format("%s  %s", icon::ruler, tr(Text::ruler)).c_str(), app.view.ruler, {-1, 0})) {
    app.view.ruler = !app.view.ruler;
    app.view.ruler_points.clear();
  }
  if (app.view.ruler) {
    hint(app, tr(Text::ruler_hint));
    float mm = static_cast<float>(app.view.ruler_mm);
    if (ImGui::InputFloat(tr(Text::ruler_length), &mm, 0, 0, "%.1f mm"))
      app.view.ruler_mm = std::clamp(static_cast<double>(mm), 1.0, 400.0);
  }
  if (!app.document.live().head.marker.empty() && ImGui::Button(tr(Text::reset_scale), {-1, 0})) {
    Settings settings = app.document.live();
    settings.head.marker.clear();
    app.document.edit(settings);
    app.document.commit();
  }
}

void hairline_panel(App& app) {
  hint(app, tr(Text::hint_hairline));
  field_choices(app, "hairline", 2);
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
    const Plan& plan = *app.frame->result.plan;
    if (plan.mid_frontal_height_mm > 0) fact(app, tr(Text::line_height), format("%.0f mm", plan.mid_frontal_height_mm));
  }
  more_settings(app, "plan");
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

void finish_panel(App& app) {
  hint(app, tr(Text::hint_finish));
  field_choices(app, "finish", 2);
  field_slider(app, "density", tr(Text::density));
  if (app.frame->result.plan) {
    const Estimates& e = app.frame->result.plan->estimates;
    fact(app, tr(Text::treated_area), format("%.0f \xC2\xB1 %.0f cm2", e.treated_area_cm2, e.treated_area_error_cm2));
    fact(app, tr(Text::dots), format("%.0f", e.dots_total));
    fact(app, tr(Text::minutes),
         format("%.0f / %.0f / %.0f", e.minutes_per_session[0], e.minutes_per_session[1], e.minutes_per_session[2]));
    for (const std::string& note : app.frame->result.notes) hint(app, note.c_str());
    draw_checks(app);
  }
  more_settings(app, "field");
}

// A swatch: the client's own skin with the shade's darkening over a plateau of dots.
ImU32 swatch_colour(const App& app, double parts_water) {
  const Rgb skin = app.frame->result.head ? app.frame->result.head->skin.scalp : Rgb(0.45, 0.28, 0.2);
  const double cover = 0.55 * std::pow(6.0 / (parts_water + 2), 0.6);
  const Rgb shown = skin * (1 - cover) + Rgb(0.03, 0.03, 0.032) * cover;
  const auto code = [](double v) {
    return static_cast<int>(255 * (v <= 0.0031308 ? 12.92 * v : 1.055 * std::pow(v, 1 / 2.4) - 0.055));
  };
  return IM_COL32(code(shown[0]), code(shown[1]), code(shown[2]), 255);
}

void shade_panel(App& app) {
  hint(app, tr(Text::hint_shade));
  const float width = ImGui::GetContentRegionAvail().x, height = 44 * app.view.scale;
  for (const Shade& shade : shade_ladder()) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const bool chosen = std::abs(std::log(app.document.live().pigment.shade_parts_water / shade.parts_water)) < 0.05;
    ImGui::PushID(shade.name.c_str());
    const bool pressed = ImGui::InvisibleButton("swatch", {width, height});
    const bool hovered = ImGui::IsItemHovered();
    ImGui::PopID();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float round = 8 * app.view.scale;
    list.AddRectFilled(at, {at.x + height * 1.6F, at.y + height}, swatch_colour(app, shade.parts_water), round);
    if (chosen || hovered)
      list.AddRect(at, {at.x + width, at.y + height}, palette(app.view.dark).accent, round, 0, chosen ? 2.5F : 1.0F);
    const float baseline = at.y + (height - ImGui::GetFontSize()) / 2;
    list.AddText({at.x + height * 1.6F + 12, baseline}, palette(app.view.dark).text, shade.name.c_str());
    const std::string dilution = format("%.0f:1", shade.parts_water);
    list.AddText({at.x + width - ImGui::CalcTextSize(dilution.c_str()).x - 10, baseline},
                 palette(app.view.dark).text_soft, dilution.c_str());
    if (pressed) {
      Settings settings = app.document.live();
      settings.pigment.shade_parts_water = shade.parts_water;
      app.document.edit(settings);
      app.document.commit();
    }
  }
  more_settings(app, "pigment");
}

// Pigment left over ten years as a band (p10 to p90) with its median, and a mark at the chosen time.
void draw_ageing_curve(const App& app) {
  const PigmentParams& pigment = app.document.live().pigment;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const ImVec2 size{ImGui::GetContentRegionAvail().x, 120 * app.view.scale};
  ImGui::Dummy(size);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  constexpr int steps = 40;
  constexpr double span_years = 10;
  const auto place = [&](double years, double share) {
    return ImVec2{at.x + size.x * static_cast<float>(years / span_years),
                  at.y + size.y * static_cast<float>(1 - std::min(1.2, share) / 1.2)};
  };
  ImVec2 previous[3];
  for (int i = 0; i <= steps; ++i) {
    const double years = span_years * i / steps;
    ImVec2 now[3];
    for (int b = 0; b < 3; ++b) now[b] = place(years, retained(years, pigment, static_cast<Band>(b)));
    if (i > 0) {
      list.AddQuadFilled(previous[0], now[0], now[2], previous[2], palette(app.view.dark).accent_soft);
      list.AddLine(previous[1], now[1], palette(app.view.dark).accent, 2 * app.view.scale);
    }
    std::copy(now, now + 3, previous);
  }
  const ImVec2 mark = place(std::min(span_years, pigment.years), retained(pigment.years, pigment, Band::typical));
  list.AddLine({mark.x, at.y}, {mark.x, at.y + size.y}, palette(app.view.dark).line, 1.5F * app.view.scale);
  list.AddCircleFilled(mark, 5 * app.view.scale, palette(app.view.dark).accent);
}

void years_panel(App& app) {
  hint(app, tr(Text::hint_years));
  const PigmentParams& pigment = app.document.live().pigment;
  Settings settings = app.document.live();
  float years = static_cast<float>(pigment.years);
  ImGui::SetNextItemWidth(-1);
  const std::string words = years < 0.02  ? tr(Text::just_done)
                            : years < 0.3 ? std::string(tr(Text::healed)) + " (%.2f y)"
                                          : "%.1f y";
  if (ImGui::SliderFloat("##years", &years, 0, 10, words.c_str(), ImGuiSliderFlags_AlwaysClamp)) {
    settings.pigment.years = years;
    app.document.edit(settings);
  }
  if (ImGui::IsItemDeactivatedAfterEdit()) app.document.commit();
  if (ImGui::Button(
          format("%s  %s", app.view.playing ? icon::pause : icon::play, tr(app.view.playing ? Text::stop : Text::play))
              .c_str(),
          {-1, 0})) {
    app.view.playing = !app.view.playing;
    app.document.commit();
  }
  draw_ageing_curve(app);
  fact(app, tr(Text::remaining),
       format("%.0f %% (%.0f-%.0f)", 100 * retained(pigment.years, pigment, Band::typical),
              100 * retained(pigment.years, pigment, Band::low), 100 * retained(pigment.years, pigment, Band::high)));
  field_choices(app, "band", 3);
  field_slider(app, "sessions", tr(Text::sessions));
  field_slider(app, "sun");
  field_slider(app, "matt");
}

// Exports are named beside the photo and run in the worker, through the same engine calls as the command line.
void share_panel(App& app) {
  hint(app, tr(Text::hint_share));
  const std::shared_ptr<const Frame> frame = app.frame;
  const std::filesystem::path photo(frame->path);
  const auto beside = [&](const char* suffix) {
    return (photo.parent_path() / (photo.stem().string() + suffix)).string();
  };
  ImGui::BeginDisabled(!frame->result.after);
  if (ImGui::Button(tr(Text::save_picture), {-1, 0})) {
    app.worker.run([frame, path = beside("-after.png")](Job&) { return export_picture(*frame, path); });
  }
  if (ImGui::Button(tr(Text::save_pair), {-1, 0})) {
    app.worker.run([frame, path = beside("-before-after.png")](Job&) { return export_pair(*frame, path); });
  }
  if (ImGui::Button(tr(Text::save_project), {-1, 0})) {
    const std::string path = app.project_path.empty() ? beside(".stipple") : app.project_path;
    const std::string message = save_project(app, path);
    app.worker.run([message](Job&) { return message; });
  }
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
