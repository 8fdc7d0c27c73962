// Time: a slider from the same day to ten years over the band of what is likely to be left by then.
#include <algorithm>
#include <cmath>
#include <utility>

#include "app/viewer/ui/panels.h"
#include "app/viewer/ui/strings.h"
#include "app/viewer/ui/widgets.h"
#include "sim/consult/house_style.h"
#include "sim/pigment/ageing.h"

namespace stipple {
namespace {

constexpr double last_year = 10;
// Left at the median of the intervals that practitioners give for a touch-up (DOMAIN 3.2).
constexpr double touch_up_share = 0.53;

// The first weeks change most: time runs as the square of the way along the slider.
double years_at(double way) { return last_year * way * way; }
double way_to(double years) { return std::sqrt(std::clamp(years / last_year, 0.0, 1.0)); }

double touch_up_years(const PigmentParams& pigment) {
  double years = healed_years;
  while (years < 2 * last_year && retained(years, pigment, Band::typical) > touch_up_share) years += 0.05;
  return years;
}

struct Curve {
  ImVec2 at, size;  // below the row of names
  ImVec2 place(double years, double share) const {
    return {at.x + size.x * static_cast<float>(way_to(years)),
            at.y + size.y * static_cast<float>(1 - std::min(1.2, share) / 1.2)};
  }
};

// A dotted upright with its name above, for what happens at that time. Names keep within the curve's width and start
// behind `free_from`, where the last one ended; returns where this one ends.
float draw_event(const App& app, const Curve& curve, double years, const char* words, float free_from,
                 ImDrawList& list) {
  const ImVec2 foot = curve.place(years, 0), text = ImGui::CalcTextSize(words);
  for (float y = curve.at.y; y < foot.y; y += 6 * app.view.scale)
    list.AddLine({foot.x, y}, {foot.x, y + 3 * app.view.scale}, palette(app.view.dark).text_soft, app.view.scale);
  const float at = std::clamp(foot.x - text.x / 2, curve.at.x, curve.at.x + curve.size.x - text.x);
  if (at < free_from) return free_from;
  list.AddText({at, curve.at.y - text.y - 2 * app.view.scale}, palette(app.view.dark).text_soft, words);
  return at + text.x + 6 * app.view.scale;
}

void draw_needle(const App& app, ImVec2 tip, ImDrawList& list) {
  const float half = 4 * app.view.scale, height = 9 * app.view.scale;
  list.AddTriangleFilled(tip, {tip.x + half, tip.y - height}, {tip.x - half, tip.y - height},
                         palette(app.view.dark).text);
}

void draw_axis(const App& app, const Curve& curve, ImDrawList& list) {
  const Palette& p = palette(app.view.dark);
  const PigmentParams& pigment = app.document.live().pigment;
  list.AddLine(curve.place(0, 0), curve.place(last_year, 0), p.line, app.view.scale);
  ImGui::PushFont(app.fonts.small);
  for (const int years : {0, 1, 2, 5, 10}) {
    const ImVec2 foot = curve.place(years, 0);
    const std::string words = years == 0 ? tr(Text::last_session) : format(years == 10 ? "%d y" : "%d", years);
    const float back = years == 0 ? 0 : years == 10 ? 1 : 0.5F;  // the first and the last stay inside
    list.AddLine({foot.x, foot.y - 4 * app.view.scale}, foot, p.line, app.view.scale);
    list.AddText({foot.x - back * ImGui::CalcTextSize(words.c_str()).x, foot.y + 2 * app.view.scale}, p.text_soft,
                 words.c_str());
  }
  float end = draw_event(app, curve, healed_years, tr(Text::healed), curve.at.x, list);
  if (const double years = touch_up_years(pigment); pigment.touch_ups.empty() && years < last_year)
    draw_event(app, curve, years, tr(Text::touch_up), end, list);
  // The needle goes in: at the session and at each touch-up.
  draw_needle(app, curve.place(0, 0), list);
  for (const double years : pigment.touch_ups) {
    if (years > last_year) continue;
    end = draw_event(app, curve, years, tr(Text::touch_up), end, list);
    draw_needle(app, curve.place(years, 0), list);
  }
  ImGui::PopFont();
}

// Pigment left over ten years as a band (p10 to p90) with its median, and a mark at the chosen time.
void draw_ageing_curve(const App& app) {
  const PigmentParams& pigment = app.document.live().pigment;
  // As wide as the way of the slider's grip above it, so that the mark stands under the grip.
  const float row = ImGui::GetFontSize() * 1.2F, inset = ImGui::GetStyle().GrabMinSize / 2 + 2;
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x, height = 100 * app.view.scale;
  const Curve curve{{corner.x + inset, corner.y + row}, {width - 2 * inset, height}};
  ImGui::Dummy({width, height + 2 * row});
  ImDrawList& list = *ImGui::GetWindowDrawList();
  constexpr int steps = 60;
  std::vector<ImVec2> median;
  ImVec2 low_before, high_before;
  // Neighbouring pieces must meet without the soft edges that would show as stripes.
  const ImDrawListFlags flags = std::exchange(list.Flags, list.Flags & ~ImDrawListFlags_AntiAliasedFill);
  for (int i = 0; i <= steps; ++i) {
    const double years = years_at(static_cast<double>(i) / steps);
    const ImVec2 low = curve.place(years, retained(years, pigment, Band::low));
    const ImVec2 high = curve.place(years, retained(years, pigment, Band::high));
    if (i > 0) list.AddQuadFilled(low_before, low, high, high_before, palette(app.view.dark).accent_soft);
    median.push_back(curve.place(years, retained(years, pigment, Band::typical)));
    low_before = low;
    high_before = high;
  }
  list.Flags = flags;
  draw_axis(app, curve, list);
  list.AddPolyline(median.data(), static_cast<int>(median.size()), palette(app.view.dark).accent, 0,
                   2 * app.view.scale);
  const ImVec2 mark = curve.place(pigment.years, retained(pigment.years, pigment, Band::typical));
  list.AddLine({mark.x, curve.at.y}, curve.place(pigment.years, 0), palette(app.view.dark).text, 1.5F * app.view.scale);
  list.AddCircleFilled(mark, 5 * app.view.scale, palette(app.view.dark).accent);
}

void time_slider(App& app) {
  const double years = app.document.live().pigment.years;
  fact(app, tr(Text::since_session), date_caption(years));
  float way = static_cast<float>(way_to(years));
  if (slim_slider(app, "##years", way, 0, 1, false)) {
    Settings settings = app.document.live();
    settings.pigment.years = years_at(static_cast<double>(way));
    app.document.edit(settings);
  }
  if (ImGui::IsItemDeactivatedAfterEdit()) app.document.commit();
}

// How many sessions are done: few enough to be buttons.
void sessions_row(App& app) {
  ImGui::TextDisabled("%s", tr(Text::sessions));
  const float gap = ImGui::GetStyle().ItemSpacing.x, width = (ImGui::GetContentRegionAvail().x - 2 * gap) / 3;
  Settings settings = app.document.live();
  for (int i = 1; i <= 3; ++i) {
    if (i > 1) ImGui::SameLine();
    if (!choice_button(app, format("%d##sessions", i).c_str(), settings.pigment.sessions == i, {width, 0})) {
      field_help(app, "sessions");
      continue;
    }
    settings.pigment.sessions = i;
    app.document.edit(settings);
    app.document.commit();
  }
}

// Touch-ups to come: one more at the time that the slider shows, and those there are to click away.
void touch_ups_row(App& app) {
  constexpr double earliest = 0.1, apart = 0.25;  // years
  Settings settings = app.document.live();
  std::vector<double>& touch_ups = settings.pigment.touch_ups;
  const double now = settings.pigment.years;
  const auto near_now = [&](double years) { return std::abs(years - now) < apart; };
  const bool possible = now >= earliest && std::none_of(touch_ups.begin(), touch_ups.end(), near_now);
  ImGui::TextDisabled("%s", tr(Text::touch_ups));
  ImGui::BeginDisabled(!possible);
  bool changed = ImGui::Button(tr(Text::add_touch_up), {-1, 0});
  ImGui::EndDisabled();
  if (ImGui::IsItemHovered(ImGuiHoveredFlags_AllowWhenDisabled) && !possible)
    ImGui::SetTooltip("%s", tr(Text::no_touch_up_here));
  if (changed) touch_ups.insert(std::upper_bound(touch_ups.begin(), touch_ups.end(), now), now);
  const float right = ImGui::GetCursorScreenPos().x + ImGui::GetContentRegionAvail().x;
  for (size_t i = 0; i < touch_ups.size() && !changed; ++i) {
    const std::string label = format("%s  %s", date_caption(touch_ups[i]).c_str(), icon::close);
    const float width = ImGui::CalcTextSize(label.c_str()).x + 2 * ImGui::GetStyle().FramePadding.x;
    if (i > 0 && ImGui::GetItemRectMax().x + ImGui::GetStyle().ItemSpacing.x + width < right) ImGui::SameLine();
    ImGui::PushID(static_cast<int>(i));
    changed = ImGui::Button(label.c_str());
    ImGui::PopID();
    if (ImGui::IsItemHovered()) ImGui::SetTooltip("%s", tr(Text::remove_touch_up));
    if (changed) touch_ups.erase(touch_ups.begin() + static_cast<std::ptrdiff_t>(i));
  }
  if (!changed) return;
  app.document.edit(settings);
  app.document.commit();
}

void sun_slider(App& app) {
  const double sun = app.document.live().pigment.sun;
  fact(app, tr(Text::sun), tr(sun < -0.2 ? Text::sun_careful : sun > 0.2 ? Text::sun_much : Text::sun_usual));
  float shown = static_cast<float>(sun);
  if (slim_slider(app, "##sun", shown, -1, 1, false)) {
    Settings settings = app.document.live();
    settings.pigment.sun = static_cast<double>(shown);
    app.document.edit(settings);
  }
  if (ImGui::IsItemDeactivatedAfterEdit()) app.document.commit();
  field_help(app, "sun");
}

}  // namespace

void years_panel(App& app) {
  hint(app, tr(Text::hint_years));
  time_slider(app);
  draw_ageing_curve(app);
  const PigmentParams& pigment = app.document.live().pigment;
  fact(app, tr(Text::remaining),
       format("%.0f %% (%.0f-%.0f)", 100 * retained(pigment.years, pigment, Band::typical),
              100 * retained(pigment.years, pigment, Band::low), 100 * retained(pigment.years, pigment, Band::high)));
  const Text words = app.view.playing ? Text::stop : Text::play;
  if (ImGui::Button(format("%s  %s", app.view.playing ? icon::pause : icon::play, tr(words)).c_str(), {-1, 0})) {
    app.view.playing = !app.view.playing;
    app.document.commit();
  }
  field_choices(app, "band", 3);
  sessions_row(app);
  touch_ups_row(app);
  sun_slider(app);
  viewing_choices(app);
}

}  // namespace stipple
