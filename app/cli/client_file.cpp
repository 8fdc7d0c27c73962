// `stipple photo`, `visit`, `lock`, `unlock`, `forget`: what happens to a client's file between consultations.
#include <charconv>
#include <cstdio>
#include <filesystem>

#include "app/cli/client.h"
#include "app/cli/commands.h"
#include "app/cli/outcome.h"
#include "sim/core/error.h"
#include "sim/photo/file.h"
#include "sim/vault.h"

namespace stipple {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

struct FileOptions {
  std::string file, passphrase_file, photo, date, label, json;
  bool embed = false, photos = false, sure = false;
};

/// The project in a file, with the passphrase that opened it.
struct Opened {
  Project project;
  std::string passphrase;
};

Opened open_file(const FileOptions& options) {
  if (!is_project_file(options.file))
    throw Error(ErrorKind::unreadable, options.file, "is not a Stipple project", "give a .stipple file");
  Opened opened;
  if (is_locked_project(options.file)) opened.passphrase = ask_passphrase(options.passphrase_file, options.file, false);
  opened.project = read_project(options.file, opened.passphrase);
  return opened;
}

/// "2031-05-01" and no other way to write a day.
void check_date(const std::string& date) {
  const auto number = [&](size_t at, size_t count) {
    int value = -1;
    const char* end = date.data() + at + count;
    return std::from_chars(date.data() + at, end, value).ptr == end ? value : -1;
  };
  const bool shaped = date.size() == 10 && date[4] == '-' && date[7] == '-';
  const int month = shaped ? number(5, 2) : 0, day = shaped ? number(8, 2) : 0;
  if (!shaped || number(0, 4) < 1900 || month < 1 || month > 12 || day < 1 || day > 31)
    throw Error(ErrorKind::usage, "--date " + date, "is no day", "write YEAR-MONTH-DAY, as in 2031-05-01");
}

std::string visit_line(size_t number, const Visit& visit) {
  return std::to_string(number) + "  " + visit.date + "  " + (visit.label.empty() ? visit.path : visit.label);
}

void run_visit(const FileOptions& options, const CLI::App& app, const Console& console) {
  const Stopwatch watch;
  if (!options.photo.empty()) check_date(options.date);
  Opened opened = open_file(options);
  Outcome outcome;
  if (!options.photo.empty()) {
    Visit visit{options.date, options.label, options.photo, read_photo(options.photo).sha256, ""};
    if (options.embed || !opened.passphrase.empty()) visit.bytes = read_file(options.photo, max_project_bytes);
    opened.project.visits.push_back(std::move(visit));
    write_project(opened.project, options.file, opened.passphrase);
    outcome.wrote = {options.file};
  }
  outcome.numbers["visits"] = json::array();
  for (size_t i = 0; i < opened.project.visits.size(); ++i) {
    const Visit& visit = opened.project.visits[i];
    outcome.remarks.push_back(visit_line(i + 1, visit));
    outcome.numbers["visits"].push_back({{"date", visit.date}, {"label", visit.label}, {"path", visit.path}});
  }
  outcome.line = std::to_string(opened.project.visits.size()) + " visits";
  conclude(app, outcome, options.json, watch, console);
}

void run_photo(const FileOptions& options, const CLI::App& app, const Console& console) {
  const Stopwatch watch;
  Opened opened = open_file(options);
  Project& project = opened.project;
  Outcome outcome;
  if (!options.photo.empty()) {
    FurtherPhoto photo{options.photo, read_photo(options.photo).sha256, "", {}};
    if (options.embed || !opened.passphrase.empty()) photo.bytes = read_file(options.photo, max_project_bytes);
    project.photos.push_back(std::move(photo));
    write_project(project, options.file, opened.passphrase);
    outcome.wrote = {options.file};
  }
  outcome.numbers["photos"] = json::array();
  const auto list = [&](const std::string& path) {
    const std::string name = fs::path(path).filename().string();
    outcome.remarks.push_back(std::to_string(outcome.numbers["photos"].size() + 1) + "  " + name);
    outcome.numbers["photos"].push_back({{"path", path}});
  };
  list(project.photo_path);
  for (const FurtherPhoto& photo : project.photos) list(photo.path);
  outcome.line = std::to_string(photo_count(project)) + " photos";
  conclude(app, outcome, options.json, watch, console);
}

void run_lock(const FileOptions& options, const CLI::App& app, const Console& console) {
  const Stopwatch watch;
  if (is_locked_project(options.file))
    throw Error(ErrorKind::usage, options.file, "is locked already", "unlock it first to give it another passphrase");
  Project project = open_file(options).project;
  embed_photos(project);
  const std::string passphrase = ask_passphrase(options.passphrase_file, options.file, true);
  // The locked file takes the name of the open one; a second name keeps that in reach, to be overwritten.
  const std::string open_copy = options.file + ".open";
  std::error_code unlinkable;
  fs::create_hard_link(options.file, open_copy, unlinkable);
  write_project(std::move(project), options.file, passphrase);
  if (!unlinkable) shred_file(open_copy);
  Outcome outcome{{options.file}, "locked", json::object(), {}};
  outcome.remarks = {"its photos are inside now; the open copies beside it are still there: delete them yourself"};
  conclude(app, outcome, options.json, watch, console);
}

void run_unlock(const FileOptions& options, const CLI::App& app, const Console& console) {
  const Stopwatch watch;
  if (!is_locked_project(options.file))
    throw Error(ErrorKind::usage, options.file, "is not locked", "there is nothing to do");
  write_project(open_file(options).project, options.file);
  conclude(app, {{options.file}, "unlocked", json::object(), {}}, options.json, watch, console);
}

/// The project last: while it stands, the rest can still be found.
std::vector<std::string> files_of(const FileOptions& options) {
  std::vector<std::string> files;
  if (options.photos) {
    const Project project = open_file(options).project;
    for_each_photo_file(project, [&](const std::string& path, const std::string&) {
      std::error_code ignored;
      if (!path.empty() && fs::is_regular_file(path, ignored)) files.push_back(path);
    });
  }
  if (!is_project_file(options.file))
    throw Error(ErrorKind::unreadable, options.file, "is not a Stipple project", "give a .stipple file");
  files.push_back(options.file);
  return files;
}

void run_forget(const FileOptions& options, const CLI::App& app, const Console& console) {
  const Stopwatch watch;
  const std::vector<std::string> files = files_of(options);
  if (!options.sure)
    throw Error(ErrorKind::usage, options.file,
                "would be gone for good with " + std::to_string(files.size() - 1) + " photos",
                "say --yes when that is meant");
  for (const std::string& file : files) shred_file(file);
  Outcome outcome{{}, "overwritten and removed " + std::to_string(files.size()) + " files", {{"removed", files}}, {}};
  outcome.remarks = {
      "what backups, snapshots and the spare cells of an SSD may still hold is out of this program's reach; a file "
      "that "
      "was locked from the start is unreadable there too"};
  conclude(app, outcome, options.json, watch, console);
}

CLI::App* add_file_command(CLI::App& root, const char* name, const char* help, FileOptions& options) {
  CLI::App* app = root.add_subcommand(name, help);
  app->add_option("file", options.file, "The client's project")->required()->type_name("CLIENT.stipple");
  app->add_option("--passphrase-file", options.passphrase_file,
                  "File whose first line is the passphrase; else it is asked for")
      ->type_name("FILE");
  add_json_option(*app, options.json, "What was done");
  return app;
}

}  // namespace

