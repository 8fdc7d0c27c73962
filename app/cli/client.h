// What the commands share: the options that choose settings, and the photo or project they work on.
#pragma once
#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/cli/console.h"
#include "sim/pipeline.h"
#include "sim/project.h"

namespace stipple {

/// One choice of the command line for a setting, in the order given.
struct Choice {
  std::string key, value;
};

struct ClientOptions {
  std::string input;  // PHOTO or PROJECT
  std::string passphrase_file;
  int photo = 1;  // of the project's photos, counted from 1
  int visit = 0;  // 0 = none, the photo of the project
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
  Project project;         // of the file, or one made around the photo
  std::string passphrase;  // of a locked project, else ""
  std::string file;        // the project's path, or ""
  int number = 1;          // of the photo among the project's; 0 = a visit
};

/// A project or a photo, told apart by content; the choices are applied over its settings.
Client load_client(const ClientOptions& options);

/// The first line of a file, or what is typed at the terminal; Error{unreadable} where there is neither. `twice` asks
/// for it again, as for a new one.
std::string ask_passphrase(const std::string& passphrase_file, const std::string& what, bool twice);

/// Puts every photo into the project, so that none lies open beside it.
void embed_photos(Project& project);

/// Saves the client's settings; the photos beside the project or inside it. A locked project stays locked.
void save_project(const Client& client, const Settings& settings, const std::string& path, bool embed);

/// Refuses an output, before any work is done, that would replace the client's own photo or project.
void protect_input(const std::string& output, const Client& client, const std::string& input);
/// Refuses the name of a picture whose format cannot be written.
void check_picture(const std::string& output);

/// Opens the client, guards its files from the `outputs` (empty ones are passed over), and returns what
/// `work(client, pipeline, job)` returns, with progress shown meanwhile.
template <class Work>
auto on_client(const ClientOptions& options, const std::vector<std::string>& outputs, const Console& console,
               Work&& work) {
  const Client client = load_client(options);
  for (const std::string& output : outputs) protect_input(output, client, options.input);
  Progress progress(console.quiet);
  Pipeline pipeline(client.photo);
  return work(client, pipeline, progress.job());
}

/// Estimates of a plan and rule checks, as a program reads them.
nlohmann::json plan_json(const Plan& plan, const std::vector<RuleCheck>& rule_checks);

}  // namespace stipple
