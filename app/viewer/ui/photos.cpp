// Several photos of one client: the strip of small pictures, and what stays when another one is shown. Shade, density,
// years and the plan's shape are chosen once for all; the head, the drawn line and zones belong to one photo's pixels.
#include <algorithm>

#include "app/viewer/ui/canvas.h"
#include "app/viewer/ui/panels.h"
#include "app/viewer/ui/strings.h"
#include "app/viewer/ui/widgets.h"

namespace stipple {
namespace {

ClientPhoto own_part(const std::string& path, const Settings& settings, bool unsaved) {
  return {path, settings.head, settings.plan.line_points, settings.plan.zone, settings.plan.exclude, unsaved, true};
}

Settings with_own_part(Settings settings, const ClientPhoto& photo) {
  settings.head = photo.head;
  settings.plan.line_points = photo.line_points;
  settings.plan.zone = photo.zone;
  settings.plan.exclude = photo.exclude;
  return settings;
}

ClientPhoto fresh(const App& app, const std::string& path) {
  ClientPhoto photo{path, {}, {}, {}, {}, false, false};
  photo.head.parser_model = app.document.live().head.parser_model;
  return photo;
}

// What is being edited is not lost when another photo comes.
void put_aside(App& app) {
  if (!app.frame || !app.frame->result.before || app.shown >= app.photos.size()) return;
  app.document.commit();
  app.photos[app.shown] = own_part(app.photos[app.shown].path, app.document.live(), app.document.unsaved());
  if (app.document.unsaved()) app.session.keep(project_of(app), app.view.time_s, 0);
}

std::string project_at(const std::string& path) {
  return std::filesystem::path(path).extension() == ".stipple" ? path : "";
}

}  // namespace

void open_path(App& app, const std::string& path) {
  if (app.view.adding) return add_path(app, path);
  app.view.browsing = false;
  put_aside(app);
  app.session.opened(path);
  app.project_path = project_at(path);
  const Settings live = app.document.live();
  const bool first = app.photos.empty();  // settings given at the start were given for this photo
  app.photos = {first ? own_part(path, live, false) : fresh(app, path)};
  app.shown = 0;
  app.worker.open(path, with_own_part(live, app.photos[0]));
}

void add_path(App& app, const std::string& path, bool show) {
  app.view.browsing = app.view.adding = false;
  if (app.photos.empty()) return open_path(app, path);
  const auto there =
      std::find_if(app.photos.begin(), app.photos.end(), [&](const ClientPhoto& photo) { return photo.path == path; });
  const size_t index = static_cast<size_t>(there - app.photos.begin());
  if (there == app.photos.end()) {
    app.session.opened(path);
    app.photos.push_back(fresh(app, path));
  }
  if (show) show_photo(app, index);
}

void show_photo(App& app, size_t index) {
  if (index >= app.photos.size() || index == app.shown) return;
  put_aside(app);
  app.shown = index;
  app.project_path = project_at(app.photos[index].path);
  app.worker.open(app.photos[index].path, with_own_part(app.document.live(), app.photos[index]),
                  app.photos[index].seen);
}

void open_leftover(App& app, const Leftover& leftover) {
  app.project_path.clear();
  app.going_on = leftover;
  app.photos = {own_part(leftover.project.string(), {}, true)};
  app.shown = 0;
  app.worker.open(leftover.project.string(), {});
}

float strip_width(const App& app) { return app.photos.size() > 1 ? 96 * app.view.scale : 0; }

void draw_strip(App& app, ImVec2 min, ImVec2 max) {
  if (app.photos.size() < 2) return;
  const float pad = 8 * app.view.scale, width = max.x - min.x - 2 * pad, height = width * 1.2F;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  for (size_t i = 0; i < app.photos.size(); ++i) {
    const ImVec2 a{min.x + pad, min.y + pad + static_cast<float>(i) * (height + pad)}, b{a.x + width, a.y + height};
    if (b.y > max.y) break;
    ImGui::SetCursorScreenPos(a);
    ImGui::PushID(static_cast<int>(i));
    const bool pressed = ImGui::InvisibleButton("photo", {width, height});
    const bool hovered = ImGui::IsItemHovered();
    ImGui::PopID();
    list.AddRectFilled(a, b, palette(app.view.dark).canvas, pad);
    if (const std::shared_ptr<const Photo> picture = app.thumbnails.get(app.photos[i].path)) {
      const Texture& texture = texture_of(app, app.strip_textures[picture.get()], picture);
      // The middle of the picture in the card's own shape.
      const float shape =
          static_cast<float>(texture.size.width) / static_cast<float>(texture.size.height) / (width / height);
      const float u = shape > 1 ? 0.5F - 0.5F / shape : 0, v = shape < 1 ? 0.5F - 0.5F * shape : 0;
      list.AddImageRounded(texture.id, a, b, {u, v}, {1 - u, 1 - v}, IM_COL32_WHITE, pad);
    }
    if (i == app.shown || hovered)
      list.AddRect(a, b, palette(app.view.dark).accent, pad, 0, (i == app.shown ? 3.0F : 1.5F) * app.view.scale);
    if (pressed) show_photo(app, i);
  }
  std::erase_if(app.strip_textures, [&](auto& entry) {
    const bool gone = entry.second.photo.expired();
    if (gone && entry.second.id) app.textures.release(entry.second.id);
    return gone;
  });
}

}  // namespace stipple
