// One panel per step of the flow: few controls, plain words.
#pragma once
#include "app/viewer/ui/app.h"

namespace stipple {

/// Draws the controls of the chosen step into the current child window.
void draw_step_panel(App& app);
/// The file browser, when open.
void draw_browser(App& app, ImVec2 size);
/// Before/after picture in one sheet, as `stipple render` and `compare` would write it.
std::string export_picture(const Frame& frame, const std::string& path);
std::string export_pair(const Frame& frame, const std::string& path);
std::string save_project(App& app, const std::string& path);

}  // namespace stipple
