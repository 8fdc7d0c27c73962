// `stipple report`: what the client takes home on paper.
#include "sim/consult/report.h"

#include "app/cli/client.h"
#include "app/cli/commands.h"
#include "sim/core/error.h"
#include "sim/photo/file.h"

namespace stipple {
namespace {

struct ReportOptions {
  ClientOptions client;
  std::string output, config, paper = "a4";
};

void run_report(const ReportOptions& options, const Console& console) {
  if (!options.output.ends_with(".pdf") && !options.output.ends_with(".PDF"))
    throw Error(ErrorKind::usage, options.output, "is no PDF", "end its name in .pdf");
  const ReportStyle style{options.paper == "letter" ? Paper::letter : Paper::a4,
                          options.config.empty() ? Clinic{} : read_clinic(options.config), STIPPLE_VERSION};
  const Client client = load_client(options.client);
  protect_input(options.output, client, options.client.input);
  const Stopwatch watch;
  std::string pdf;
  {
    Progress progress(console.quiet);
    Pipeline pipeline(client.photo);
    pdf = make_report(pipeline, client.settings, style, progress.job());
  }
  write_file_atomically(options.output, pdf);
  console.say("wrote " + options.output + " in " + watch.text());
}

}  // namespace

Command add_report(CLI::App& root) {
  auto options = std::make_shared<ReportOptions>();
  CLI::App* app = root.add_subcommand("report", "Write preview, years to come and treatment sheet as a PDF");
  add_client_options(*app, options->client, {"finish", "hairline", "shade", "years", "sessions", "seed"});
  app->add_option("-o,--output", options->output, "PDF to write")->required()->type_name("OUT.pdf");
  app->add_option("--config", options->config,
                  "The clinic's own lines as JSON: name, address, contact, logo, currency, price_per_session")
      ->type_name("CLINIC.json");
  app->add_option("--paper", options->paper, "Size of the pages")
      ->check(CLI::IsMember({"a4", "letter"}))
      ->capture_default_str();
  app->footer(
      "Examples:\n  stipple report client.jpg -o client.pdf --shade 13\n"
      "  stipple report client.stipple -o client.pdf --config clinic.json --paper letter");
  return {app, [options](const Console& console) { run_report(*options, console); }};
}

}  // namespace stipple
