// `stipple validate`: how right the prediction was, from photos of the healed result.
#include "sim/validate/validate.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "app/cli/client.h"
#include "app/cli/commands.h"
#include "app/cli/outcome.h"
#include "sim/consult/house_style.h"
#include "sim/consult/variants.h"
#include "sim/core/error.h"
#include "sim/pigment/ageing.h"

namespace stipple {
namespace {

using nlohmann::json;

/// A photo of the healed result; `years` below 0 stands for those of the settings.
struct Dated {
  std::string path;
  double years = -1;
};

struct ValidateOptions {
  ClientOptions client;
  std::string single, sheet, project_out, json;
  std::vector<Dated> healed;
};

/// "PHOTO@YEARS".
Dated dated(const std::string& given) {
  const size_t at = given.rfind('@');
  Settings probe;
  if (at == given.npos || at == 0)
    throw Error(ErrorKind::usage, "--healed " + given, "names no time", "write PHOTO@YEARS, as in healed.jpg@0.5");
  set_value(probe, "years", given.substr(at + 1));
  return {given.substr(0, at), probe.pigment.years};
}

std::string line_of(const char* what, const Quantity& q, const char* unit, double factor = 1) {
  char text[160];
  std::snprintf(text, sizeof text, "  %-16s predicted %7.2f, measured %7.2f, error %+6.2f %s", what,
                factor * q.predicted, factor * q.measured, factor * q.error(), unit);
  return text;
}

/// Share of light taken, in percent, from a logarithm.
Quantity percent_taken(const Quantity& darkening) {
  return {100 * (1 - std::exp(-darkening.predicted)), 100 * (1 - std::exp(-darkening.measured))};
}

void describe(const Dated& healed, const Validation& v, std::vector<std::string>& lines) {
  char text[200];
  const Alignment& laid = v.alignment;
  text[0] = '\0';
  if (laid.source == "features")
    std::snprintf(text, sizeof text, " (%d of them, within %.1f px)", laid.matches, laid.error_px);
  lines.push_back(healed.path + ": " + date_caption(v.years) + " after the last session, laid over by " + laid.source +
                  text + ", " + std::to_string(std::lround(v.zone_cm2)) + " cm2");
  lines.push_back(line_of("light taken", percent_taken(v.darkening), "%"));
  lines.push_back(line_of("a* (red)", v.red, ""));
  lines.push_back(line_of("b* (yellow)", v.yellow, ""));
  if (v.has_line) lines.push_back(line_of("hairline", v.line_mm, "mm (+ lies further back)"));
  lines.push_back(line_of("dot contrast", v.dot_contrast, "%", 100));
  for (const std::string& note : v.notes) lines.push_back("  note: " + note);
}

json quantity_json(const Quantity& q) {
  return {{"predicted", q.predicted}, {"measured", q.measured}, {"error", q.error()}};
}

json validation_json(const Dated& healed, const Validation& v) {
  json out = {{"photo", healed.path},
              {"years", v.years},
              {"alignment",
               {{"source", v.alignment.source}, {"matches", v.alignment.matches}, {"error_px", v.alignment.error_px}}},
              {"believable", v.believable},
              {"turned_degrees", v.alignment.turned_degrees},
              {"compared_cm2", v.zone_cm2},
              {"darkening_log", quantity_json(v.darkening)},
              {"darkening_log_sd", v.darkening_sd},
              {"lightness", quantity_json(v.lightness)},
              {"a", quantity_json(v.red)},
              {"b", quantity_json(v.yellow)},
              {"dot_contrast_log", quantity_json(v.dot_contrast)},
              {"notes", v.notes}};
  if (v.has_line) out["hairline_mm"] = quantity_json(v.line_mm);
  return out;
}

void describe(const FadeFit& fit, const PigmentParams& before, Outcome& outcome) {
  PigmentParams after = before;
  after.fade_rate = fit.rate, after.fade_rate_sd = fit.rate_log_sd;
  const auto at_five = [](const PigmentParams& p, Band band) { return 100 * retained(5, p, band); };
  char text[240];
  std::snprintf(text, sizeof text,
                "this client fades %.2f times as fast as usual (give or take %.0f %%); after 5 years %.0f %% is left, "
                "between %.0f and %.0f (before: %.0f, between %.0f and %.0f)",
                fit.rate, 100 * fit.rate_log_sd, at_five(after, Band::typical), at_five(after, Band::low),
                at_five(after, Band::high), at_five(before, Band::typical), at_five(before, Band::low),
                at_five(before, Band::high));
  outcome.remarks.push_back(text);
  outcome.numbers["fade"] = {{"rate", fit.rate},
                             {"rate_log_sd", fit.rate_log_sd},
                             {"take_log", fit.take_log},
                             {"take_log_sd", fit.take_log_sd}};
}

/// The photo before, the prediction and the healed photo, each in its own light.
void write_sheet(const std::string& path, Pipeline& pipeline, const Settings& settings,
                 const std::vector<Photo>& photos, const std::vector<Validation>& found, Job& job) {
  std::vector<Cell> cells;
  for (size_t i = 0; i < photos.size(); ++i) {
    Settings then = settings;
    then.pigment.years = found[i].years;
    Result result = pipeline.run(then, job);
    std::vector<Cell> pair = before_after_cells(result, "Predicted, " + date_caption(found[i].years));
    result.after = std::make_shared<const Photo>(laid_over_photo(photos[i], found[i].alignment, *result.before));
    cells.insert(cells.end(), pair.begin(), pair.end());
    cells.push_back({before_after_cells(result, "").back().picture, "Photo, " + date_caption(found[i].years)});
  }
  const bool all = std::all_of(found.begin(), found.end(), [](const Validation& v) { return v.believable; });
  const char* footer = all ? "" : "Not everything here can be compared: see the notes";
  write_photo(contact_sheet(cells, {"Prediction and reality", footer, 640, 3}), path, true);
}

/// Validates every photo against what was predicted before any of them was known.
Outcome validate_all(const ValidateOptions& options, const std::vector<Dated>& healed, const Client& client,
                     Pipeline& pipeline, Job& job) {
  Settings usual = client.settings;
  usual.pigment.fade_rate = 1, usual.pigment.fade_rate_sd = PigmentParams{}.fade_rate_sd;
  Outcome outcome;
  std::vector<Photo> photos;
  std::vector<Validation> found;
  std::vector<DatedPigment> seen;
  for (const Dated& one : healed) {
    photos.push_back(read_photo(one.path));
    found.push_back(validate(pipeline, usual, photos.back(), one.years < 0 ? usual.pigment.years : one.years, job));
    describe(one, found.back(), outcome.remarks);
    outcome.numbers["photos"].push_back(validation_json(one, found.back()));
    if (healed.size() > 1 && found.back().believable) seen.push_back(pigment_seen(pipeline, usual, found.back(), job));
  }
  if (!options.sheet.empty()) {
    write_sheet(options.sheet, pipeline, usual, photos, found, job);
    outcome.wrote.push_back(options.sheet);
  }
  if (healed.size() < 2) return outcome;
  // What has faded and what was put in again cannot be told apart.
  const auto touched_up = [&](const Validation& v) {
    return !usual.pigment.touch_ups.empty() && usual.pigment.touch_ups.front() <= v.years;
  };
  if (std::any_of(found.begin(), found.end(), touched_up)) {
    outcome.remarks.push_back("the pace of fading is not told from photos taken after a touch-up");
    return outcome;
  }
  if (seen.size() < 2) {
    outcome.remarks.push_back("the pace of fading is not told: it needs two photos that can be believed");
    return outcome;
  }
  const double dark = dark_skin_share(pipeline.head(usual.head, job)->skin.ita_degrees);
  const FadeFit fit = fit_fade(seen, fade_years(usual.pigment, dark), usual.pigment.fade_rate_sd);
  describe(fit, usual.pigment, outcome);
  if (options.project_out.empty()) return outcome;
  Settings learned = client.settings;
  learned.pigment.fade_rate = fit.rate, learned.pigment.fade_rate_sd = fit.rate_log_sd;
  save_project(client, learned, options.project_out, false);
  outcome.wrote.push_back(options.project_out);
  return outcome;
}

void run_validate(const ValidateOptions& options, const CLI::App& app, const Console& console) {
  std::vector<Dated> healed = options.healed;
  if (!options.single.empty()) healed.push_back({options.single});
  if (healed.empty())
    throw Error(ErrorKind::usage, "validate", "names no photo of the healed result",
                "write it after the client's, or as --healed PHOTO@YEARS");
  if (!options.project_out.empty() && healed.size() < 2)
    throw Error(ErrorKind::usage, "--project-out", "has nothing to keep", "a course needs two photos of known dates");
  check_picture(options.sheet);
  const Stopwatch watch;
  const Outcome outcome = on_client(options.client, {options.sheet, options.json}, console,
                                    [&](const Client& client, Pipeline& pipeline, Job& job) {
                                      return validate_all(options, healed, client, pipeline, job);
                                    });
  conclude(app, outcome, options.json, watch, console);
}

}  // namespace

Command add_validate(CLI::App& root) {
  auto options = std::make_shared<ValidateOptions>();
  CLI::App* app = root.add_subcommand("validate", "Compare the prediction with photos of the healed result");
  add_client_options(*app, options->client, {"finish", "hairline", "shade", "years", "sessions", "seed"});
  app->add_option("healed", options->single, "Photo of the result, the same view, as old as --years says")
      ->type_name("HEALED");
  app->add_option_function<std::vector<std::string>>(
         "--healed",
         [options](const std::vector<std::string>& given) {
           for (const std::string& one : given) options->healed.push_back(dated(one));
         },
         "The same with its age; two or more tell how fast this client fades")
      ->expected(1)
      ->take_all()
      ->type_name("PHOTO@YEARS");
  app->add_option("--sheet", options->sheet, "Before, prediction and photo side by side")->type_name("SHEET.png");
  app->add_option("--project-out", options->project_out, "Keep the client's own speed of fading in a project")
      ->type_name("P.stipple");
  add_json_option(*app, options->json, "Predicted and measured darkening, colour, hairline and dots");
  app->footer(
      "Examples:\n  stipple validate client.stipple healed.jpg --years 0.5\n"
      "  stipple validate client.stipple --healed a.jpg@0.1 --healed b.jpg@2.5 --project-out learned.stipple\n"
      "Take the photos from the same place and in the same light, with the face or the ears in them.");
  return {app, [options, app](const Console& console) { run_validate(*options, *app, console); }};
}

}  // namespace stipple
