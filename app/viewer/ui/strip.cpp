// The strip of small pictures of one client's photos.
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

}  // namespace

float strip_width(const App& app) { return app.now.photos.size() > 1 ? 96 * app.view.scale : 0; }

void draw_strip(App& app, ImVec2 min, ImVec2 max) {
  if (app.now.photos.size() < 2) return;
  const float pad = 8 * app.view.scale, width = max.x - min.x - 2 * pad, height = width * 1.2F;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  for (size_t i = 0; i < app.now.photos.size(); ++i) {
    const ImVec2 a{min.x + pad, min.y + pad + static_cast<float>(i) * (height + pad)}, b{a.x + width, a.y + height};
    if (b.y > max.y) break;
    ImGui::SetCursorScreenPos(a);
    ImGui::PushID(static_cast<int>(i));
    const bool pressed = ImGui::InvisibleButton("photo", {width, height});
    const bool hovered = ImGui::IsItemHovered();
    ImGui::PopID();
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
    if (pressed) show_photo(app, i);
  }
  std::erase_if(app.strip_textures, [&](auto& entry) {
    const bool gone = entry.second.photo.expired();
    if (gone && entry.second.id) app.textures.release(entry.second.id);
    return gone;
  });
}

}  // namespace stipple
