#include "app/viewer/ui/canvas.h"

#include <algorithm>
#include <cmath>

#include "app/viewer/ui/strings.h"
#include "app/viewer/ui/widgets.h"

namespace stipple {
namespace {

// The white of the light that the client is looked at in, as a screen can hint at it.
ImU32 light_colour(Light light) {
  switch (light) {
    case Light::photo:
      return IM_COL32_WHITE;
    case Light::daylight:
      return IM_COL32(240, 248, 255, 255);
    case Light::indoor:
      return IM_COL32(255, 226, 188, 255);
  }
  return IM_COL32_WHITE;
}

void draw_photo(const App& app, ImDrawList& list, const Texture& texture, const Mapping& map) {
  if (!texture.id) return;
  const ImVec2 a = map.to_view({0, 0});
  const ImVec2 b = map.to_view({static_cast<double>(texture.size.width), static_cast<double>(texture.size.height)});
  list.AddImage(texture.id, a, b, {0, 0}, {1, 1}, light_colour(app.view.light));
}

// The picture after, with the part of it that is newer than the rest.
void draw_after(const App& app, ImDrawList& list, const Mapping& map) {
  draw_photo(app, list, app.after, map);
  if (!app.part.id) return;
  const cv::Rect& area = app.frame->preview.excerpt.area_px;
  list.AddImage(app.part.id, map.to_view(Vec2(area.x, area.y)), map.to_view(Vec2(area.br().x, area.br().y)), {0, 0},
                {1, 1}, light_colour(app.view.light));
}

// What a pane shows of the photo, in steps so that a small move changes nothing.
Excerpt in_sight(const Mapping& map, cv::Size photo_size) {
  constexpr double step_px = 64;
  const Vec2 low = (map.to_photo(map.pane_min) / step_px).array().floor() * step_px;
  const Vec2 high = (map.to_photo(map.pane_max) / step_px).array().ceil() * step_px;
  const Vec2 first = low.cwiseMax(Vec2(0, 0)), last = high.cwiseMin(Vec2(photo_size.width, photo_size.height));
  if ((first.array() >= last.array()).any()) return {};
  return {cv::Rect(cv::Point(cvRound(first.x()), cvRound(first.y())), cv::Point(cvRound(last.x()), cvRound(last.y()))),
          std::min(1.0, map.zoom)};
}

// Wheel zooms about the mouse, drag pans, with the other buttons also while a tool is held; both panes share the
// result.
void zoom_and_pan(ViewState& view, const Mapping& map, bool hovered, bool may_pan) {
  const ImGuiIO& io = ImGui::GetIO();
  if (hovered && io.MouseWheel != 0) {
    const Vec2 under = map.to_photo(io.MousePos);
    view.zoom = std::clamp(map.zoom * std::pow(1.2, static_cast<double>(io.MouseWheel)), 0.02, 40.0);
    view.centre_px = under + (map.centre_px - under) * (map.zoom / view.zoom);
  }
  const bool other_button = hovered && (ImGui::IsMouseDragging(ImGuiMouseButton_Right, 2) ||
                                        ImGui::IsMouseDragging(ImGuiMouseButton_Middle, 2));
  if (other_button || (may_pan && ImGui::IsMouseDragging(ImGuiMouseButton_Left, 2))) {
    view.zoom = map.zoom;
    view.centre_px = map.centre_px - Vec2(io.MouseDelta.x, io.MouseDelta.y) / map.zoom;
  }
}

void draw_wipe(App& app, ImDrawList& list, const Mapping& map, ImVec2 min, ImVec2 max) {
  const float x = min.x + app.view.wipe * (max.x - min.x);
  list.PushClipRect(min, {x, max.y}, true);
  draw_photo(app, list, app.before, map);
  list.PopClipRect();
  list.PushClipRect({x, min.y}, max, true);
  draw_after(app, list, map);
  list.PopClipRect();
  // Low enough to leave face and hairline free.
  const float r = 16 * app.view.scale, middle = min.y + 0.86F * (max.y - min.y);
  list.AddLine({x, min.y}, {x, max.y}, IM_COL32(255, 255, 255, 220), 2 * app.view.scale);
  list.AddCircleFilled({x, middle}, r, IM_COL32(255, 255, 255, 235), 32);
  for (const float side : {-1.0F, 1.0F}) {
    const float tip = x + side * r * 0.6F, base = x + side * r * 0.2F;
    list.AddTriangleFilled({tip, middle}, {base, middle - r * 0.3F}, {base, middle + r * 0.3F},
                           IM_COL32(60, 55, 50, 255));
  }
}

// True while the divider has the mouse.
bool drag_wipe(ViewState& view, ImVec2 min, ImVec2 max, bool hovered) {
  const ImGuiIO& io = ImGui::GetIO();
  const float x = min.x + view.wipe * (max.x - min.x), reach = 18 * view.scale;
  const bool near = hovered && std::abs(io.MousePos.x - x) < reach;
  if (near) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
  if (near && ImGui::IsMouseClicked(ImGuiMouseButton_Left)) view.dragging_wipe = true;
  if (!ImGui::IsMouseDown(ImGuiMouseButton_Left)) view.dragging_wipe = false;
  if (view.dragging_wipe) view.wipe = std::clamp((io.MousePos.x - min.x) / std::max(1.0F, max.x - min.x), 0.0F, 1.0F);
  return near || view.dragging_wipe;
}

// A round magnifier at the mouse: one photo pixel becomes eight view pixels.
void draw_loupe(const App& app, ImDrawList& list, const Mapping& map, const Texture& texture) {
  if (!texture.id) return;
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const float radius = 110 * app.view.scale;
  const double shown = radius / (8.0 * app.view.scale);
  const Vec2 at = map.to_photo(mouse);
  const double w = texture.size.width, h = texture.size.height;
  const ImVec2 uv0{static_cast<float>((at.x() - shown) / w), static_cast<float>((at.y() - shown) / h)};
  const ImVec2 uv1{static_cast<float>((at.x() + shown) / w), static_cast<float>((at.y() + shown) / h)};
  list.AddImageRounded(texture.id, {mouse.x - radius, mouse.y - radius}, {mouse.x + radius, mouse.y + radius}, uv0, uv1,
                       IM_COL32_WHITE, radius);
  list.AddCircle(mouse, radius, IM_COL32(255, 255, 255, 230), 64, 3 * app.view.scale);
}

void draw_side_by_side(App& app, ImDrawList& list, ImVec2 min, ImVec2 max, cv::Size size) {
  const float middle = (min.x + max.x) / 2, gap = 3 * app.view.scale;
  const std::pair<ImVec2, ImVec2> panes[2] = {{min, {middle - gap, max.y}}, {{middle + gap, min.y}, max}};
  for (const bool after : {false, true}) {
    const auto& [pane_min, pane_max] = panes[after ? 1 : 0];
    const Mapping map = mapping(app.view, size, pane_min, pane_max);
    list.PushClipRect(pane_min, pane_max, true);
    after ? draw_after(app, list, map) : draw_photo(app, list, app.before, map);
    list.PopClipRect();
  }
  draw_tag(app, list, {middle + gap + 12, min.y + 12}, tr(Text::after), 0);
}

// Nothing is open yet: the one thing to do, in the middle of the window.
void invite(App& app, ImDrawList& list, ImVec2 min, ImVec2 max) {
  if (app.worker.busy()) return;
  const float scale = app.view.scale;
  const ImVec2 middle{(min.x + max.x) / 2, (min.y + max.y) / 2}, half{210 * scale, 110 * scale};
  list.AddRectFilled({middle.x - half.x, middle.y - half.y}, {middle.x + half.x, middle.y + half.y},
                     palette(app.view.dark).panel, 16 * scale);
  list.AddRect({middle.x - half.x, middle.y - half.y}, {middle.x + half.x, middle.y + half.y},
               palette(app.view.dark).line, 16 * scale, 0, 2 * scale);
  ImGui::PushFont(app.fonts.large);
  const ImVec2 words = ImGui::CalcTextSize(tr(Text::drop_here));
  list.AddText({middle.x - words.x / 2, middle.y - 50 * scale}, palette(app.view.dark).text, tr(Text::drop_here));
  ImGui::PopFont();
  const std::string label = format("%s  %s", icon::folder, tr(Text::open_photo));
  const float width = 180 * scale;
  ImGui::SetCursorScreenPos({middle.x - width / 2, middle.y + 10 * scale});
  if (choice_button(app, label.c_str(), true, {width, 0})) app.view.browsing = true;
}

// Draws by mode and returns the mapping of the pane that editing happens in.
Mapping draw_by_mode(App& app, ImDrawList& list, ImVec2 min, ImVec2 max) {
  const cv::Size size = app.before.size;
  // What is found is corrected on the photo itself.
  const bool painting = holds_tool(app) && app.view.tool == Tool::density, correcting = holds_tool(app) && !painting;
  const bool original = ImGui::IsKeyDown(ImGui::GetKeyIndex(ImGuiKey_Space)) || !shows_after(app) || correcting;
  Mapping map = mapping(app.view, size, min, max);
  const bool blink_before = app.view.compare == Compare::blink && std::fmod(app.view.time_s, 1.6) < 0.8;
  list.PushClipRect(min, max, true);
  if (original || blink_before) {
    draw_photo(app, list, app.before, map);
    draw_tag(app, list, {min.x + 12, min.y + 12}, tr(Text::before), 0);
  } else if (painting) {
    draw_after(app, list, map);
    draw_tag(app, list, {max.x - 12, min.y + 12}, tr(Text::after), 1);
  } else if (app.view.compare == Compare::wipe) {
    draw_wipe(app, list, map, min, max);
    draw_tag(app, list, {min.x + 12, min.y + 12}, tr(Text::before), 0);
    draw_tag(app, list, {max.x - 12, min.y + 12}, tr(Text::after), 1);
  } else if (app.view.compare == Compare::side_by_side) {
    draw_side_by_side(app, list, min, max, size);
    draw_tag(app, list, {min.x + 12, min.y + 12}, tr(Text::before), 0);
    map = mapping(app.view, size, {(min.x + max.x) / 2 + 3 * app.view.scale, min.y}, max);
  } else {
    draw_after(app, list, map);
    draw_tag(app, list, {max.x - 12, min.y + 12}, tr(Text::after), 1);
  }
  list.PopClipRect();
  return map;
}

}  // namespace

void draw_tag(const App& app, ImDrawList& list, ImVec2 at, const char* words, float align) {
  const ImVec2 text = ImGui::CalcTextSize(words);
  const float pad = 8 * app.view.scale;
  const ImVec2 min{at.x - align * (text.x + 2 * pad), at.y};
  list.AddRectFilled(min, {min.x + text.x + 2 * pad, min.y + text.y + pad}, IM_COL32(0, 0, 0, 150), pad);
  list.AddText({min.x + pad, min.y + pad / 2}, IM_COL32(255, 255, 255, 240), words);
}

ImVec2 Mapping::to_view(const Vec2& photo_px) const {
  const Vec2 offset = (photo_px - centre_px) * zoom;
  return {(pane_min.x + pane_max.x) / 2 + static_cast<float>(offset.x()),
          (pane_min.y + pane_max.y) / 2 + static_cast<float>(offset.y())};
}

Vec2 Mapping::to_photo(ImVec2 view) const {
  const Vec2 offset(view.x - (pane_min.x + pane_max.x) / 2, view.y - (pane_min.y + pane_max.y) / 2);
  return centre_px + offset / zoom;
}

Mapping mapping(const ViewState& view, cv::Size photo_size, ImVec2 pane_min, ImVec2 pane_max) {
  Mapping map{pane_min, pane_max, view.zoom, view.centre_px};
  if (view.zoom <= 0) {
    const double margin = 0.98;
    map.zoom = std::max(
        1e-3, margin * std::min((pane_max.x - pane_min.x) / static_cast<double>(std::max(1, photo_size.width)),
                                (pane_max.y - pane_min.y) / static_cast<double>(std::max(1, photo_size.height))));
    map.centre_px = {photo_size.width / 2.0, photo_size.height / 2.0};
  }
  return map;
}

const Texture& texture_of(App& app, Texture& slot, const std::shared_ptr<const Photo>& photo) {
  if (slot.id && photo && slot.photo.lock() == photo) return slot;
  if (slot.id) app.textures.release(slot.id);
  slot = {};
  if (!photo) return slot;
  cv::Mat rgb8;
  if (photo->rgb.depth() == CV_16U) {
    photo->rgb.convertTo(rgb8, CV_8U, 1.0 / 257.0);
  } else {
    rgb8 = photo->rgb;
  }
  slot = {photo, app.textures.upload(rgb8), photo->size()};
  return slot;
}

void draw_canvas(App& app, ImVec2 min, ImVec2 max) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(min, max, palette(app.view.dark).canvas);
  if (!app.before.id) return invite(app, list, min, max);
  if (app.view.compare == Compare::grid) return draw_grid(app, min, max);

  ImGui::SetCursorScreenPos(min);
  ImGui::InvisibleButton("canvas", {std::max(1.0F, max.x - min.x), std::max(1.0F, max.y - min.y)});
  const bool hovered = ImGui::IsItemHovered(), held = ImGui::IsItemActive();
  const Mapping map = draw_by_mode(app, list, min, max);
  app.view.in_sight = in_sight(map, app.before.size);
  list.PushClipRect(map.pane_min, map.pane_max, true);
  draw_overlay(app, map, list);
  list.PopClipRect();
  const bool tooling = holds_tool(app);
  const bool wiping =
      !tooling && app.view.compare == Compare::wipe && shows_after(app) && drag_wipe(app.view, min, max, hovered);
  const bool editing = !wiping && (hovered || held) && edit_overlay(app, map);
  zoom_and_pan(app.view, map, hovered, held && !wiping && !editing);
  if (hovered && !tooling && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) app.view.zoom = 0;
  if (app.view.loupe && hovered) draw_loupe(app, list, map, app.after.id ? app.after : app.before);
}

}  // namespace stipple
