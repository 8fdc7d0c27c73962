// How a command ends: one line for people, or the same with its numbers for programs.
#pragma once
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/cli/console.h"

namespace stipple {

/// Adds --json, the same for every command; `holds` says which numbers it gives.
void add_json_option(CLI::App& app, std::string& path, const std::string& holds);

/// Writes JSON to a file, or to standard output for "-".
void write_json(const nlohmann::json& value, const std::string& path);

struct Outcome {
  std::vector<std::string> wrote;  // files or folders, in the order they were written
  std::string line;                // "27 frames"; said as "wrote FILE, LINE, in 1.23 s"
  nlohmann::json numbers = nlohmann::json::object();
  std::vector<std::string> remarks;  // further lines for people, said first
};

/// Says it on the console; and writes {"command", "wrote", "seconds", ...numbers} when `json_path` is not empty. With
/// "-" standard output holds that alone.
void conclude(const CLI::App& command, const Outcome& outcome, const std::string& json_path, const Stopwatch& watch,
              const Console& console);

}  // namespace stipple
