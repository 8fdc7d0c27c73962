// The strip of small pictures of one client's photos.
#include <optional>

#include "app/viewer/ui/canvas.h"
#include "app/viewer/ui/panels.h"
#include "app/viewer/ui/strings.h"
#include "app/viewer/ui/widgets.h"

namespace stipple {
namespace {

// From the photo's file, or from the project that holds it.
std::shared_ptr<const Photo> small_picture(App& app, const ClientPhoto& photo) {
  const std::shared_ptr<const Project>& project = app.now.project;
  if (photo.stored == 0 || !project) return app.thumbnails.get(photo.path);
  const std::string name = format("%s#%d", app.now.project_path.c_str(), photo.stored);
  return app.thumbnails.get(name, [project, number = photo.stored] { return project_photo(*project, "", number); });
}

// A cross in the corner of the card under the mouse. True once it was clicked.
bool draw_cross(const App& app, ImVec2 a, ImVec2 b) {
  const float side = 22 * app.view.scale, inset = 3 * app.view.scale;
  const ImVec2 low{b.x - side - inset, a.y + inset}, middle{low.x + side / 2, low.y + side / 2};
  ImGui::SetCursorScreenPos(low);
  const bool pressed = ImGui::InvisibleButton("remove", {side, side});
  const bool hovered = ImGui::IsItemHovered();
  if (hovered) ImGui::SetTooltip("%s", tr(Text::remove_photo));
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddCircleFilled(middle, side / 2, hovered ? palette(app.view.dark).warning : IM_COL32(0, 0, 0, 150), 24);
  const ImVec2 text = ImGui::CalcTextSize(icon::close);
  list.AddText({middle.x - text.x / 2, middle.y - text.y / 2}, IM_COL32_WHITE, icon::close);
  return pressed;
}

}  // namespace

float strip_width(const App& app) { return app.now.photos.size() > 1 ? 96 * app.view.scale : 0; }

void draw_strip(App& app, ImVec2 min, ImVec2 max) {
  if (app.now.photos.size() < 2) return;
  const float pad = 8 * app.view.scale, width = max.x - min.x - 2 * pad, height = width * 1.2F;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  std::optional<size_t> removed;
  for (size_t i = 0; i < app.now.photos.size(); ++i) {
    const ImVec2 a{min.x + pad, min.y + pad + static_cast<float>(i) * (height + pad)}, b{a.x + width, a.y + height};
    if (b.y > max.y) break;
    ImGui::SetCursorScreenPos(a);
    ImGui::PushID(static_cast<int>(i));
    const bool pressed = ImGui::InvisibleButton("photo", {width, height});
    ImGui::SetItemAllowOverlap();  // by the cross
    const bool hovered = ImGui::IsMouseHoveringRect(a, b);
    list.AddRectFilled(a, b, palette(app.view.dark).canvas, pad);
    if (const std::shared_ptr<const Photo> picture = small_picture(app, app.now.photos[i])) {
      const Texture& texture = texture_of(app, app.strip_textures[picture.get()], picture);
      // The middle of the picture in the card's own shape.
      const float shape =
          static_cast<float>(texture.size.width) / static_cast<float>(texture.size.height) / (width / height);
      const float u = shape > 1 ? 0.5F - 0.5F / shape : 0, v = shape < 1 ? 0.5F - 0.5F * shape : 0;
      list.AddImageRounded(texture.id, a, b, {u, v}, {1 - u, 1 - v}, IM_COL32_WHITE, pad);
    }
    if (i == app.now.shown || hovered)
      list.AddRect(a, b, palette(app.view.dark).accent, pad, 0, (i == app.now.shown ? 3.0F : 1.5F) * app.view.scale);
    if (hovered && draw_cross(app, a, b))
      removed = i;
    else if (pressed)
      show_photo(app, i);
    ImGui::PopID();
  }
  if (removed) remove_photo(app, *removed);
  std::erase_if(app.strip_textures, [&](auto& entry) {
    const bool gone = entry.second.photo.expired();
    if (gone && entry.second.id) app.textures.release(entry.second.id);
    return gone;
  });
}

}  // namespace stipple
