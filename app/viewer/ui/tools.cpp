// The tools of the scalp's step (two points of known distance, the brush, points of the face) and the brush of the
// finish. Each edit becomes a parameter like any other: undoable, saved with the project, applied again by every
// detection.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "app/viewer/ui/canvas.h"
#include "app/viewer/ui/panels.h"
#include "app/viewer/ui/strings.h"
#include "app/viewer/ui/widgets.h"
#include "sim/core/error.h"
#include "sim/plan/painted.h"

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
  }
  return p.text;
}

// Thinner is blue, denser is orange, left out is black: told apart by people with any colour vision.
ImU32 factor_colour(const App& app, double factor) {
  const Palette& p = palette(app.view.dark);
  return factor <= 0  ? IM_COL32(0, 0, 0, 255)
         : factor < 1 ? p.hair
         : factor > 1 ? p.scalp
                      : IM_COL32(128, 128, 128, 255);
}

ImU32 softened(ImU32 colour, int alpha) {
  return (colour & ~IM_COL32_A_MASK) | (static_cast<ImU32>(alpha) << IM_COL32_A_SHIFT);
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

// A round end of a line that comes from `before`: half a disc, so that nothing is painted twice.
void draw_end(ImVec2 end, ImVec2 before, float radius, ImU32 colour, ImDrawList& list) {
  const float angle = std::atan2(end.y - before.y, end.x - before.x), quarter = std::numbers::pi_v<float> / 2;
  list.PathArcTo(end, radius, angle - quarter, angle + quarter, 24);
  list.PathFillConvex(colour);
}

void draw_stroke(const std::vector<ImVec2>& line, float radius, ImU32 colour, ImDrawList& list) {
  if (line.empty()) return;
  if (line.size() == 1) return list.AddCircleFilled(line.front(), radius, colour);
  list.AddPolyline(line.data(), static_cast<int>(line.size()), colour, 0, 2 * radius);
  draw_end(line.front(), line[1], radius, colour, list);
  draw_end(line.back(), line[line.size() - 2], radius, colour, list);
}

// The stroke while it is drawn, and the brush's own size at the mouse.
void draw_brush(const App& app, const Mapping& map, ImU32 colour, ImDrawList& list) {
  const float radius = static_cast<float>(app.view.brush_radius * longer_side(app) * map.zoom);
  std::vector<ImVec2> line;
  for (const Vec2& p : app.view.stroke_px) line.push_back(map.to_view(p));
  draw_stroke(line, radius, softened(colour, 130), list);
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  list.AddCircle(mouse, radius, IM_COL32(0, 0, 0, 150), 48, 3.5F * app.view.scale);
  list.AddCircle(mouse, radius, colour, 48, 2 * app.view.scale);
}

// What was painted so far, faint enough to judge the dots under it.
void draw_painted(const App& app, const Mapping& map, ImDrawList& list) {
  const Vec2 size(app.before.size.width, app.before.size.height);
  try {
    for (const DensityStroke& stroke : parse_painted_density(app.document.live().plan.painted_density)) {
      std::vector<ImVec2> line;
      for (const Vec2& p : stroke.points) line.push_back(map.to_view(stroke.in_px ? p : p.cwiseProduct(size)));
      const double radius_px = stroke.in_px ? stroke.radius : stroke.radius * longer_side(app);
      draw_stroke(line, static_cast<float>(radius_px * map.zoom), softened(factor_colour(app, stroke.factor), 60),
                  list);
    }
  } catch (const Error&) {  // the frame says so already
  }
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

void paint_head(App& app, std::vector<Vec2> points) {
  HeadParams head = app.document.live().head;
  std::vector<Stroke> strokes = parse_corrections(head.corrections);
  strokes.push_back({app.view.brush, app.view.brush_radius, std::move(points)});
  head.corrections = format_corrections(strokes);
  parse_corrections(head.corrections);  // refuses what no detection could read
  edit_head(app, head);
}

void paint_density(App& app, std::vector<Vec2> points) {
  Settings settings = app.document.live();
  std::string& painted = settings.plan.painted_density;
  std::vector<DensityStroke> strokes = parse_painted_density(painted);
  strokes.push_back({app.view.density_factor, app.view.brush_radius, false, std::move(points)});
  painted = format_painted_density(strokes);
  parse_painted_density(painted);
  app.document.edit(settings);
  app.document.commit();
}

void finish_stroke(App& app) {
  if (app.view.stroke_px.empty()) return;
  std::vector<Vec2> points;
  for (const Vec2& p : std::exchange(app.view.stroke_px, {})) points.push_back(share_of_photo(app, p));
  app.view.tool == Tool::density ? paint_density(app, std::move(points)) : paint_head(app, std::move(points));
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

bool holds_tool(const App& app) {
  const Tool tool = app.view.tool;
  const bool of_step = app.view.step == Step::scalp    ? tool != Tool::none && tool != Tool::density
                       : app.view.step == Step::finish ? tool == Tool::density
                                                       : false;
  return of_step && app.frame->result.head && !app.view.client_mode;
}

void draw_tools(const App& app, const Mapping& map, ImDrawList& list) {
  if (!holds_tool(app)) return;
  if (app.view.tool == Tool::ruler) draw_ruler(app, map, list);
  if (app.view.tool == Tool::brush) draw_brush(app, map, brush_colour(app, app.view.brush), list);
  if (app.view.tool == Tool::points) draw_points(app, map, list);
  if (app.view.tool == Tool::density) {
    draw_painted(app, map, list);
    draw_brush(app, map, factor_colour(app, app.view.density_factor), list);
  }
}

bool edit_with_tool(App& app, const Mapping& map) {
  if (!holds_tool(app)) {
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
