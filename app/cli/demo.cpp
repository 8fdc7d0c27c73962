// `stipple demo`: a made client through everything, so that a first run shows what the program does.
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "app/cli/client.h"
#include "app/cli/commands.h"
#include "app/cli/outcome.h"
#include "sim/consult/variants.h"
#include "sim/core/error.h"
#include "sim/phantom/phantom.h"

namespace stipple {
namespace {

namespace fs = std::filesystem;

struct DemoOptions {
  std::string folder = "stipple-demo", json;
  PhantomParams client{.view = View::threequarter, .hair = PhantomHair::stubble};
};

void make_folder(const fs::path& folder) {
  std::error_code fault;
  fs::create_directories(folder, fault);
  if (!fs::is_directory(folder))
    throw Error(ErrorKind::internal, folder.string(), "cannot be made", "choose a folder you may write to with -o");
}

/// Runs one step, then says what it made and how long that took.
template <class Step>
void timed(const Console& console, const std::string& what, Step&& step) {
  const Stopwatch watch;
  {
    Progress progress(console.quiet);
    step(progress.job());
  }
  char line[200];
  std::snprintf(line, sizeof line, "%-52s %8s", what.c_str(), watch.text().c_str());
  console.say(line);
}

void run_demo(const DemoOptions& options, const CLI::App& app, const Console& said) {
  const Stopwatch whole;
  const fs::path folder = options.folder;
  make_folder(folder);
  const Console console{said.quiet || options.json == "-"};  // then standard output holds the JSON alone
  Outcome outcome;
  const auto path = [&](const char* name) { return (folder / name).string(); };
  const auto file = [&](const char* name) { return outcome.wrote.emplace_back(path(name)); };

  timed(console, "a made client -> photo.png",
        [&](Job& job) { write_photo(make_phantom(options.client, job).photo, file("photo.png"), true); });

  // From here on the client is a file like any other.
  ClientOptions opened;
  opened.input = path("photo.png");
  const Client client = load_client(opened);
  Settings settings = client.settings;
  settings.pigment.shade_parts_water = 13;  // the step of the ladder nearest to this client's stubble
  Pipeline pipeline(client.photo);
  Result result;
  timed(console, "scalp, plan, dots, pigment", [&](Job& job) { result = pipeline.run(settings, job); });
  timed(console, "the result -> before_after.jpg, before_after.png", [&](Job&) {
    SheetStyle style{"Before and after", "", 1000, 2};
    const Photo sheet = contact_sheet(before_after_cells(result, "After, healed"), style);
    write_photo(sheet, file("before_after.png"), true);
    write_photo(sheet, file("before_after.jpg"), true);
  });
  const auto sheet = [&](const char* name, const char* title, const Axis& axis, int columns) {
    timed(console, std::string(title) + " -> " + name, [&](Job& job) {
      SheetStyle style{title, "", 640, columns};
      const std::vector<Cell> cells = variant_cells(pipeline, settings, {axis}, style, job);
      write_photo(contact_sheet(cells, style), file(name), true);
    });
  };
  sheet("shades.png", "Shades", {"shade", {"6", "9", "13", "20", "30"}}, 3);
  sheet("ageing.png", "Over the years", {"years", {"0", "0.1", "1", "3", "5"}}, 3);
  sheet("hairlines.png", "Hairlines", {"hairline", {"natural", "soft", "defined", "widows_peak", "mature"}}, 3);
  save_project(client, settings, file("client.stipple"), false);
  console.say("the consultation -> client.stipple   (open it with: stipple render " + path("client.stipple") +
              " -o later.png --years 5)");
  outcome.numbers = plan_json(*result.plan, result.checks);
  outcome.line = "all in " + folder.string();
  conclude(app, outcome, options.json, whole, said);
}

}  // namespace

Command add_demo(CLI::App& root) {
  auto options = std::make_shared<DemoOptions>();
  CLI::App* app = root.add_subcommand("demo", "A made client through everything: the quickest way to see what it does");
  app->add_option("-o,--output", options->folder, "Folder for the pictures")->capture_default_str()->type_name("DIR");
  add_json_option(*app, options->json, "The files, and the plan's numbers");
  app->footer("Example:\n  stipple demo -o demo");
  return {app, [options, app](const Console& console) { run_demo(*options, *app, console); }};
}

}  // namespace stipple
