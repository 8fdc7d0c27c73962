// `stipple batch`: many clients, each as `stipple render` would do it, one line of JSON per client.
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <thread>

#include "app/cli/client.h"
#include "app/cli/commands.h"
#include "app/cli/outcome.h"
#include "sim/consult/variants.h"
#include "sim/core/error.h"
#include "sim/photo/file.h"
#include "sim/photo/sha256.h"

namespace stipple {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

struct BatchOptions {
  ClientOptions client;  // input is the folder or list
  std::string output, format = "jpg", json;
  int jobs = 2;
};

constexpr int64_t most_list_bytes = 16 << 20, most_input_bytes = 1 << 30;
constexpr size_t most_photos = 100'000;
constexpr const char* summary_name = "summary.jsonl";

bool is_input_name(const fs::path& path) {
  std::string kind = path.extension().string();
  std::transform(kind.begin(), kind.end(), kind.begin(), [](unsigned char c) { return std::tolower(c); });
  static const std::set<std::string> known{".jpg",  ".jpeg", ".png",  ".tif",    ".tiff",
                                           ".webp", ".heic", ".heif", ".stipple"};
  return known.contains(kind);
}

std::vector<std::string> folder_inputs(const std::string& folder) {
  std::vector<std::string> inputs;
  std::error_code fault;
  for (const auto& entry : fs::directory_iterator(folder, fault))
    if (entry.is_regular_file() && is_input_name(entry.path())) inputs.push_back(entry.path().string());
  if (fault) throw Error(ErrorKind::unreadable, folder, "cannot be read", "check its permissions");
  std::sort(inputs.begin(), inputs.end());
  return inputs;
}

/// One path a line, relative to the current folder; blank lines and lines that start with # are passed over.
std::vector<std::string> listed_inputs(const std::string& list) {
  const std::string text = read_file(list, most_list_bytes);
  if (text.find('\0') != text.npos)
    throw Error(ErrorKind::unreadable, list, "is neither a folder nor a list of photos",
                "give a folder, or a text file with one path a line");
  std::vector<std::string> inputs;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.ends_with('\r')) line.pop_back();
    if (!line.empty() && line[0] != '#') inputs.push_back(line);
  }
  return inputs;
}

std::vector<std::string> batch_inputs(const std::string& source) {
  std::vector<std::string> inputs = fs::is_directory(source) ? folder_inputs(source) : listed_inputs(source);
  if (inputs.empty())
    throw Error(ErrorKind::unreadable, source, "names no photo", "give a folder of photos or a list of paths");
  if (inputs.size() > most_photos)
    throw Error(ErrorKind::usage, source, "names more than " + std::to_string(most_photos) + " photos", "split it");
  return inputs;
}

/// What decides the result beside the file itself.
std::string settings_digest(const BatchOptions& options) {
  Settings probe;
  std::string text = STIPPLE_VERSION " " + options.format;
  for (const Choice& choice : options.client.choices) {
    set_value(probe, choice.key, choice.value);
    text += "\n" + choice.key + "=" + get_value(probe, choice.key);
  }
  return sha256_hex(text);
}

/// Paths may be any bytes, JSON holds UTF-8.
std::string line_of(const json& record) { return record.dump(-1, ' ', false, json::error_handler_t::replace); }

/// A client's line of the summary is found by these three.
std::string key_of(const json& record) {
  const auto text = [&](const char* key) {
    const auto it = record.find(key);
    return it != record.end() && it->is_string() ? it->get<std::string>() : "";
  };
  return text("photo") + "\n" + text("sha256") + "\n" + text("settings");
}

/// Lines of an earlier run; a last line that was cut off is passed over.
std::vector<json> read_summary(const fs::path& path) {
  std::vector<json> records;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    json record = json::parse(line, nullptr, false);
    if (record.is_object()) records.push_back(std::move(record));
  }
  return records;
}

/// One client as the run sees it. Clients whose files are the same wait for the first of them.
struct Task {
  std::string input, sha256;
  json record;
  bool done = false;  // by an earlier run
  size_t same_as;     // index of the first task with this file; its own when it is the first
};

json outcome_of(const Result& result) {
  const Estimates& e = result.plan->estimates;
  return {{"status", "done"},
          {"treated_area_cm2", e.treated_area_cm2},
          {"treated_area_error_cm2", e.treated_area_error_cm2},
          {"dots", e.dots_total},
          {"confidence", result.head->confidence},
          {"notes", result.head->notes}};
}

json failure(int exit_code, const std::string& what) {
  return {{"status", "failed"}, {"exit_code", exit_code}, {"error", what}};
}

