// What is drawn on the picture and edited there: outline of the scalp, the hairline. Tools have a file of their own.
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <sstream>

#include "app/viewer/ui/canvas.h"
#include "app/viewer/ui/panels.h"
#include "app/viewer/ui/strings.h"
#include "app/viewer/ui/widgets.h"
#include "sim/plan/corners.h"

namespace stipple {
namespace {

constexpr size_t most_handles = 11;

std::vector<Vec2> parse_points(const std::string& text) {
  std::vector<Vec2> points;
  std::istringstream in(text);
  double x = 0, y = 0;
  char comma = 0;
  while (in >> x >> comma >> y) points.emplace_back(x, y);
  return points;
}

std::string print_points(const std::vector<Vec2>& points) {
  std::string text;
  for (const Vec2& p : points) text += format("%s%.1f,%.1f", text.empty() ? "" : " ", p.x(), p.y());
  return text;
}

// Handles: the points drawn by hand, else points spread evenly along the planned line.
std::vector<Vec2> handles(const App& app) {
  std::vector<Vec2> points = parse_points(app.document.live().plan.line_points);
  if (!points.empty() || !app.frame->result.plan) return points;
  const std::vector<Vec2>& line = app.frame->result.plan->hairline_px;
  if (line.size() <= most_handles) return line;
  for (size_t i = 0; i < most_handles; ++i) points.push_back(line[i * (line.size() - 1) / (most_handles - 1)]);
  return points;
}

void draw_outline(const App& app, const Mapping& map, ImDrawList& list) {
  const Head& head = *app.frame->result.head;
  const std::pair<std::vector<uint8_t>, ImU32> parts[] = {{{face_skin}, palette(app.view.dark).face},
                                                          {{bare_scalp}, palette(app.view.dark).scalp},
                                                          {{hair_on_scalp}, palette(app.view.dark).hair},
                                                          {{hat}, palette(app.view.dark).warning}};
  for (const auto& [classes, colour] : parts) {
    cv::Mat1b mask;
    cv::compare(head.classes, static_cast<double>(classes[0]), mask, cv::CMP_EQ);
    std::vector<std::vector<cv::Point>> contours;
    cv::findContours(mask, contours, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_TC89_L1);
    for (const auto& contour : contours) {
      std::vector<ImVec2> points;
      for (const cv::Point& p : contour) points.push_back(map.to_view(Vec2(p.x + 0.5, p.y + 0.5) * head.work_scale));
      if (points.size() > 2)
        list.AddPolyline(points.data(), static_cast<int>(points.size()), colour, ImDrawFlags_Closed,
                         2.5F * app.view.scale);
    }
  }
}

void draw_scale_bar(const App& app, const Mapping& map, ImDrawList& list) {
  const Scale& scale = app.frame->result.head->scale;
  if (scale.px_per_mm <= 0) return;
  const float length = static_cast<float>(50 * scale.px_per_mm * map.zoom);
  const ImVec2 a{map.pane_min.x + 20 * app.view.scale, map.pane_max.y - 24 * app.view.scale};
  const std::string words = format("50 mm \xC2\xB1 %.0f %%", 100 * scale.relative_error);
  const float pad = 8 * app.view.scale, wide = std::max(length, ImGui::CalcTextSize(words.c_str()).x);
  list.AddRectFilled({a.x - pad, a.y - ImGui::GetFontSize() - 2 * pad}, {a.x + wide + pad, a.y + pad},
                     IM_COL32(0, 0, 0, 120), pad);
  list.AddLine(a, {a.x + length, a.y}, IM_COL32(255, 255, 255, 240), 2.5F * app.view.scale);
  list.AddText({a.x, a.y - ImGui::GetFontSize() - pad}, IM_COL32(255, 255, 255, 255), words.c_str());
}

// From the glabella to the line in the middle of the front: the measure that every hairline is spoken of by.
void draw_height(const App& app, const Mapping& map, ImDrawList& list) {
  if (!app.frame->result.plan || app.frame->result.plan->mid_frontal_height_mm <= 0) return;
  const Plan& plan = *app.frame->result.plan;
  const LandmarkPoint& root = app.frame->result.head->landmarks[glabella];
  if (root.confidence < 0.3 || plan.hairline_px.empty()) return;
  Vec2 top = plan.hairline_px.front();
  for (const Vec2& p : plan.hairline_px)
    if (std::abs(p.x() - root.photo_px.x()) < std::abs(top.x() - root.photo_px.x())) top = p;
  const ImVec2 a = map.to_view(root.photo_px), b = map.to_view(top);
  for (const auto& [colour, width] :
       {std::pair(IM_COL32(0, 0, 0, 110), 3.5F), std::pair(IM_COL32(255, 255, 255, 220), 1.5F)}) {
    list.AddLine(a, b, colour, width * app.view.scale);
    for (const ImVec2& end : {a, b})
      list.AddLine({end.x - 6 * app.view.scale, end.y}, {end.x + 6 * app.view.scale, end.y}, colour,
                   width * app.view.scale);
  }
  draw_tag(app, list, {(a.x + b.x) / 2 + 8 * app.view.scale, (a.y + b.y) / 2 - ImGui::GetFontSize() / 2},
           format("%.0f mm", plan.mid_frontal_height_mm).c_str(), 0);
}

// The vertical through the outer corner of the eye, dashed, and the corner's angle; in the colour of warnings where it
// leaves the rule.
void draw_corner(const App& app, const Mapping& map, const TempleCorner& corner, ImDrawList& list) {
  const Palette& p = palette(app.view.dark);
  const bool off =
      corner.corner_degrees > widest_corner_degrees || std::abs(corner.lean_degrees) > largest_lean_degrees;
  const std::vector<Vec2>& line = corner.canthus_line_px;
  for (size_t i = 1; i < line.size(); i += 2) {
    const ImVec2 a = map.to_view(line[i - 1]), b = map.to_view(line[i]);
    list.AddLine(a, b, IM_COL32(0, 0, 0, 110), 3.5F * app.view.scale);
    list.AddLine(a, b, off ? p.warning : IM_COL32(255, 255, 255, 220), 1.5F * app.view.scale);
  }
  std::string words = format("%.0f\xC2\xB0", corner.corner_degrees);
  if (app.view.dragged_point >= 0) words += ", " + lean_words(corner);
  const ImVec2 at = map.to_view(corner.photo_px);
  const bool right_of_picture = at.x > map.to_view(map.centre_px).x;
  const float away = 14 * app.view.scale;
  draw_tag(app, list, {at.x + (right_of_picture ? away : -away), at.y - 2 * away}, words.c_str(),
           right_of_picture ? 0.0F : 1.0F);
}

void draw_hairline(const App& app, const Mapping& map, ImDrawList& list) {
  const ImU32 colour = palette(app.view.dark).accent;
  if (app.frame->result.plan) {
    std::vector<ImVec2> points;
    for (const Vec2& p : app.frame->result.plan->hairline_px) points.push_back(map.to_view(p));
    list.AddPolyline(points.data(), static_cast<int>(points.size()), IM_COL32(0, 0, 0, 110), 0, 4 * app.view.scale);
    list.AddPolyline(points.data(), static_cast<int>(points.size()), colour, 0, 2 * app.view.scale);
  }
  draw_height(app, map, list);
  if (app.frame->result.plan)
    for (const TempleCorner& corner : app.frame->result.plan->corners) draw_corner(app, map, corner, list);
  for (const Vec2& p : handles(app)) {
    list.AddCircleFilled(map.to_view(p), 7 * app.view.scale, IM_COL32(255, 255, 255, 240));
    list.AddCircleFilled(map.to_view(p), 5 * app.view.scale, colour);
  }
}

// The same place on the other side of the head; `otherwise` where the camera does not see it.
Vec2 mirrored(const HeadModel& model, const Vec2& photo_px, const Vec2& otherwise) {
  const Vec3 there = model.nearest(photo_px).cwiseProduct(Vec3(-1, 1, 1));
  return model.faces_camera(there) ? model.project(there) : otherwise;
}

bool drag_hairline(App& app, const Mapping& map) {
  std::vector<Vec2> points = handles(app);
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  if (ImGui::IsMouseClicked(ImGuiMouseButton_Left)) {
    app.view.dragged_point = -1;
    for (size_t i = 0; i < points.size(); ++i) {
      const ImVec2 at = map.to_view(points[i]);
      if (std::hypot(at.x - mouse.x, at.y - mouse.y) < 14 * app.view.scale)
        app.view.dragged_point = static_cast<int>(i);
    }
  }
  if (app.view.dragged_point < 0 || app.view.dragged_point >= static_cast<int>(points.size())) return false;
  if (ImGui::IsMouseDown(ImGuiMouseButton_Left)) {
    const auto dragged = static_cast<size_t>(app.view.dragged_point);
    points[dragged] = map.to_photo(mouse);
    if (const size_t opposite = points.size() - 1 - dragged; app.view.mirror && opposite != dragged)
      points[opposite] = mirrored(app.frame->result.head->model, points[dragged], points[opposite]);
    Settings settings = app.document.live();
    if (ImGui::IsMouseDragging(ImGuiMouseButton_Left, 2)) settings.plan.line_points = print_points(points);
    app.document.edit(settings);
  } else {
    app.document.commit();
    app.view.dragged_point = -1;
  }
  return true;
}

}  // namespace

std::string lean_words(const TempleCorner& corner) {
  const double degrees = std::round(std::abs(corner.lean_degrees));
  if (degrees == 0) return tr(Text::corner_above_eye);
  return format("%.0f\xC2\xB0 %s", degrees, tr(corner.lean_degrees > 0 ? Text::corner_outside : Text::corner_inside));
}

void draw_overlay(App& app, const Mapping& map, ImDrawList& list) {
  if (!app.frame->result.head || app.view.client_mode) return;
  if (app.view.step == Step::scalp && app.view.overlay) draw_outline(app, map, list);
  if (app.view.step == Step::scalp || app.view.step == Step::hairline) draw_scale_bar(app, map, list);
  if (app.view.step == Step::hairline) draw_hairline(app, map, list);
  draw_tools(app, map, list);
}

bool edit_overlay(App& app, const Mapping& map) {
  if (!app.frame->result.head || app.view.client_mode) return false;
  if (edit_with_tool(app, map)) return true;
  return app.view.step == Step::hairline && drag_hairline(app, map);
}

}  // namespace stipple
