// From the words of the command line to a photo with settings. Options are made from the declarations of the settings.
#include "app/cli/client.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "sim/core/error.h"
#include "sim/photo/file.h"

namespace stipple {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

void take_assignment(ClientOptions& options, const std::string& assignment) {
  const size_t equals = assignment.find('=');
  if (equals == std::string::npos)
    throw Error(ErrorKind::usage, "--set " + assignment, "has no \"=\"", "write --set key=value");
  options.choices.push_back({assignment.substr(0, equals), assignment.substr(equals + 1)});
}

void add_scale_options(CLI::App& app, ClientOptions& options) {
  const auto take = [&options](const char* key) {
    return [&options, key](const std::string& value) { options.choices.push_back({key, value}); };
  };
  app.add_option_function<std::string>("--scale-mm-per-px", take("mm_per_px"), "Scale at the head, when you know it.")
      ->type_name("X");
  app.add_option_function<std::string>("--marker", take("marker"), "Two photo points and their true distance.")
      ->type_name("x0,y0,x1,y1,mm");
}

}  // namespace

void add_client_options(CLI::App& app, ClientOptions& options, const std::vector<std::string>& shortcuts) {
  app.add_option("input", options.input, "Photo (JPEG, PNG, TIFF, WebP, HEIC) or .stipple project")
      ->required()
      ->type_name("PHOTO|PROJECT");
  const Settings defaults;
  for_each_group(defaults, [&](const char*, const auto& group) {
    for_each_field(group, [&](const FieldInfo& info, const auto& value) {
      const std::string key(info.key);
      if (std::find(shortcuts.begin(), shortcuts.end(), key) == shortcuts.end()) return;
      add_field_option(app, info, value, [&options, key](const std::string& given) {
        options.choices.push_back({key, given});
      });
    });
  });
  add_scale_options(app, options);
  app.add_option("--photo", options.photo, "Which of the project's photos; 1 is the first, which is also the default")
      ->check(CLI::Range(1, 10'000))
      ->type_name("N");
  app.add_option("--visit", options.visit, "Photo of a later visit that the project holds; 1 is the first")
      ->check(CLI::Range(1, 10'000))
      ->type_name("N");
  app.add_option("--passphrase-file", options.passphrase_file, "File whose first line opens a locked project")
      ->type_name("FILE");
  app.add_option_function<std::vector<std::string>>(
         "--set",
         [&options](const std::vector<std::string>& given) {
           for (const std::string& assignment : given) take_assignment(options, assignment);
         },
         "Any setting; may be given several times. `stipple help settings` lists them.")
      ->expected(1)
      ->take_all()
      ->type_name("KEY=VALUE");
}

Client load_client(const ClientOptions& options) {
  Client client;
  client.number = options.visit > 0 ? 0 : options.photo;
  const bool is_project = is_project_file(options.input);
  if (is_project) {
    client.file = options.input;
    if (is_locked_project(options.input))
      client.passphrase = ask_passphrase(options.passphrase_file, options.input, false);
    client.project = read_project(options.input, client.passphrase);
    client.settings = photo_settings(client.project, options.photo);
  }
  // Places in the photo that a project was made with mean nothing in that of a visit.
  if (options.visit > 0) client.settings = with_places(client.settings, {});
  // Bad options are reported before a large photo is decoded.
  for (const Choice& choice : options.choices) set_value(client.settings, choice.key, choice.value);
  for (const auto& [given, name] : {std::pair(options.visit > 0, "--visit"), std::pair(options.photo > 1, "--photo")})
    if (given && !is_project)
      throw Error(ErrorKind::usage, name, options.input + " is no project", "only projects hold several photos");
  client.photo =
      std::make_shared<const Photo>(options.visit > 0 ? visit_photo(client.project, options.visit, options.input)
                                    : is_project      ? project_photo(client.project, options.input, options.photo)
                                                      : read_photo(options.input));
  return client;
}

void embed_photos(Project& project) {
  for_each_photo_file(project, [](const std::string& path, std::string& bytes) {
    if (bytes.empty()) bytes = read_file(path, max_project_bytes);
  });
}

void save_project(const Client& client, const Settings& settings, const std::string& path, bool embed) {
  Project project = client.project;
  if (client.file.empty()) {
    project.photo_sha256 = client.photo->sha256;
    project.photo_path = client.photo->path;
  }
  if (client.number > 0)
    set_photo_settings(project, client.number, settings);
  else
    project.settings = with_places(settings, places_of(project.settings));
  if (embed || !client.passphrase.empty()) embed_photos(project);
  write_project(std::move(project), path, client.passphrase);
}

void protect_input(const std::string& output, const Client& client, const std::string& input) {
  std::error_code ignored;
  for (const std::string& kept : {input, client.photo->path})
    if (!output.empty() && fs::equivalent(output, kept, ignored))
      throw Error(ErrorKind::usage, output, "is the client's own file", "name another output");
}

void check_picture(const std::string& output) {
  if (output.empty()) return;
  Photo pixel;
  pixel.rgb = cv::Mat(1, 1, CV_8UC3, cv::Scalar::all(0));
  try {
    encode_photo(pixel, fs::path(output).extension().string(), false);
  } catch (const Error&) {
    throw Error(ErrorKind::usage, output, "has no format that can be written",
                "end its name in .png, .jpg, .tif or .webp");
  }
}

json plan_json(const Plan& plan, const std::vector<RuleCheck>& rule_checks) {
  json checks = json::array();
  for (const RuleCheck& check : rule_checks)
    checks.push_back({{"key", check.key},
                      {"severity", check.severity == Severity::warning ? "warning" : "advice"},
                      {"value", check.value},
                      {"limit", check.limit},
                      {"unit", check.unit},
                      {"reason", check.reason}});
  json line = json::array();
  for (const Vec2& p : plan.hairline_px) line.push_back({p.x(), p.y()});
  json marks = json::array();
  for (const LineMark& mark : plan.line_marks)
    marks.push_back({{"x", mark.photo_px.x()},
                     {"y", mark.photo_px.y()},
                     {"along_mm", mark.along_mm},
                     {"above_brow_mm", mark.above_brow_mm},
                     {"set_back_mm", mark.set_back_mm},
                     {"corner", mark.corner}});
  const Estimates& e = plan.estimates;
  return {{"treated_area_cm2", e.treated_area_cm2},
          {"treated_area_error_cm2", e.treated_area_error_cm2},
          {"dots", e.dots_total},
          {"dots_by_session", e.dots_per_session},
          {"minutes_by_session", e.minutes_per_session},
          {"mid_frontal_height_mm", plan.mid_frontal_height_mm},
          {"hairline_px", line},
          {"hairline_marks", marks},
          {"checks", checks}};
}

}  // namespace stipple
