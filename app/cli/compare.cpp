// `stipple compare`: one client, several choices, on a single sheet.
#include "app/cli/client.h"
#include "app/cli/commands.h"
#include "app/cli/outcome.h"
#include "sim/consult/variants.h"
#include "sim/core/error.h"

namespace stipple {
namespace {

struct CompareOptions {
  ClientOptions client;
  std::string output, title, json;
  std::vector<Axis> axes;
  int cell_width_px = 640, columns = 4;
  std::string size = "screen";
};

/// The width of a picture that makes the whole sheet as wide as what it is for, margins included.
int cell_width(const CompareOptions& options, int columns) {
  constexpr int phone_px = 1080, print_px = 3508;  // a phone held upright; A4 across at 300 dpi
  if (options.size == "screen") return options.cell_width_px;
  const double whole = options.size == "phone" ? phone_px : print_px;
  const double cells = columns + (columns - 1) / 20.0 + 2 / 9.0;  // as contact_sheet lays them out
  return static_cast<int>(whole / cells);
}

void add_axis(CLI::App& app, CompareOptions& options, const char* flag, const char* key, const char* help,
              const char* type) {
  app.add_option_function<std::vector<std::string>>(
         flag,
         [&options, key](const std::vector<std::string>& values) {
           options.axes.push_back({key, values});
         },
         help)
      ->delimiter(',')
      ->expected(1)
      ->take_all()
      ->type_name(type);
}

/// Rows by what stands first here, columns by what stands last, whatever the order on the command line.
std::vector<Axis> ordered_axes(const std::vector<Axis>& given) {
  std::vector<Axis> axes;
  for (const char* key : {"finish", "hairline", "shade", "sessions", "years", "look"})
    for (const Axis& axis : given)
      if (axis.key == key) axes.push_back(axis);
  if (axes.empty()) axes.push_back({"years", {"0", "1", "3", "5"}});
  return axes;
}

/// What the sheet shows, picture by picture in reading order.
Outcome outcome_of(const CompareOptions& options, const std::vector<Axis>& axes, const std::vector<Cell>& cells,
                   const Photo& sheet) {
  nlohmann::json shown = nlohmann::json::array(), varied = nlohmann::json::object();
  for (const Cell& cell : cells) shown.push_back(cell.label);
  for (const Axis& axis : axes) varied[axis.key] = axis.values;
  return {{options.output},
          std::to_string(cells.size()) + " pictures",
          {{"pictures", shown}, {"varied", varied}, {"width", sheet.rgb.cols}, {"height", sheet.rgb.rows}},
          {}};
}

void run_compare(const CompareOptions& options, const CLI::App& app, const Console& console) {
  const std::vector<Axis> axes = ordered_axes(options.axes);
  for (const Axis& axis : axes)
    for (const std::string& value : axis.values) caption(axis.key, value);  // refuses what cannot be shown
  check_picture(options.output);
  const Stopwatch watch;
  const Outcome outcome = on_client(
      options.client, {options.output, options.json}, console, [&](const Client& client, Pipeline& pipeline, Job& job) {
        constexpr int phone_columns = 2;
        SheetStyle style{options.title, "", options.cell_width_px,
                         options.size == "phone" ? phone_columns : options.columns};
        const std::vector<Cell> cells = variant_cells(pipeline, client.settings, axes, style, job);
        style.cell_width_px = cell_width(options, sheet_columns(cells.size(), style));
        const Photo sheet = contact_sheet(cells, style);
        write_photo(sheet, options.output, true);
        return outcome_of(options, axes, cells, sheet);
      });
  conclude(app, outcome, options.json, watch, console);
}

}  // namespace

Command add_compare(CLI::App& root) {
  auto options = std::make_shared<CompareOptions>();
  CLI::App* app = root.add_subcommand("compare", "Put several choices on one sheet, the untouched photo first");
  add_client_options(*app, options->client, {"finish", "hairline", "shade", "touch_ups", "seed"});
  app->add_option("-o,--output", options->output, "Sheet to write (.png, .jpg, .tif, .webp)")
      ->required()
      ->type_name("SHEET");
  add_axis(*app, *options, "--shades", "shade", "Shades, by parts of water or by name", "a,b,c");
  add_axis(*app, *options, "--years", "years", "Years after the last session", "0,1,3,5");
  add_axis(*app, *options, "--sessions", "sessions", "Sessions done", "1,2,3");
  add_axis(*app, *options, "--looks", "look", "As in the photo, what the treatment changes, or seen from a distance",
           "photo,changes,1m,3m");
  add_axis(*app, *options, "--finishes", "finish", "Kinds of treatment", "a,b");
  add_axis(*app, *options, "--hairlines", "hairline", "Hairline presets", "a,b");
  app->add_option("--title", options->title, "Title of the sheet")->type_name("TEXT");
  app->add_option("--cell-width", options->cell_width_px, "Width of each picture in px")
      ->check(CLI::Range(160, 2000))
      ->capture_default_str();
  app->add_option("--columns", options->columns, "Pictures in a row when one choice varies")
      ->check(CLI::Range(1, 8))
      ->capture_default_str();
  app->add_option("--size", options->size, "What the sheet is for: screen keeps --cell-width")
      ->check(CLI::IsMember({"screen", "phone", "print"}))
      ->capture_default_str();
  add_json_option(*app, options->json, "What each picture shows");
  app->footer(
      "Examples:\n  stipple compare client.jpg -o shades.png --shades 9,13,20,30\n"
      "  stipple compare client.jpg -o ageing.png --years 0,1,3,5,8\n"
      "  stipple compare client.jpg -o build-up.png --sessions 0,1,2,3\n"
      "  stipple compare client.jpg -o far.jpg --looks photo,changes,1m,3m --size phone\n"
      "  stipple compare client.stipple -o grid.png --shades 13,20 --years 0,2,5   (a row for each shade)");
  return {app, [options, app](const Console& console) { run_compare(*options, *app, console); }};
}

}  // namespace stipple
