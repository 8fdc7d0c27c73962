// The common end of the commands.
#include "app/cli/outcome.h"

#include <cstdio>

#include "sim/photo/file.h"

namespace stipple {

using nlohmann::json;

void add_json_option(CLI::App& app, std::string& path, const std::string& holds) {
  app.add_option("--json", path, holds + ", for programs; - prints them")->type_name("J.json");
}

void write_json(const json& value, const std::string& path) {
  const std::string text = value.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
  if (path == "-")
    std::fputs(text.c_str(), stdout);
  else
    write_file_atomically(path, text);
}

void conclude(const CLI::App& command, const Outcome& outcome, const std::string& json_path, const Stopwatch& watch,
              const Console& console) {
  if (!json_path.empty()) {
    json out = outcome.numbers;
    out["command"] = command.get_name();
    out["wrote"] = outcome.wrote;
    out["seconds"] = watch.seconds();
    write_json(out, json_path);
  }
  if (json_path == "-") return;
  for (const std::string& remark : outcome.remarks) console.say(remark);
  std::string line = outcome.wrote.empty() ? "" : "wrote " + outcome.wrote.front();
  if (!outcome.line.empty()) line += (line.empty() ? "" : ", ") + outcome.line;
  console.say(line + (line.empty() ? "in " : ", in ") + watch.text());
}

}  // namespace stipple
