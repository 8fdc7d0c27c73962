// `stipple compare`: one client, several choices, on a single sheet.
#include "app/cli/client.h"
#include "app/cli/commands.h"
#include "sim/consult/variants.h"
#include "sim/core/error.h"

namespace stipple {
namespace {

struct CompareOptions {
  ClientOptions client;
  std::string output, title;
  std::vector<Axis> axes;
  int cell_width_px = 640, columns = 4;
};

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

/// Rows by finish, hairline, shade; columns by years, whatever the order on the command line.
std::vector<Axis> ordered_axes(const std::vector<Axis>& given) {
  std::vector<Axis> axes;
  for (const char* key : {"finish", "hairline", "shade", "years"})
    for (const Axis& axis : given)
      if (axis.key == key) axes.push_back(axis);
  if (axes.empty()) axes.push_back({"years", {"0", "1", "3", "5"}});
  return axes;
}

void run_compare(const CompareOptions& options, const Console& console) {
  const std::vector<Axis> axes = ordered_axes(options.axes);
  Settings probe;
  for (const Axis& axis : axes)
    for (const std::string& value : axis.values) set_value(probe, axis.key, value);
  const Client client = load_client(options.client);
  check_picture(options.output, client, options.client.input);
  const Stopwatch watch;
  SheetStyle style{options.title, "", options.cell_width_px, options.columns};
  std::vector<Cell> cells;
  {
    Progress progress(console.quiet);
    Pipeline pipeline(client.photo);
    cells = variant_cells(pipeline, client.settings, axes, style, progress.job());
  }
  write_photo(contact_sheet(cells, style), options.output, true);
  console.say("wrote " + options.output + " with " + std::to_string(cells.size()) + " pictures in " + watch.text());
}

}  // namespace

Command add_compare(CLI::App& root) {
  auto options = std::make_shared<CompareOptions>();
  CLI::App* app = root.add_subcommand("compare", "Put several choices on one sheet, the untouched photo first");
  add_client_options(*app, options->client, {"finish", "hairline", "shade", "sessions", "seed"});
  app->add_option("-o,--output", options->output, "Sheet to write (.png, .jpg, .tif, .webp)")
      ->required()
      ->type_name("SHEET");
  add_axis(*app, *options, "--shades", "shade", "Shades, by parts of water or by name", "a,b,c");
  add_axis(*app, *options, "--years", "years", "Years after the last session", "0,1,3,5");
  add_axis(*app, *options, "--finishes", "finish", "Kinds of treatment", "a,b");
  add_axis(*app, *options, "--hairlines", "hairline", "Hairline presets", "a,b");
  app->add_option("--title", options->title, "Title of the sheet")->type_name("TEXT");
  app->add_option("--cell-width", options->cell_width_px, "Width of each picture in px")
      ->check(CLI::Range(160, 2000))
      ->capture_default_str();
  app->add_option("--columns", options->columns, "Pictures in a row when one choice varies")
      ->check(CLI::Range(1, 8))
      ->capture_default_str();
  app->footer(
      "Examples:\n  stipple compare client.jpg -o shades.png --shades 9,13,20,30\n"
      "  stipple compare client.jpg -o ageing.png --years 0,1,3,5,8\n"
      "  stipple compare client.stipple -o grid.png --shades 13,20 --years 0,2,5   (a row for each shade)");
  return {app, [options](const Console& console) { run_compare(*options, console); }};
}

}  // namespace stipple
