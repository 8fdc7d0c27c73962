// `stipple phantom`: a made client whose truth is known.
#include "sim/phantom/phantom.h"

#include "app/cli/client.h"
#include "app/cli/commands.h"
#include "app/cli/outcome.h"

namespace stipple {
namespace {

struct PhantomOptions {
  PhantomParams params;
  std::string output, truth, json;
};

void run_phantom(const PhantomOptions& options, const CLI::App& app, const Console& console) {
  const Stopwatch watch;
  Phantom phantom;
  {
    Progress progress(console.quiet);
    phantom = make_phantom(options.params, progress.job());
  }
  write_photo(phantom.photo, options.output, true);
  Outcome outcome{{options.output}, "", {}, {}};
  if (!options.truth.empty()) {
    write_truth(phantom.truth, options.truth);
    outcome.wrote.push_back(options.truth);
  }
  outcome.numbers = {{"width", phantom.photo.rgb.cols},
                     {"height", phantom.photo.rgb.rows},
                     {"view", view_names[static_cast<size_t>(options.params.view)]},
                     {"px_per_mm", phantom.truth.px_per_mm},
                     {"scalp_area_cm2", phantom.truth.scalp_area_cm2}};
  conclude(app, outcome, options.json, watch, console);
}

}  // namespace

Command add_phantom(CLI::App& root) {
  auto options = std::make_shared<PhantomOptions>();
  CLI::App* app = root.add_subcommand("phantom", "Make a synthetic client whose truth is known exactly");
  app->add_option("-o,--output", options->output, "Picture to write")->required()->type_name("CLIENT.png");
  app->add_option("--truth", options->truth, "Folder for labels, normals, areas and truth.json")->type_name("DIR");
  add_json_option(*app, options->json, "Size, scale and scalp area");
  for_each_field(options->params, [&](const FieldInfo& info, auto& value) {
    // The declaration lives as long as the program: its texts are literals.
    add_field_option(*app, info, value, [&value, info](const std::string& given) { set_field(value, given, info); });
  });
  app->footer(
      "Examples:\n  stipple phantom -o client.png --view top --hair fringe --tone 6\n"
      "  stipple phantom -o client.png --truth truth/");
  return {app, [options, app](const Console& console) { run_phantom(*options, *app, console); }};
}

}  // namespace stipple
