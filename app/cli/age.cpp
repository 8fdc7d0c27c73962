// `stipple age`: the years after the treatment as a film.
#include <cstdio>
#include <filesystem>

#include "app/cli/client.h"
#include "app/cli/commands.h"
#include "app/cli/outcome.h"
#include "sim/consult/ageing.h"
#include "sim/consult/film.h"
#include "sim/consult/house_style.h"
#include "sim/core/error.h"
#include "sim/photo/file.h"

namespace stipple {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr double any_mb = 4000;  // no film is larger

struct AgeOptions {
  ClientOptions client;
  std::string output, years = "0:8", json;
  int width_px = 720;
  double most_mb = any_mb;
};

/// The kind of film, or nothing for a folder of pictures; other names are refused before any work.
std::optional<FilmKind> kind_of(const std::string& output) {
  const std::optional<FilmKind> kind = film_kind(output);
  if (kind || fs::path(output).extension().empty() || fs::is_directory(output)) return kind;
  throw Error(ErrorKind::usage, output, "is no kind of film that can be written",
              "end its name in .webp, .mp4 or .gif, or name a folder for its frames");
}

/// A folder's frames; takes back what it wrote unless all of them were written.
class FrameFolder {
 public:
  explicit FrameFolder(fs::path folder) : folder_(std::move(folder)) {
    std::error_code fault;
    made_ = fs::create_directory(folder_, fault);
    if (!fs::is_directory(folder_))
      throw Error(ErrorKind::internal, folder_.string(), "cannot be made", "choose a folder you may write to with -o");
    if (!made_ && !fs::is_empty(folder_, fault))
      throw Error(ErrorKind::usage, folder_.string(), "is not empty, so old frames could mix with new ones",
                  "name a new folder");
  }
  FrameFolder(const FrameFolder&) = delete;
  FrameFolder& operator=(const FrameFolder&) = delete;
  ~FrameFolder() {
    std::error_code ignored;
    if (kept_) return;
    for (const fs::path& file : written_) fs::remove(file, ignored);
    if (made_) fs::remove(folder_, ignored);
  }
  void add(const Photo& picture) {
    char name[32];
    std::snprintf(name, sizeof name, "frame_%04zu.png", written_.size());
    written_.push_back(folder_ / name);
    write_photo(picture, written_.back().string(), true);
  }
  void keep() { kept_ = true; }

 private:
  fs::path folder_;
  std::vector<fs::path> written_;
  bool made_ = false, kept_ = false;
};

/// What the film shows at each moment, as the report's curve has it.
json course_of(const std::vector<double>& years, const PigmentParams& pigment) {
  json course = json::array();
  for (const double at : years)
    course.push_back({{"years", at},
                      {"caption", date_caption(at)},
                      {"touch_up", touch_up_caption(at, pigment.touch_ups)},
                      {"retained", retained(at, pigment, Band::typical)},
                      {"retained_low", retained(at, pigment, Band::low)},
                      {"retained_high", retained(at, pigment, Band::high)}});
  return course;
}

std::string film_line(const json& numbers) {
  char line[120];
  std::snprintf(line, sizeof line, "%d frames of %d x %d px, %.1f s, %.2f MB", numbers["frames"].get<int>(),
                numbers["width"].get<int>(), numbers["height"].get<int>(), numbers["duration_seconds"].get<double>(),
                numbers["bytes"].get<double>() / 1e6);
  return line;
}

/// Renders the frames, joins them and writes the file.
Outcome write_film(const AgeOptions& options, FilmKind kind, Pipeline& pipeline, const Settings& settings, Job& job) {
  const std::vector<double> years = film_years(options.years, settings.pigment);
  std::vector<KeptFrame> frames;
  std::vector<double> shown;
  int milliseconds = 0;
  film_ageing(pipeline, settings, years, options.width_px, job, [&](const FilmFrame& frame) {
    frames.push_back(keep_frame(frame.picture, frame.milliseconds));
    shown.push_back(frame.years);
    milliseconds += frame.milliseconds;
  });
  const Film film = fit_film(frames, kind, static_cast<size_t>(options.most_mb * 1e6), job);
  write_file_atomically(options.output, film.bytes);
  Outcome outcome{{options.output}, "", {}, {}};
  outcome.numbers = {{"frames", film.frames},
                     {"width", film.size.width},
                     {"height", film.size.height},
                     {"bytes", film.bytes.size()},
                     {"quality", film.rung.quality},
                     {"duration_seconds", milliseconds / 1000.0},
                     {"course", course_of(shown, settings.pigment)}};
  outcome.line = film_line(outcome.numbers);
  return outcome;
}

Outcome write_frames(const AgeOptions& options, Pipeline& pipeline, const Settings& settings, Job& job) {
  const std::vector<double> years = film_years(options.years, settings.pigment);
  FrameFolder folder(options.output);
  std::vector<double> shown;
  film_ageing(pipeline, settings, years, options.width_px, job, [&](const FilmFrame& frame) {
    folder.add(frame.picture);
    shown.push_back(frame.years);
  });
  folder.keep();
  return {{options.output},
          std::to_string(shown.size()) + " frames",
          {{"frames", shown.size()}, {"course", course_of(shown, settings.pigment)}},
          {}};
}

void run_age(const AgeOptions& options, const CLI::App& app, const Console& console) {
  const Stopwatch watch;
  film_years(options.years, {});
  const std::optional<FilmKind> kind = kind_of(options.output);
  const Outcome outcome = on_client(options.client, {options.output, options.json}, console,
                                    [&](const Client& client, Pipeline& pipeline, Job& job) {
                                      return kind ? write_film(options, *kind, pipeline, client.settings, job)
                                                  : write_frames(options, pipeline, client.settings, job);
                                    });
  conclude(app, outcome, options.json, watch, console);
}

}  // namespace

Command add_age(CLI::App& root) {
  auto options = std::make_shared<AgeOptions>();
  CLI::App* app = root.add_subcommand("age", "Show the years after the treatment as a film");
  add_client_options(*app, options->client, {"finish", "hairline", "shade", "sessions", "touch_ups", "seed", "band"});
  app->add_option("-o,--output", options->output, "Film to write (.webp and .gif loop), or a new folder for PNG frames")
      ->required()
      ->type_name("OUT.webp|gif|mp4|DIR");
  app->add_option("--years", options->years,
                  "First and last year; the pigment changes equally from frame to frame unless a step is given")
      ->capture_default_str()
      ->type_name("FROM:TO[:STEP]");
  app->add_option("--width", options->width_px, "Width of the film in px")
      ->check(CLI::Range(160, 1600))
      ->capture_default_str();
  app->add_option("--max-mb", options->most_mb, "Largest size in MB; quality, width and frames fall until it fits")
      ->check(CLI::Range(0.05, any_mb))
      ->type_name("MB");
  add_json_option(*app, options->json, "Frames, size, duration and the pigment left at each moment");
  app->footer(
      "Examples:\n  stipple age client.jpg -o years.mp4\n"
      "  stipple age client.jpg -o years.gif --width 480 --max-mb 5\n"
      "  stipple age client.jpg -o fast.webp --band low --years 0:5:0.5\n"
      "  stipple age client.jpg -o kept.mp4 --touch-ups 3,6\n"
      "  stipple age client.stipple -o frames      (a folder of PNG frames, for any film maker)");
  return {app, [options, app](const Console& console) { run_age(*options, *app, console); }};
}

}  // namespace stipple