/// Renders one client and writes its two pictures; every failure but a stop by the user is an outcome.
json render_client(const BatchOptions& options, const Task& task, Job& job) {
  const Stopwatch watch;
  json outcome;
  try {
    ClientOptions one = options.client;
    one.input = task.input;
    const Client client = load_client(one);
    const Result result = Pipeline(client.photo).run(client.settings, job);
    // Other settings and other files get other names, so that every line of the summary keeps its pictures.
    const std::string tag = sha256_hex(task.sha256 + task.record["settings"].get<std::string>()).substr(0, 8);
    const std::string stem = fs::path(task.input).stem().string() + "-" + tag;
    const std::string after = stem + "." + options.format, pair = stem + "-pair.jpg";
    const fs::path folder = options.output;
    for (const std::string& name : {after, pair}) protect_input((folder / name).string(), client, task.input);
    write_photo(*result.after, (folder / after).string(), true);
    const SheetStyle style{"Before and after", "", 1000, 2};
    write_photo(contact_sheet(before_after_cells(result, "After"), style), (folder / pair).string(), true);
    outcome = outcome_of(result);
    outcome["after"] = after;
    outcome["pair"] = pair;
  } catch (const Error& error) {
    outcome = failure(error.exit_code(), error.what());
  } catch (const std::bad_alloc&) {
    outcome = failure(1, task.input + ": out of memory; use fewer --jobs or a smaller photo");
  } catch (const std::exception& error) {
    outcome = failure(1, task.input + ": internal error: " + error.what());
  }
  outcome["seconds"] = watch.seconds();
  return outcome;
}

bool stands(const json& record, const fs::path& folder) {
  if (record.value("status", json()) != "done") return false;
  for (const char* key : {"after", "pair"}) {
    const auto it = record.find(key);
    if (it == record.end() || !it->is_string() || !fs::is_regular_file(folder / it->get<std::string>())) return false;
  }
  return true;
}

/// Checksums of all inputs, what earlier runs did, and which files come more than once.
std::vector<Task> plan_tasks(const std::vector<std::string>& inputs, const std::vector<json>& earlier,
                             const BatchOptions& options) {
  const std::string digest = settings_digest(options);
  std::map<std::string, const json*> known;
  for (const json& record : earlier)
    if (stands(record, options.output)) known[key_of(record)] = &record;
  std::map<std::string, size_t> first;
  std::vector<Task> tasks;
  for (const std::string& input : inputs) {
    Task task{input, "", {{"photo", input}, {"settings", digest}}, false, tasks.size()};
    try {
      task.sha256 = sha256_hex(read_file(input, most_input_bytes));
      task.record["sha256"] = task.sha256;
    } catch (const Error& error) {
      task.record.update(failure(error.exit_code(), error.what()));
    }
    if (const auto it = known.find(key_of(json::parse(line_of(task.record)))); it != known.end()) {
      task.record = *it->second;
      task.done = true;
    }
    if (!task.sha256.empty()) task.same_as = first.emplace(task.sha256, tasks.size()).first->second;
    tasks.push_back(std::move(task));
  }
  return tasks;
}

/// Shares out the tasks that need work; each finished line is appended at once, so that a stopped run can go on.
class Workers {
 public:
  Workers(const BatchOptions& options, std::vector<Task>& tasks, Job& job)
      : options_(options), tasks_(tasks), job_(job), summary_(fs::path(options.output) / summary_name, std::ios::app) {
    for (size_t i = 0; i < tasks.size(); ++i)
      if (!tasks[i].done && !tasks[i].sha256.empty() && tasks[i].same_as == i) waiting_.push_back(i);
  }
  size_t count() const { return waiting_.size(); }
  void run() {
    std::vector<std::thread> threads;
    const size_t jobs = std::min(waiting_.size(), static_cast<size_t>(options_.jobs));
    for (size_t i = 0; i < jobs; ++i) threads.emplace_back([this] { work(); });
    for (std::thread& thread : threads) thread.join();
    job_.step("clients", 1);  // throws when the run was stopped
  }

 private:
  void report() {
    const std::lock_guard lock(mutex_);
    job_.step("clients", static_cast<double>(finished_) / static_cast<double>(waiting_.size()));
  }
  void work() {
    Job own([this](std::string_view, double) { report(); });
    try {
      while (true) {
        size_t index = 0;
        {
          const std::lock_guard lock(mutex_);
          if (next_ == waiting_.size()) return;
          index = waiting_[next_++];
        }
        const json outcome = render_client(options_, tasks_[index], own);
        const std::lock_guard lock(mutex_);
        tasks_[index].record.update(outcome);
        summary_ << line_of(tasks_[index].record) << std::endl;
        ++finished_;
      }
    } catch (const Cancelled&) {
    }
  }

