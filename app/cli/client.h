// What the commands share: the options that choose settings, and the photo or project they work on.
#pragma once
#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "sim/pipeline.h"
#include "sim/project.h"

namespace stipple {

/// One choice of the command line for a setting, in the order given.
struct Choice {
  std::string key, value;
};

struct ClientOptions {
  std::string input;  // PHOTO or PROJECT
  std::vector<Choice> choices;
};

/// Adds PHOTO|PROJECT, the shortcuts named in `shortcuts` (keys of settings), the scale options and --set.
void add_client_options(CLI::App& app, ClientOptions& options, const std::vector<std::string>& shortcuts);

/// Adds --KEY for a declared field; its help shows what may be given and the default.
template <class T>
CLI::Option* add_field_option(CLI::App& app, const FieldInfo& info, const T& value,
                              const std::function<void(const std::string&)>& take) {
  std::string flag = "--" + std::string(info.key);
  std::replace(flag.begin(), flag.end(), '_', '-');
  const bool choice = field_kind<T>(info) == FieldKind::choice;
  std::string help(info.help);
  if (!choice) help += " " + field_span<T>(info) + ".";
  const std::string preset = field_text(value, info);
  if (!preset.empty()) help += " Default " + preset + ".";
  CLI::Option* option = app.add_option_function<std::string>(flag, take, help);
  return option->type_name(choice ? "{" + field_span<T>(info) + "}" : "X");
}

struct Client {
  std::shared_ptr<const Photo> photo;
  Settings settings;
  Project project;  // of the file, or one made around the photo
};

/// A project or a photo, told apart by content; the choices are applied over its settings.
Client load_client(const ClientOptions& options);

/// Saves the client's settings; the photo by its path relative to the project, or inside it.
void save_project(const Client& client, const Settings& settings, const std::string& path, bool embed);

/// Refuses an output, before any work is done, that would replace the client's own photo or project.
void protect_input(const std::string& output, const Client& client, const std::string& input);
/// The same for a picture, whose format must also be one that can be written.
void check_picture(const std::string& output, const Client& client, const std::string& input);

/// Writes JSON to a file, or to standard output for "-".
void write_json(const nlohmann::json& value, const std::string& path);

/// Estimates and rule checks of a plan, as a program reads them.
nlohmann::json plan_json(const Plan& plan);

}  // namespace stipple
