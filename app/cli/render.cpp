// `stipple render`: the client's photo with the treatment in it.
#include <cstdio>

#include "app/cli/client.h"
#include "app/cli/commands.h"
#include "app/cli/outcome.h"

namespace stipple {
namespace {

struct RenderOptions {
  ClientOptions client;
  std::string output, project_out, json;
  bool embed = false;
};

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

/// The rule with its number and limit, and what to say.
std::string spoken(const RuleCheck& check) {
  const std::string severity = check.severity == Severity::warning ? "warning: " : "advice: ";
  if (check.unit.empty()) return severity + check.reason;
  char numbers[80];
  std::snprintf(numbers, sizeof numbers, " (%.3g where the limit is %.3g %s)", check.value, check.limit,
                check.unit.c_str());
  return severity + check.reason + numbers;
}

Outcome outcome_of(const Result& result) {
  Outcome outcome;
  const Estimates& e = result.plan->estimates;
  char line[200];
  std::snprintf(line, sizeof line,
                "%.0f cm2 give or take %.0f, %.0f dots, sessions of about %.0f, %.0f and %.0f minutes",
                e.treated_area_cm2, e.treated_area_error_cm2, e.dots_total, e.minutes_per_session[0],
                e.minutes_per_session[1], e.minutes_per_session[2]);
  outcome.remarks.push_back(line);
  outcome.numbers = plan_json(*result.plan, result.checks);
  outcome.numbers["finish"] = finish_names[static_cast<size_t>(result.finish)];
  outcome.numbers["shade"] = shade_json(result);
  outcome.numbers["notes"] = nlohmann::json::array();
  for (const auto* notes : {&result.head->notes, &result.notes})
    for (const std::string& note : *notes) {
      outcome.remarks.push_back("note: " + note);
      outcome.numbers["notes"].push_back(note);
    }
  for (const RuleCheck& check : result.checks) outcome.remarks.push_back(spoken(check));
  return outcome;
}

void run_render(const RenderOptions& options, const CLI::App& app, const Console& console) {
  check_picture(options.output);
  const Stopwatch watch;
  const Outcome outcome = on_client(options.client, {options.output, options.json}, console,
                                    [&](const Client& client, Pipeline& pipeline, Job& job) {
                                      const Result result = pipeline.run(client.settings, job);
                                      Outcome done = outcome_of(result);
                                      write_photo(*result.after, options.output, true);
                                      done.wrote = {options.output};
                                      if (options.project_out.empty()) return done;
                                      save_project(client, client.settings, options.project_out, options.embed);
                                      done.wrote.push_back(options.project_out);
                                      return done;
                                    });
  conclude(app, outcome, options.json, watch, console);
}

}  // namespace

Command add_render(CLI::App& root) {
  auto options = std::make_shared<RenderOptions>();
  CLI::App* app = root.add_subcommand("render", "Show the treatment in the client's photo");
  add_client_options(*app, options->client, {"finish", "hairline", "shade", "years", "sessions", "touch_ups", "seed"});
  app->add_option("-o,--output", options->output, "Picture to write (.png, .jpg, .tif, .webp)")
      ->required()
      ->type_name("OUT");
  app->add_option("--project-out", options->project_out, "Keep photo and settings as a project")
      ->type_name("P.stipple");
  app->add_flag("--embed-photo", options->embed, "Store the photo inside the project");
  add_json_option(*app, options->json, "Area, dots, minutes and rule checks");
  app->footer(
      "Examples:\n  stipple render client.jpg -o after.png\n"
      "  stipple render client.jpg -o after.jpg --hairline soft --shade 13 --years 3\n"
      "  stipple render client.jpg -o after.png --set density=110 --project-out client.stipple\n"
      "  stipple render client.stipple -o later.png --years 5");
  return {app, [options, app](const Console& console) { run_render(*options, *app, console); }};
}

}  // namespace stipple
