#include "app/viewer/ui/theme.h"

#include <filesystem>

namespace stipple {
namespace {

constexpr const char* inter_regular = "/usr/share/fonts/opentype/inter/Inter-Regular.otf";
constexpr const char* inter_semibold = "/usr/share/fonts/opentype/inter/Inter-SemiBold.otf";
constexpr const char* icons = "/usr/share/fonts/truetype/materialdesignicons-webfont/materialdesignicons-webfont.ttf";

ImFont* add_font(const char* path, float size_px, bool with_icons) {
  ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
  static constexpr ImWchar text_range[] = {0x20,   0x24F,  0x2010, 0x2030, 0x20AC, 0x20AC,
                                           0x2190, 0x2193, 0x2212, 0x2212, 0};
  static constexpr ImWchar icon_range[] = {0xF001, 0xF673, 0};
  ImFont* font = std::filesystem::exists(path) ? atlas.AddFontFromFileTTF(path, size_px, nullptr, text_range) : nullptr;
  if (!font) {
    ImFontConfig config;
    config.SizePixels = size_px;
    font = atlas.AddFontDefault(&config);
  }
  if (with_icons && std::filesystem::exists(icons)) {
    ImFontConfig merge;
    merge.MergeMode = true;
    merge.GlyphOffset.y = size_px * 0.12F;
    atlas.AddFontFromFileTTF(icons, size_px * 1.15F, &merge, icon_range);
  }
  return font;
}

constexpr Palette light_palette{IM_COL32(226, 223, 218, 255), IM_COL32(178, 92, 52, 255),  IM_COL32(178, 92, 52, 48),
                                IM_COL32(38, 34, 31, 255),    IM_COL32(112, 104, 97, 255), IM_COL32(250, 248, 245, 255),
                                IM_COL32(208, 202, 194, 255), IM_COL32(190, 92, 0, 255),   IM_COL32(0, 122, 92, 255),
                                IM_COL32(230, 159, 0, 255),   IM_COL32(0, 114, 178, 255),  IM_COL32(0, 158, 115, 255)};
constexpr Palette dark_palette{IM_COL32(18, 18, 19, 255),    IM_COL32(232, 150, 104, 255), IM_COL32(232, 150, 104, 56),
                               IM_COL32(236, 232, 227, 255), IM_COL32(160, 154, 147, 255), IM_COL32(32, 32, 34, 255),
                               IM_COL32(62, 61, 62, 255),    IM_COL32(245, 170, 60, 255),  IM_COL32(86, 200, 160, 255),
                               IM_COL32(240, 185, 60, 255),  IM_COL32(86, 180, 233, 255),  IM_COL32(60, 190, 150, 255)};

ImVec4 color(ImU32 value, float alpha = 1.0F) {
  ImVec4 c = ImGui::ColorConvertU32ToFloat4(value);
  c.w *= alpha;
  return c;
}

}  // namespace

const Palette& palette(bool dark) { return dark ? dark_palette : light_palette; }

Fonts load_fonts(float scale) {
  ImGui::GetIO().Fonts->Clear();
  Fonts fonts;
  fonts.body = add_font(inter_regular, 17 * scale, true);
  fonts.large = add_font(inter_semibold, 24 * scale, true);
  fonts.small = add_font(inter_regular, 14 * scale, true);
  return fonts;
}

void apply_theme(bool dark, float scale) {
  const Palette& p = palette(dark);
  ImGuiStyle style;
  style.WindowRounding = style.ChildRounding = style.PopupRounding = 10;
  style.FrameRounding = style.GrabRounding = 7;
  style.WindowPadding = {18, 16};
  style.FramePadding = {12, 8};
  style.ItemSpacing = {10, 10};
  style.WindowBorderSize = style.FrameBorderSize = style.ChildBorderSize = 0;
  style.ScrollbarSize = 12;
  style.GrabMinSize = 18;
  ImVec4* c = style.Colors;
  c[ImGuiCol_Text] = color(p.text);
  c[ImGuiCol_TextDisabled] = color(p.text_soft);
  c[ImGuiCol_WindowBg] = c[ImGuiCol_ChildBg] = c[ImGuiCol_PopupBg] = color(p.panel);
  c[ImGuiCol_Border] = c[ImGuiCol_Separator] = color(p.line);
  c[ImGuiCol_FrameBg] = color(p.line, 0.45F);
  c[ImGuiCol_FrameBgHovered] = color(p.line, 0.75F);
  c[ImGuiCol_FrameBgActive] = color(p.line);
  c[ImGuiCol_Button] = color(p.line, 0.55F);
  c[ImGuiCol_ButtonHovered] = color(p.line);
  c[ImGuiCol_ButtonActive] = color(p.accent_soft, 2);
  c[ImGuiCol_Header] = color(p.accent_soft);
  c[ImGuiCol_HeaderHovered] = c[ImGuiCol_HeaderActive] = color(p.accent_soft, 1.5F);
  c[ImGuiCol_SliderGrab] = c[ImGuiCol_SliderGrabActive] = c[ImGuiCol_CheckMark] = c[ImGuiCol_PlotHistogram] =
      color(p.accent);
  c[ImGuiCol_ScrollbarBg] = {0, 0, 0, 0};
  c[ImGuiCol_ScrollbarGrab] = color(p.line);
  c[ImGuiCol_NavHighlight] = color(p.accent);
  c[ImGuiCol_ModalWindowDimBg] = {0, 0, 0, 0.45F};
  style.ScaleAllSizes(scale);
  ImGui::GetStyle() = style;
}

}  // namespace stipple
