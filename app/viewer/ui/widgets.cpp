#include "app/viewer/ui/widgets.h"

#include <cctype>
#include <cstdarg>
#include <cstdio>

namespace stipple {
namespace {

// Calls use(info, value&) for the field of that key in the live settings.
template <class Use>
void with_field(Settings& settings, std::string_view key, Use&& use) {
  for_each_group(settings, [&](const char*, auto& group) {
    for_each_field(group, [&](const FieldInfo& info, auto& value) {
      if (info.key == key) use(info, value);
    });
  });
}

void tooltip(const FieldInfo& info) {
  if (!ImGui::IsItemHovered(ImGuiHoveredFlags_AllowWhenDisabled) || ImGui::IsItemActive()) return;
  ImGui::BeginTooltip();
  ImGui::PushTextWrapPos(ImGui::GetFontSize() * 20);
  ImGui::TextUnformatted(info.help.data(), info.help.data() + info.help.size());
  ImGui::PopTextWrapPos();
  ImGui::EndTooltip();
}

// The unit with the blank before it, as people write it.
std::string written_unit(std::string_view unit) {
  if (unit.empty()) return "";
  if (unit == "1/cm2") return " per cm\xC2\xB2";
  return std::string(" ").append(unit);
}

// The name on the left, the value on the right, the slider below: nothing hides behind the grip.
template <class T>
void number_slider(App& app, Settings& settings, const FieldInfo& info, T& value, const char* label, bool logarithmic) {
  const double span = info.max - info.min;
  const char* pattern = std::is_same_v<T, int> || span > 50 ? "%.0f%s" : span > 5 ? "%.1f%s" : "%.2f%s";
  fact(app, label ? label : label_of(info.key).c_str(),
       format(pattern, static_cast<double>(value), written_unit(info.unit).c_str()));
  tooltip(info);
  float shown = static_cast<float>(value);
  const std::string id = std::string("##").append(info.key);
  if (slim_slider(app, id.c_str(), shown, static_cast<float>(info.min), static_cast<float>(info.max), logarithmic)) {
    value = static_cast<T>(std::is_integral_v<T> ? shown + 0.5F : shown);
    app.document.edit(settings);
  }
  if (ImGui::IsItemDeactivatedAfterEdit()) app.document.commit();
  tooltip(info);
}

}  // namespace

std::string format(const char* pattern, ...) {
  char text[512];
  va_list arguments;
  va_start(arguments, pattern);
  std::vsnprintf(text, sizeof text, pattern, arguments);
  va_end(arguments);
  return text;
}

void field_slider(App& app, std::string_view key, const char* label, bool logarithmic) {
  Settings settings = app.document.live();
  with_field(settings, key, [&]<class T>(const FieldInfo& info, T& value) {
    if constexpr (std::is_same_v<T, double> || std::is_same_v<T, int>)
      number_slider(app, settings, info, value, label, logarithmic);
  });
}

void field_help(const App& app, std::string_view key) {
  Settings settings = app.document.live();
  with_field(settings, key, [](const FieldInfo& info, const auto&) { tooltip(info); });
}

void field_choices(App& app, std::string_view key, int columns) {
  Settings settings = app.document.live();
  with_field(settings, key, [&]<class T>(const FieldInfo& info, T& value) {
    if constexpr (std::is_enum_v<T>) {
      const float gap = ImGui::GetStyle().ItemSpacing.x, all = ImGui::GetContentRegionAvail().x;
      const float width = (all - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns);
      // What is left of whole rows is the first choice, which gets a row of its own.
      const size_t in_row = static_cast<size_t>(columns), alone = info.choices.size() % in_row == 1 ? 1 : 0;
      for (size_t i = 0; i < info.choices.size(); ++i) {
        if (i >= alone && (i - alone) % in_row) ImGui::SameLine();
        const std::string name = label_of(info.choices[i]) + "##" + std::string(key);
        if (choice_button(app, name.c_str(), static_cast<size_t>(value) == i, {i < alone ? all : width, 0})) {
          value = static_cast<T>(i);
          app.document.edit(settings);
          app.document.commit();
        }
        tooltip(info);
      }
    }
  });
}

void more_settings(App& app, const char* group_name) {
  for (const ImGuiCol colour : {ImGuiCol_Header, ImGuiCol_HeaderHovered, ImGuiCol_HeaderActive})
    ImGui::PushStyleColor(colour, ImVec4(0, 0, 0, 0));  // rarely wanted: it must not call for attention
  ImGui::PushStyleColor(ImGuiCol_Text, palette(app.view.dark).text_soft);
  const bool open = ImGui::CollapsingHeader(tr(Text::more));
  ImGui::PopStyleColor(4);
  if (!open) return;
  Settings settings = app.document.live();
  for_each_group(settings, [&](const char* name, auto& group) {
    if (std::string_view(name) != group_name) return;
    for_each_field(group, [&]<class T>(const FieldInfo& info, T& value) {
      if constexpr (std::is_same_v<T, double> || std::is_same_v<T, int>)
        number_slider(app, settings, info, value, nullptr, false);
    });
  });
}

bool slim_slider(const App& app, const char* id, float& value, float min, float max, bool logarithmic) {
  ImGui::SetNextItemWidth(-1);
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {ImGui::GetStyle().FramePadding.x, 2 * app.view.scale});
  const ImGuiSliderFlags flags = ImGuiSliderFlags_AlwaysClamp | (logarithmic ? ImGuiSliderFlags_Logarithmic : 0);
  const bool changed = ImGui::SliderFloat(id, &value, min, max, "", flags);
  ImGui::PopStyleVar();
  return changed;
}

bool choice_button(const App& app, const char* label, bool chosen, ImVec2 size) {
  if (chosen) {
    ImGui::PushStyleColor(ImGuiCol_Button, palette(app.view.dark).accent);
    ImGui::PushStyleColor(ImGuiCol_ButtonHovered, palette(app.view.dark).accent);
    ImGui::PushStyleColor(ImGuiCol_Text, app.view.dark ? IM_COL32(24, 20, 18, 255) : IM_COL32(255, 255, 255, 255));
  }
  const bool pressed = ImGui::Button(label, size);
  if (chosen) ImGui::PopStyleColor(3);
  return pressed;
}

bool primary_button(const App& app, const char* label) { return choice_button(app, label, true); }

void fact(const App&, const char* label, const std::string& value) {
  ImGui::TextDisabled("%s", label);
  const float width = ImGui::CalcTextSize(value.c_str()).x;
  ImGui::SameLine(std::max(ImGui::GetCursorPosX() + 8, ImGui::GetContentRegionMax().x - width));
  ImGui::TextUnformatted(value.c_str());
}

void hint(const App& app, const char* words) {
  ImGui::PushFont(app.fonts.body);
  ImGui::PushStyleColor(ImGuiCol_Text, palette(app.view.dark).text_soft);
  ImGui::PushTextWrapPos(0);
  ImGui::TextUnformatted(words);
  ImGui::PopTextWrapPos();
  ImGui::PopStyleColor();
  ImGui::PopFont();
}

std::string sentence(std::string words) {
  if (!words.empty()) words[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(words[0])));
  return words;
}

void heading(const App& app, const char* words) {
  ImGui::PushFont(app.fonts.large);
  ImGui::TextUnformatted(words);
  ImGui::PopFont();
}

}  // namespace stipple