Command add_visit(CLI::App& root) {
  auto options = std::make_shared<FileOptions>();
  CLI::App* app = add_file_command(root, "visit", "Add a later photo to a client's project, or list them", *options);
  app->add_option("photo", options->photo, "Photo of the visit")->type_name("PHOTO");
  app->add_option("--date", options->date, "Day of the visit")->type_name("YYYY-MM-DD");
  app->add_option("--label", options->label, "What it was, in your words")->type_name("TEXT");
  app->add_flag("--embed-photo", options->embed, "Store the photo inside the project");
  app->footer(
      "Examples:\n  stipple visit client.stipple later.jpg --date 2031-05-01 --label \"3 months\"\n"
      "  stipple visit client.stipple\n  stipple render client.stipple -o touch-up.png --visit 1");
  return {app, [options, app](const Console& console) { run_visit(*options, *app, console); }};
}

Command add_photo(CLI::App& root) {
  auto options = std::make_shared<FileOptions>();
  CLI::App* app = add_file_command(
      root, "photo", "Add another view of the client (a side, the top) to a project, or list its photos", *options);
  app->add_option("photo", options->photo, "Photo of the same day")->type_name("PHOTO");
  app->add_flag("--embed-photo", options->embed, "Store the photo inside the project");
  app->footer(
      "Shade, density, years and finish are one choice for all photos; corrections belong to each.\n"
      "Examples:\n  stipple photo client.stipple side.jpg\n  stipple photo client.stipple\n"
      "  stipple render client.stipple -o side-after.png --photo 2");
  return {app, [options, app](const Console& console) { run_photo(*options, *app, console); }};
}

Command add_lock(CLI::App& root) {
  auto options = std::make_shared<FileOptions>();
  CLI::App* app = add_file_command(root, "lock", "Encrypt a client's project with a passphrase", *options);
  app->footer("Example:\n  stipple lock client.stipple      (every command then asks for the passphrase)");
  return {app, [options, app](const Console& console) { run_lock(*options, *app, console); }};
}

Command add_unlock(CLI::App& root) {
  auto options = std::make_shared<FileOptions>();
  CLI::App* app = add_file_command(root, "unlock", "Take the encryption off a client's project", *options);
  app->footer("Example:\n  stipple unlock client.stipple");
  return {app, [options, app](const Console& console) { run_unlock(*options, *app, console); }};
}

Command add_forget(CLI::App& root) {
  auto options = std::make_shared<FileOptions>();
  CLI::App* app = add_file_command(root, "forget", "Overwrite and remove a client's project", *options);
  app->add_flag("--photos", options->photos, "The photos that it names as well");
  app->add_flag("--yes", options->sure, "Do it; there is no way back");
  app->footer("Example:\n  stipple forget client.stipple --photos --yes");
  return {app, [options, app](const Console& console) { run_forget(*options, *app, console); }};
}

}  // namespace stipple
