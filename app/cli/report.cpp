// `stipple report`: what the client takes home on paper.
#include "sim/consult/report.h"

#include "app/cli/client.h"
#include "app/cli/commands.h"
#include "app/cli/outcome.h"
#include "sim/core/error.h"
#include "sim/photo/file.h"

namespace stipple {
namespace {

struct ReportOptions {
  ClientOptions client;
  std::string output, config, paper = "a4", json;
};

void run_report(const ReportOptions& options, const CLI::App& app, const Console& console) {
  if (!options.output.ends_with(".pdf") && !options.output.ends_with(".PDF"))
    throw Error(ErrorKind::usage, options.output, "is no PDF", "end its name in .pdf");
  const ReportStyle style{options.paper == "letter" ? Paper::letter : Paper::a4,
                          options.config.empty() ? Clinic{} : read_clinic(options.config), STIPPLE_VERSION};
  const Stopwatch watch;
  const Outcome outcome = on_client(
      options.client, {options.output, options.json}, console, [&](const Client& client, Pipeline& pipeline, Job& job) {
        write_file_atomically(options.output, make_report(pipeline, client.settings, style, job));
        Outcome done{{options.output}, "", {}, {}};
        if (options.json.empty()) return done;
        const Result result = pipeline.run(client.settings, job);
        done.numbers = plan_json(*result.plan, result.checks);
        done.numbers["photo_sha256"] = client.photo->sha256;
        done.numbers["settings"] = to_json(client.settings);
        return done;
      });
  conclude(app, outcome, options.json, watch, console);
}

}  // namespace

Command add_report(CLI::App& root) {
  auto options = std::make_shared<ReportOptions>();
  CLI::App* app = root.add_subcommand("report", "Write preview, years to come and treatment sheet as a PDF");
  add_client_options(*app, options->client, {"finish", "hairline", "shade", "years", "sessions", "touch_ups", "seed"});
  app->add_option("-o,--output", options->output, "PDF to write")->required()->type_name("OUT.pdf");
  app->add_option("--config", options->config,
                  "The clinic's own lines as JSON: name, address, contact, logo, currency, price_per_session")
      ->type_name("CLINIC.json");
  app->add_option("--paper", options->paper, "Size of the pages")
      ->check(CLI::IsMember({"a4", "letter"}))
      ->capture_default_str();
  add_json_option(*app, options->json, "Area, dots, minutes, rule checks, settings and the photo's checksum");
  app->footer(
      "Examples:\n  stipple report client.jpg -o client.pdf --shade 13\n"
      "  stipple report client.stipple -o client.pdf --config clinic.json --paper letter");
  return {app, [options, app](const Console& console) { run_report(*options, *app, console); }};
}

}  // namespace stipple
