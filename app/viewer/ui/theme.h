// Look of the window: fonts, colours and spacing, light and dark, at any scale.
#pragma once
#include <imgui.h>

namespace stipple {

struct Fonts {
  ImFont* body = nullptr;   // 17 px at scale 1
  ImFont* large = nullptr;  // 24 px
  ImFont* small = nullptr;  // 14 px
};

/// Rebuilds the current context's atlas: Inter and Material Design icons where installed, else ImGui's own font.
Fonts load_fonts(float scale);
/// Replaces the current context's style (never scales an already scaled one).
void apply_theme(bool dark, float scale);

struct Palette {
  ImU32 canvas, accent, accent_soft, text, text_soft, panel, line, warning, good;
  ImU32 scalp, hair, face;  // overlays: told apart by people with any colour vision (Okabe and Ito's set)
};
const Palette& palette(bool dark);

namespace icon {  // Material Design Icons, below U+FFFF
inline constexpr const char* undo = "\uF54C";
inline constexpr const char* redo = "\uF44E";
inline constexpr const char* photo = "\uF2E9";
inline constexpr const char* scalp = "\uF643";
inline constexpr const char* hairline = "\uF559";
inline constexpr const char* finish = "\uF2C1";
inline constexpr const char* shade = "\uF3D8";
inline constexpr const char* years = "\uF0F0";
inline constexpr const char* share = "\uF497";
inline constexpr const char* play = "\uF40A";
inline constexpr const char* pause = "\uF3E4";
inline constexpr const char* theme = "\uF0DF";
inline constexpr const char* fullscreen = "\uF293";
inline constexpr const char* fullscreen_exit = "\uF294";
inline constexpr const char* folder = "\uF24B";
inline constexpr const char* check = "\uF12C";
inline constexpr const char* alert = "\uF026";
inline constexpr const char* eye = "\uF208";
inline constexpr const char* brush = "\uF0E3";
inline constexpr const char* ruler = "\uF46D";
inline constexpr const char* points = "\uF1A3";
inline constexpr const char* up = "\uF05D";
inline constexpr const char* file = "\uF2EB";
inline constexpr const char* save = "\uF193";
inline constexpr const char* close = "\uF156";
}  // namespace icon

}  // namespace stipple
