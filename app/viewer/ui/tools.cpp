// The tools of the scalp's step: two points of known distance, the brush, points of the face. Each edit becomes a
// parameter of the head like any other: undoable, saved with the project, applied again by every detection.
#include <algorithm>
#include <cmath>

#include "app/viewer/ui/canvas.h"
#include "app/viewer/ui/panels.h"
#include "app/viewer/ui/strings.h"
#include "app/viewer/ui/widgets.h"
#include "sim/core/error.h"

namespace stipple {
namespace {

ImU32 brush_colour(const App& app, Brush brush) {
  const Palette& p = palette(app.view.dark);
  switch (brush) {
    case Brush::scalp:
      return p.scalp;
    case Brush::hair:
      return p.hair;
    case Brush::skin:
      return p.face;
    case Brush::background:
      return IM_COL32(128, 128, 128, 255);
    case Brush::exclude:
      return p.warning;
  }
  return p.text;
}

int longer_side(const App& app) { return std::max(app.before.size.width, app.before.size.height); }

Vec2 share_of_photo(const App& app, const Vec2& photo_px) {
  return photo_px.cwiseQuotient(Vec2(app.before.size.width, app.before.size.height))
      .cwiseMax(Vec2(-1, -1))
      .cwiseMin(Vec2(2, 2));
}

void draw_ruler(const App& app, const Mapping& map, ImDrawList& list) {
  std::vector<ImVec2> points;
  for (const Vec2& p : app.view.ruler_points) points.push_back(map.to_view(p));
  if (points.size() == 1) points.push_back(ImGui::GetIO().MousePos);
  if (points.size() == 2) list.AddLine(points[0], points[1], palette(app.view.dark).good, 3 * app.view.scale);
  for (const ImVec2& p : points) list.AddCircleFilled(p, 5 * app.view.scale, palette(app.view.dark).good);
}

// The stroke while it is drawn, and the brush's own size at the mouse.
void draw_brush(const App& app, const Mapping& map, ImDrawList& list) {
  const float radius = static_cast<float>(app.view.brush_radius * longer_side(app) * map.zoom);
  const ImU32 colour = brush_colour(app, app.view.brush), soft = (colour & ~IM_COL32_A_MASK) | IM_COL32(0, 0, 0, 130);
  std::vector<ImVec2> line;
  for (const Vec2& p : app.view.stroke_px) line.push_back(map.to_view(p));
  // One line and two ends: a circle at every point would pile up and hide the skin.
  if (line.size() > 1) list.AddPolyline(line.data(), static_cast<int>(line.size()), soft, 0, 2 * radius);
  if (!line.empty()) list.AddCircleFilled(line.front(), radius, soft);
  if (line.size() > 1) list.AddCircleFilled(line.back(), radius, soft);
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  list.AddCircle(mouse, radius, IM_COL32(0, 0, 0, 150), 48, 3.5F * app.view.scale);
  list.AddCircle(mouse, radius, colour, 48, 2 * app.view.scale);
}

bool is_shown(const LandmarkPoint& point) { return point.confidence >= 0.3; }

void draw_points(const App& app, const Mapping& map, ImDrawList& list) {
  const Head& head = *app.frame->result.head;
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  for (int i = 0; i < landmark_count; ++i) {
    const LandmarkPoint& point = head.landmarks[static_cast<size_t>(i)];
    if (!is_shown(point)) continue;
    const bool dragged = app.view.dragged_landmark == i;
    const ImVec2 at = dragged ? mouse : map.to_view(point.photo_px);
    const bool near = std::hypot(at.x - mouse.x, at.y - mouse.y) < 14 * app.view.scale;
    list.AddCircle(at, 7 * app.view.scale, IM_COL32(0, 0, 0, 150), 24, 4 * app.view.scale);
    list.AddCircle(at, 7 * app.view.scale, near ? palette(app.view.dark).accent : IM_COL32(255, 255, 255, 240), 24,
                   2 * app.view.scale);
    list.AddCircleFilled(at, 2 * app.view.scale, IM_COL32(255, 255, 255, 240));
    if (near)
      draw_tag(app, list, {at.x + 12 * app.view.scale, at.y - 12 * app.view.scale},
               label_of(landmark_names[static_cast<size_t>(i)]).c_str(), 0);
  }
}

void edit_head(App& app, const HeadParams& head) {
  Settings settings = app.document.live();
  settings.head = head;
  app.document.edit(settings);
  app.document.commit();
}

void click_ruler(App& app, const Mapping& map) {
  if (!ImGui::IsMouseClicked(ImGuiMouseButton_Left)) return;
  app.view.ruler_points.push_back(map.to_photo(ImGui::GetIO().MousePos));
  if (app.view.ruler_points.size() < 2) return;
  const Vec2 a = app.view.ruler_points[0], b = app.view.ruler_points[1];
  app.view.tool = Tool::none;
  app.view.ruler_points.clear();
  if ((a - b).norm() < 4) return;
  HeadParams head = app.document.live().head;
  head.marker = format("%.1f,%.1f,%.1f,%.1f,%.1f", a.x(), a.y(), b.x(), b.y(), app.view.ruler_mm);
  edit_head(app, head);
}

void finish_stroke(App& app) {
  if (app.view.stroke_px.empty()) return;
  HeadParams head = app.document.live().head;
  std::vector<Stroke> strokes = parse_corrections(head.corrections);
  Stroke stroke{app.view.brush, app.view.brush_radius, {}};
  for (const Vec2& p : app.view.stroke_px) stroke.points.push_back(share_of_photo(app, p));
  strokes.push_back(std::move(stroke));
  app.view.stroke_px.clear();
  head.corrections = format_corrections(strokes);
  parse_corrections(head.corrections);  // refuses what no detection could read
  edit_head(app, head);
}

void paint(App& app, const Mapping& map) {
  constexpr size_t most_points = 2000;  // of one stroke
  if (!ImGui::IsMouseDown(ImGuiMouseButton_Left)) return finish_stroke(app);
  std::vector<Vec2>& stroke = app.view.stroke_px;
  if (ImGui::IsMouseClicked(ImGuiMouseButton_Left)) stroke.clear();
  if (stroke.empty() && !ImGui::IsMouseClicked(ImGuiMouseButton_Left)) return;  // pressed elsewhere, moved in
  const Vec2 at = map.to_photo(ImGui::GetIO().MousePos);
  const double step_px = std::max(0.25 * app.view.brush_radius * longer_side(app), 0.5);
  if (stroke.empty() || ((stroke.back() - at).norm() >= step_px && stroke.size() < most_points)) stroke.push_back(at);
}

bool drag_point(App& app, const Mapping& map) {
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const Head& head = *app.frame->result.head;
  if (ImGui::IsMouseClicked(ImGuiMouseButton_Left)) {
    app.view.dragged_landmark = -1;
    for (int i = 0; i < landmark_count; ++i) {
      const LandmarkPoint& point = head.landmarks[static_cast<size_t>(i)];
      const ImVec2 at = map.to_view(point.photo_px);
      if (is_shown(point) && std::hypot(at.x - mouse.x, at.y - mouse.y) < 14 * app.view.scale)
        app.view.dragged_landmark = i;
    }
  }
  if (app.view.dragged_landmark < 0) return false;
  if (ImGui::IsMouseDown(ImGuiMouseButton_Left)) return true;
  HeadParams params = app.document.live().head;
  const auto landmark = static_cast<Landmark>(app.view.dragged_landmark);
  app.view.dragged_landmark = -1;
  params.landmarks = with_landmark(params.landmarks, landmark, map.to_photo(mouse), app.before.size);
  edit_head(app, params);
  return true;
}

}  // namespace

void draw_tools(const App& app, const Mapping& map, ImDrawList& list) {
  if (app.view.step != Step::scalp) return;
  if (app.view.tool == Tool::ruler) draw_ruler(app, map, list);
  if (app.view.tool == Tool::brush) draw_brush(app, map, list);
  if (app.view.tool == Tool::points) draw_points(app, map, list);
}

bool edit_with_tool(App& app, const Mapping& map) {
  if (app.view.step != Step::scalp || app.view.tool == Tool::none) {
    app.view.stroke_px.clear();
    app.view.dragged_landmark = -1;
    return false;
  }
  try {
    if (app.view.tool == Tool::points) return drag_point(app, map);
    app.view.tool == Tool::ruler ? click_ruler(app, map) : paint(app, map);
  } catch (const Error& error) {  // a project may hold text that no tool wrote
    app.view.stroke_px.clear();
    app.worker.run([words = std::string(error.what())](Job&) { return words; });
  }
  return true;
}

}  // namespace stipple