  const BatchOptions& options_;
  std::vector<Task>& tasks_;
  Job& job_;
  std::ofstream summary_;
  std::mutex mutex_;
  std::vector<size_t> waiting_;
  size_t next_ = 0, finished_ = 0;
};

/// Lines of this run in the order of its inputs, after those of other runs that it does not replace.
void write_summary(const fs::path& path, const std::vector<json>& earlier, const std::vector<Task>& tasks) {
  const auto place_of = [](const json& record) {
    return line_of(record.value("photo", json())) + line_of(record.value("settings", json()));
  };
  std::set<std::string> replaced;
  std::string own, kept;
  for (const Task& task : tasks)
    if (replaced.insert(place_of(json::parse(line_of(task.record)))).second) own += line_of(task.record) + "\n";
  for (const json& record : earlier)
    if (!replaced.contains(place_of(record))) kept += line_of(record) + "\n";
  write_file_atomically(path.string(), kept + own);
}

/// A file that comes again has the outcome of its first.
void share_outcomes(std::vector<Task>& tasks) {
  for (Task& task : tasks) {
    const Task& first = tasks[task.same_as];
    if (task.done || &first == &task) continue;
    const json own = task.record;
    task.record = first.record;
    task.record.update(own);
    task.record["same_as"] = first.input;
  }
}

void prepare_folder(const BatchOptions& options) {
  std::error_code fault;
  if (fs::equivalent(options.output, options.client.input, fault))
    throw Error(ErrorKind::usage, options.output, "is the folder of the clients' own photos", "name another folder");
  fs::create_directories(options.output, fault);
  if (!fs::is_directory(options.output))
    throw Error(ErrorKind::internal, options.output, "cannot be made", "choose a folder you may write to with -o");
}

Outcome outcome_of(const std::vector<Task>& tasks, size_t rendered, const std::string& summary) {
  json clients = json::array();
  for (const Task& task : tasks) clients.push_back(task.record);
  const auto failed = std::count_if(tasks.begin(), tasks.end(),
                                    [](const Task& t) { return t.record.value("status", json()) != "done"; });
  const auto stood = std::count_if(tasks.begin(), tasks.end(), [](const Task& t) { return t.done; });
  return {{summary},
          std::to_string(tasks.size()) + " clients: " + std::to_string(rendered) + " worked on, " +
              std::to_string(stood) + " done before, " + std::to_string(failed) + " failed",
          {{"clients", clients}, {"worked_on", rendered}, {"done_before", stood}, {"failed", failed}},
          {}};
}

void run_batch(const BatchOptions& options, const CLI::App& app, const Console& console) {
  settings_digest(options);  // bad choices end the run before anything is read
  const std::vector<std::string> inputs = batch_inputs(options.client.input);
  prepare_folder(options);
  const Stopwatch watch;
  const fs::path summary = fs::path(options.output) / summary_name;
  const std::vector<json> earlier = read_summary(summary);
  std::vector<Task> tasks = plan_tasks(inputs, earlier, options);
  size_t rendered = 0;
  {
    Progress progress(console.quiet);
    Workers workers(options, tasks, progress.job());
    rendered = workers.count();
    workers.run();
  }
  share_outcomes(tasks);
  write_summary(summary, earlier, tasks);
  conclude(app, outcome_of(tasks, rendered, summary.string()), options.json, watch, console);
}

}  // namespace

Command add_batch(CLI::App& root) {
  auto options = std::make_shared<BatchOptions>();
  CLI::App* app = root.add_subcommand("batch", "Render many clients; a bad photo never stops the rest");
  add_client_options(*app, options->client, {"finish", "hairline", "shade", "years", "sessions", "seed"});
  app->get_option("input")->description("Folder of photos, or a text file with one path a line")->type_name("DIR|LIST");
  app->add_option("-o,--output", options->output, "Folder for pictures and summary.jsonl")
      ->required()
      ->type_name("DIR");
  app->add_option("--format", options->format, "Format of the full picture; the pair beside it is a JPEG")
      ->check(CLI::IsMember({"jpg", "png", "tif", "webp"}))
      ->capture_default_str();
  app->add_option("--jobs", options->jobs,
                  "Clients worked on at once; each takes about 1 GB for a photo of 48 megapixels")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  add_json_option(*app, options->json, "The outcome of each client and how many failed");
  app->footer(
      "Examples:\n  stipple batch photos/ -o previews/ --shade 13\n"
      "  stipple batch list.txt -o previews/ --jobs 4      (run it again: what stands is not made again)\n"
      "The run ends with 0 when every client was tried; summary.jsonl says which failed and why.");
  return {app, [options, app](const Console& console) { run_batch(*options, *app, console); }};
}

}  // namespace stipple
