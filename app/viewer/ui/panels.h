// One panel per step of the flow: few controls, plain words.
#pragma once
#include "app/viewer/ui/app.h"

namespace stipple {

/// Draws the controls of the chosen step into the current child window.
void draw_step_panel(App& app);
/// The file browser, when open.
void draw_browser(App& app, ImVec2 size);
/// Before/after picture in one sheet, as `stipple render` and `compare` would write it.
std::string export_picture(const Frame& frame, const std::string& path, Job& job);
std::string export_pair(const Frame& frame, const std::string& path, Job& job);
/// Shades by years as a sheet, the years to come as an animated WebP, the report as a PDF: each with a pipeline of its
/// own, so that the picture's stays as it is.
std::string export_sheet(const Frame& frame, const std::string& path, Job& job);
std::string export_film(const Frame& frame, const std::string& path, Job& job);
std::string export_report(const Frame& frame, const std::string& path, Job& job);
/// Where an export lies: beside the photo, with its name and `suffix`.
std::string beside_photo(const Frame& frame, const char* suffix);
/// To the project's own file, or beside the photo when it has none yet. Returns what to tell.
std::string save_project(App& app);

void handle_keys(App& app);
void draw_steps(App& app, float width);
void draw_compare_bar(App& app);
/// The panel of the step that corrects what was found: facts, brush, ruler, points of the face.
void scalp_panel(App& app);
void finish_panel(App& app);
void shade_panel(App& app);
/// Takes a tool, or lays it down when it is in hand.
void choose_tool(App& app, Tool tool);
/// How the brush in hand works, and its width.
void brush_size(App& app);
/// What to say before anything is signed.
void draw_checks(const App& app);
/// "4 degrees outside the eye".
std::string lean_words(const TempleCorner& corner);
void years_panel(App& app);
/// How the treatment is looked at: distance, light, shine. Changes no file that leaves the program but for the shine.
void viewing_choices(App& app);
/// Small pictures of the client's photos on the left; nothing while there is only one.
float strip_width(const App& app);
void draw_strip(App& app, ImVec2 min, ImVec2 max);
/// Offers to go on with unsaved work of an earlier run.
void draw_leftovers(App& app, ImVec2 size);
/// Asks for the passphrase of a locked project.
void draw_unlocking(App& app, ImVec2 size);

inline constexpr double least_brush = 0.002, most_brush = 0.15;  // radius, share of the photo's longer side

}  // namespace stipple
