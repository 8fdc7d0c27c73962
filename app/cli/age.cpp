// `stipple age`: the years after the treatment as a film.
#include <algorithm>
#include <cctype>
#include <cstdio>
#include <filesystem>
#include <optional>

#include "app/cli/client.h"
#include "app/cli/commands.h"
#include "sim/consult/ageing.h"
#include "sim/consult/animation.h"
#include "sim/core/error.h"
#include "sim/photo/file.h"

namespace stipple {
namespace {

namespace fs = std::filesystem;

struct AgeOptions {
  ClientOptions client;
  std::string output, years = "0:8:0.25";
  int width_px = 720;
};

/// True for a WebP, false for a folder of pictures; all other kinds of film are refused before any work.
bool is_webp(const std::string& output) {
  std::string kind = fs::path(output).extension().string();
  std::transform(kind.begin(), kind.end(), kind.begin(), [](unsigned char c) { return std::tolower(c); });
  if (kind == ".webp") return true;
  if (kind.empty() || fs::is_directory(output)) return false;
  throw Error(ErrorKind::usage, output, "is no kind of film that can be written",
              "end its name in .webp, or name a folder and join its frames (ffmpeg -framerate 6 -i "
              "FOLDER/frame_%04d.png film.mp4)");
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

std::string webp_film(Pipeline& pipeline, const Settings& settings, const std::vector<double>& years, int width_px,
                      Job& job) {
  std::optional<WebpAnimation> film;
  film_ageing(pipeline, settings, years, width_px, job, [&](const FilmFrame& frame) {
    if (!film) film.emplace(frame.picture.size());
    film->add(frame.picture, frame.milliseconds);
  });
  return film->finish();
}

void run_age(const AgeOptions& options, const Console& console) {
  const std::vector<double> years = film_years(options.years);
  const bool webp = is_webp(options.output);
  const Client client = load_client(options.client);
  if (webp) protect_input(options.output, client, options.client.input);
  const Stopwatch watch;
  {
    Progress progress(console.quiet);
    Pipeline pipeline(client.photo);
    if (webp) {
      write_file_atomically(options.output,
                            webp_film(pipeline, client.settings, years, options.width_px, progress.job()));
    } else {
      FrameFolder folder(options.output);
      film_ageing(pipeline, client.settings, years, options.width_px, progress.job(),
                  [&](const FilmFrame& frame) { folder.add(frame.picture); });
      folder.keep();
    }
  }
  console.say("wrote " + options.output + " with " + std::to_string(years.size()) + " frames in " + watch.text());
}

}  // namespace

Command add_age(CLI::App& root) {
  auto options = std::make_shared<AgeOptions>();
  CLI::App* app = root.add_subcommand("age", "Show the years after the treatment as a film");
  add_client_options(*app, options->client, {"finish", "hairline", "shade", "sessions", "seed", "band"});
  app->add_option("-o,--output", options->output, "Animated WebP, or a new folder for PNG frames")
      ->required()
      ->type_name("OUT.webp|DIR");
  app->add_option("--years", options->years, "First and last year and the step, at most 200 frames")
      ->capture_default_str()
      ->type_name("FROM:TO:STEP");
  app->add_option("--width", options->width_px, "Width of the film in px")
      ->check(CLI::Range(160, 1600))
      ->capture_default_str();
  app->footer(
      "Examples:\n  stipple age client.jpg -o years.webp\n"
      "  stipple age client.jpg -o fast.webp --band low --years 0:5:0.5\n"
      "  stipple age client.stipple -o frames      (a folder of PNG frames, for any film maker)");
  return {app, [options](const Console& console) { run_age(*options, console); }};
}

}  // namespace stipple
