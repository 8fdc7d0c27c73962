// What leaves the window: the same engine calls as the command line, every file marked as a simulation.
#include "app/viewer/ui/panels.h"
#include "app/viewer/ui/strings.h"
#include "sim/consult/sheet.h"
#include "sim/core/error.h"
#include "sim/photo/file.h"

namespace stipple {

std::string export_picture(const Frame& frame, const std::string& path) {
  write_photo(*frame.result.after, path, true);
  return std::string(tr(Text::saved)) + ": " + path;
}

std::string export_pair(const Frame& frame, const std::string& path) {
  SheetStyle style;
  style.columns = 2;
  style.cell_width_px = 1200;
  write_photo(contact_sheet({{*frame.result.before, tr(Text::before)}, {*frame.result.after, tr(Text::after)}}, style),
              path, true);
  return std::string(tr(Text::saved)) + ": " + path;
}

std::string save_project(App& app, const std::string& path) {
  Project project;
  project.photo_path =
      std::filesystem::relative(app.frame->result.before->path, std::filesystem::path(path).parent_path()).string();
  project.photo_sha256 = app.frame->result.before->sha256;
  project.settings = app.document.live();
  try {
    write_project(project, path);
  } catch (const Error& error) {
    return error.what();
  }
  app.project_path = path;
  app.document.mark_saved();
  return std::string(tr(Text::saved)) + ": " + path;
}

}  // namespace stipple
