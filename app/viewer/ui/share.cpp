// What leaves the window: the same engine calls as the command line, every file marked as a simulation.
#include "app/viewer/ui/panels.h"
#include "app/viewer/ui/strings.h"
#include "sim/consult/ageing.h"
#include "sim/consult/animation.h"
#include "sim/consult/report.h"
#include "sim/consult/sheet.h"
#include "sim/consult/variants.h"
#include "sim/core/error.h"
#include "sim/photo/file.h"

namespace stipple {
namespace {

namespace fs = std::filesystem;

std::string saved(const std::string& path) { return std::string(tr(Text::saved)) + ": " + path; }

// The picture as the CPU draws it, which is what every export shows.
Photo after_of(const Frame& frame, Job& job) {
  return frame.result.after && frame.complete() ? *frame.result.after : composed(frame.result, job);
}

}  // namespace

std::string beside_photo(const Frame& frame, const char* suffix) {
  const fs::path photo(frame.result.before ? frame.result.before->path : "");
  return (photo.parent_path() / (photo.stem().string() + suffix)).string();
}

std::string export_picture(const Frame& frame, const std::string& path, Job& job) {
  write_photo(after_of(frame, job), path, true);
  return saved(path);
}

std::string export_pair(const Frame& frame, const std::string& path, Job& job) {
  SheetStyle style;
  style.columns = 2;
  style.cell_width_px = 1200;
  write_photo(contact_sheet({{*frame.result.before, tr(Text::before)}, {after_of(frame, job), tr(Text::after)}}, style),
              path, true);
  return saved(path);
}

std::string export_sheet(const Frame& frame, const std::string& path, Job& job) {
  Pipeline pipeline(frame.result.before);
  SheetStyle style;
  const std::vector<Axis> axes{{"shade", {"9", "13", "20"}}, {"years", {"0.1", "1", "3", "5"}}};
  const std::vector<Cell> cells = variant_cells(pipeline, frame.settings, axes, style, job);
  write_photo(contact_sheet(cells, style), path, true);
  return saved(path);
}

std::string export_film(const Frame& frame, const std::string& path, Job& job) {
  Pipeline pipeline(frame.result.before);
  std::unique_ptr<WebpAnimation> film;
  constexpr int width_px = 800;
  const std::vector<double> years = film_years("0:8", frame.settings.pigment);
  film_ageing(pipeline, frame.settings, years, width_px, job, [&](const FilmFrame& each) {
    if (!film) film = std::make_unique<WebpAnimation>(each.picture.size());
    film->add(each.picture, each.milliseconds);
  });
  write_file_atomically(path, film->finish());
  return saved(path);
}

std::string export_report(const Frame& frame, const std::string& path, Job& job) {
  Pipeline pipeline(frame.result.before);
  write_file_atomically(path, make_report(pipeline, frame.settings, {}, job));
  return saved(path);
}

}  // namespace stipple
