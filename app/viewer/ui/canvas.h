// The picture: before and after with shared zoom and pan, and what is drawn and edited on top of it.
#pragma once
#include "app/viewer/ui/app.h"

namespace stipple {

/// Photo px <-> view px of one pane (the third named space; see sim/head/head.h for the others).
struct Mapping {
  ImVec2 pane_min, pane_max;
  double zoom = 1;       // view px per photo px
  Vec2 centre_px{0, 0};  // photo point at the pane's middle
  ImVec2 to_view(const Vec2& photo_px) const;
  Vec2 to_photo(ImVec2 view) const;
};

Mapping mapping(const ViewState& view, cv::Size photo_size, ImVec2 pane_min, ImVec2 pane_max);

/// Draws the pictures by the compare mode and handles zoom, pan, wipe and the step's own editing.
void draw_canvas(App& app, ImVec2 min, ImVec2 max);
/// Outline of classes, hairline with handles, ruler, scale bar: what belongs to the step.
void draw_overlay(App& app, const Mapping& map, ImDrawList& list);
/// Dragging of hairline points and clicking of the ruler. Returns true when it took the mouse.
bool edit_overlay(App& app, const Mapping& map);
/// True while a tool of the step that is shown has the mouse.
bool holds_tool(const App& app);
/// Ruler, brush and points of the face, as chosen in the panel of the scalp; the brush of the finish.
void draw_tools(const App& app, const Mapping& map, ImDrawList& list);
bool edit_with_tool(App& app, const Mapping& map);
/// Words on a dark plate; `align` 0 hangs it right of `at`, 1 left of it.
void draw_tag(const App& app, ImDrawList& list, ImVec2 at, const char* words, float align);
/// Labelled variants, click to choose.
void draw_grid(App& app, ImVec2 min, ImVec2 max);
/// The cells of the grid that is chosen, from the live settings.
std::vector<GridCell> grid_cells(const App& app);
/// Texture of a photo, uploaded once.
const Texture& texture_of(App& app, Texture& slot, const std::shared_ptr<const Photo>& photo);

}  // namespace stipple
