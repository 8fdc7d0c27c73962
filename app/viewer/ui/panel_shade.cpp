// The shade ladder on the client's own skin, with what a practitioner would mix.
#include <cmath>

#include "app/viewer/ui/canvas.h"
#include "app/viewer/ui/panels.h"
#include "app/viewer/ui/strings.h"
#include "app/viewer/ui/widgets.h"

namespace stipple {
namespace {

/// The chosen shade, or the advised one where none is chosen.
double shown_parts_water(const App& app) {
  const double chosen = app.document.live().pigment.shade_parts_water;
  const double drawn =
      app.frame && app.frame->result.parts_water > 0 ? app.frame->result.parts_water : usual_parts_water;
  return chosen > 0 ? chosen : drawn;
}

bool is_step(double parts_water, const Shade& shade) {
  return parts_water > 0 && std::abs(std::log(parts_water / shade.parts_water)) < 0.05;
}

struct Rung {
  const Shade& shade;
  ImTextureID sample = nullptr;
  ImVec2 sample_size;
  bool chosen = false, advised = false;
};

// One step of the ladder; true when it was clicked.
bool draw_rung(const App& app, const Rung& rung) {
  const float width = ImGui::GetContentRegionAvail().x, height = rung.sample_size.y, scale = app.view.scale;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::PushID(rung.shade.name.c_str());
  const bool pressed = ImGui::InvisibleButton("swatch", {width, height});
  const bool hovered = ImGui::IsItemHovered();
  ImGui::PopID();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Palette& colours = palette(app.view.dark);
  list.AddImageRounded(rung.sample, at, {at.x + rung.sample_size.x, at.y + height}, {0, 0}, {1, 1}, IM_COL32_WHITE,
                       8 * scale);
  if (rung.chosen || hovered)
    list.AddRect(at, {at.x + width, at.y + height}, colours.accent, 8 * scale, 0, (rung.chosen ? 2.5F : 1.0F) * scale);
  const float baseline = at.y + (height - ImGui::GetFontSize()) / 2;
  std::string name = label_of(rung.shade.name);
  if (rung.advised) name.append("  ").append(icon::check);
  list.AddText({at.x + rung.sample_size.x + 12 * scale, baseline}, colours.text, name.c_str());
  const std::string dilution = format("%.0f:1", rung.shade.parts_water);
  list.AddText({at.x + width - ImGui::CalcTextSize(dilution.c_str()).x - 10 * scale, baseline}, colours.text_soft,
               dilution.c_str());
  return pressed;
}

void choose_shade(App& app, double parts_water) {
  Settings settings = app.document.live();
  settings.pigment.shade_parts_water = parts_water;
  app.document.edit(settings);
  app.document.commit();
}

void draw_advice(App& app) {
  const ShadeAdvice& advice = app.frame->result.advice;
  if (!app.frame->ready() || advice.reason.empty()) return;
  ImGui::TextDisabled("%s  %s", icon::check, tr(Text::advised));
  hint(app, sentence(advice.reason).c_str());
  if (app.document.live().pigment.shade_parts_water > 0 && ImGui::Button(tr(Text::take_advice), {-1, 0}))
    choose_shade(app, 0);
}

}  // namespace

void shade_panel(App& app) {
  hint(app, tr(Text::hint_shade));
  const float height = 44 * app.view.scale;
  const ImVec2 size{height * 1.6F, height};
  const Rgb skin = app.frame->result.head ? app.frame->result.head->skin.scalp : SkinColour{}.scalp;
  const Settings live = app.document.live();
  const auto& pictures = app.swatches.get(skin, live.plan.density_per_cm2, live.pigment,
                                          {static_cast<int>(size.x), static_cast<int>(size.y)});
  const std::vector<Shade>& ladder = shade_ladder();
  const double advised = app.frame->ready() ? app.frame->result.advice.parts_water : 0;
  app.swatch_textures.resize(ladder.size());
  for (size_t i = 0; i < ladder.size(); ++i) {
    const ImTextureID sample = texture_of(app, app.swatch_textures[i], pictures[i]).id;
    if (draw_rung(app,
                  {ladder[i], sample, size, is_step(shown_parts_water(app), ladder[i]), is_step(advised, ladder[i])}))
      choose_shade(app, ladder[i].parts_water);
  }
  draw_advice(app);
  more_settings(app, "pigment");
}

}  // namespace stipple
