// From the words of the command line to a photo with settings. Options are made from the declarations of the settings.
#include "app/cli/client.h"

#include <algorithm>
#include <cstdio>
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
  if (is_project_file(options.input)) {
    client.project = read_project(options.input);
    client.settings = client.project.settings;
  }
  // Bad options are reported before a large photo is decoded.
  for (const Choice& choice : options.choices) set_value(client.settings, choice.key, choice.value);
  const bool from_project = !client.project.photo_path.empty() || !client.project.photo_bytes.empty();
  client.photo = std::make_shared<const Photo>(from_project ? project_photo(client.project, options.input)
                                                            : read_photo(options.input));
  return client;
}

void save_project(const Client& client, const Settings& settings, const std::string& path, bool embed) {
  Project project = client.project;
  project.settings = settings;
  project.photo_sha256 = client.photo->sha256;
  if (project.photo_bytes.empty()) {
    const fs::path photo = fs::absolute(client.photo->path), folder = fs::absolute(path).parent_path();
    project.photo_path = photo.lexically_proximate(folder).string();
    if (embed) project.photo_bytes = read_file(photo.string(), max_project_bytes);
  }
  write_project(std::move(project), path);
}

void protect_input(const std::string& output, const Client& client, const std::string& input) {
  std::error_code ignored;
  for (const std::string& kept : {input, client.photo->path})
    if (!output.empty() && fs::equivalent(output, kept, ignored))
      throw Error(ErrorKind::usage, output, "is the client's own file", "name another output");
}

void check_picture(const std::string& output, const Client& client, const std::string& input) {
  if (output.empty()) return;
  protect_input(output, client, input);
  Photo pixel;
  pixel.rgb = cv::Mat(1, 1, CV_8UC3, cv::Scalar::all(0));
  try {
    encode_photo(pixel, fs::path(output).extension().string(), false);
  } catch (const Error&) {
    throw Error(ErrorKind::usage, output, "has no format that can be written",
                "end its name in .png, .jpg, .tif or .webp");
  }
}

void write_json(const json& value, const std::string& path) {
  const std::string text = value.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
  if (path == "-")
    std::fputs(text.c_str(), stdout);
  else
    write_file_atomically(path, text);
}

json plan_json(const Plan& plan) {
  json checks = json::array();
  for (const RuleCheck& check : plan.checks)
    checks.push_back({{"key", check.key},
                      {"severity", check.severity == Severity::warning ? "warning" : "advice"},
                      {"value", check.value},
                      {"limit", check.limit},
                      {"unit", check.unit},
                      {"reason", check.reason}});
  json line = json::array();
  for (const Vec2& p : plan.hairline_px) line.push_back({p.x(), p.y()});
  const Estimates& e = plan.estimates;
  return {{"treated_area_cm2", e.treated_area_cm2},
          {"treated_area_error_cm2", e.treated_area_error_cm2},
          {"dots", e.dots_total},
          {"dots_by_session", e.dots_per_session},
          {"minutes_by_session", e.minutes_per_session},
          {"mid_frontal_height_mm", plan.mid_frontal_height_mm},
          {"hairline_px", line},
          {"checks", checks}};
}

}  // namespace stipple
