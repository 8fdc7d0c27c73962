// The subcommands. Each adds its options to the tree and returns what runs once they are parsed.
#pragma once
#include <CLI/CLI.hpp>
#include <functional>

#include "app/cli/console.h"

namespace stipple {

struct Command {
  CLI::App* app;
  std::function<void(const Console&)> run;  // throws Error
};

Command add_demo(CLI::App& root);
Command add_detect(CLI::App& root);
Command add_render(CLI::App& root);
Command add_compare(CLI::App& root);
Command add_age(CLI::App& root);
Command add_batch(CLI::App& root);
Command add_report(CLI::App& root);
Command add_validate(CLI::App& root);
Command add_photo(CLI::App& root);
Command add_visit(CLI::App& root);
Command add_lock(CLI::App& root);
Command add_unlock(CLI::App& root);
Command add_forget(CLI::App& root);
Command add_phantom(CLI::App& root);
Command add_help(CLI::App& root);
Command add_completion(CLI::App& root);

}  // namespace stipple
