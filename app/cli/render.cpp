// `stipple render`: the client's photo with the treatment in it.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/cli/client.h"
#include "app/cli/commands.h"

namespace stipple {
namespace {

struct RenderOptions {
  ClientOptions client;
  std::string output, project_out, json;
  bool embed = false;
};

void print_result(const Console& console, const Result& result) {
  const Estimates& e = result.plan->estimates;
  char line[200];
  std::snprintf(line, sizeof line,
                "%.0f cm2 give or take %.0f, %.0f dots, sessions of about %.0f, %.0f and %.0f minutes",
                e.treated_area_cm2, e.treated_area_error_cm2, e.dots_total, e.minutes_per_session[0],
                e.minutes_per_session[1], e.minutes_per_session[2]);
  console.say(line);
  for (const auto* notes : {&result.head->notes, &result.notes})
    for (const std::string& note : *notes) console.say("note: " + note);
  for (const RuleCheck& check : result.plan->checks)
    console.say((check.severity == Severity::warning ? "warning: " : "advice: ") + check.reason);
}

nlohmann::json shade_json(const Result& result) {
  const ShadeAdvice& advice = result.advice;
  return {{"parts_water", result.parts_water},
          {"advised_parts_water", advice.parts_water},
          {"first_session_parts_water", advice.first_session_parts_water},
          {"skin_type", advice.skin_type},
          {"skin_ita_degrees", advice.ita_degrees},
          {"delta_e_to_own_hair", advice.fringe_delta_e},
          {"delta_e_to_bare_skin", advice.skin_delta_e}};
}

void run_render(const RenderOptions& options, const Console& console) {
  const Client client = load_client(options.client);
  for (const std::string& output : {options.output, options.json}) protect_input(output, client, options.client.input);
  const Stopwatch watch;
  Result result;
  {
    Progress progress(console.quiet);
    result = Pipeline(client.photo).run(client.settings, progress.job());
  }
  write_photo(*result.after, options.output, true);
  if (!options.project_out.empty()) save_project(client, client.settings, options.project_out, options.embed);
  if (!options.json.empty()) {
    nlohmann::json out = plan_json(*result.plan);
    out["shade"] = shade_json(result);
    out["seconds"] = watch.seconds();
    out["notes"] = result.head->notes;
    for (const std::string& note : result.notes) out["notes"].push_back(note);
    write_json(out, options.json);
  }
  if (options.json == "-") return;
  print_result(console, result);
  console.say("wrote " + options.output + " in " + watch.text());
}

}  // namespace

Command add_render(CLI::App& root) {
  auto options = std::make_shared<RenderOptions>();
  CLI::App* app = root.add_subcommand("render", "Show the treatment in the client's photo");
  add_client_options(*app, options->client, {"finish", "hairline", "shade", "years", "sessions", "seed"});
  app->add_option("-o,--output", options->output, "Picture to write (.png, .jpg, .tif, .webp)")
      ->required()
      ->type_name("OUT");
  app->add_option("--project-out", options->project_out, "Keep photo and settings as a project")
      ->type_name("P.stipple");
  app->add_flag("--embed-photo", options->embed, "Store the photo inside the project");
  app->add_option("--json", options->json, "Area, dots, minutes and rule checks, for programs; - prints them")
      ->type_name("J.json");
  app->footer(
      "Examples:\n  stipple render client.jpg -o after.png\n"
      "  stipple render client.jpg -o after.jpg --hairline soft --shade 13 --years 3\n"
      "  stipple render client.jpg -o after.png --set density=110 --project-out client.stipple\n"
      "  stipple render client.stipple -o later.png --years 5");
  return {app, [options](const Console& console) { run_render(*options, console); }};
}

}  // namespace stipple
