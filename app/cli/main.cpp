// The command line. Parses, runs one command, and turns whatever ends it into one line and an exit code.
#include <cstdio>
#include <new>
#include <opencv2/core.hpp>

#include "app/cli/commands.h"
#include "sim/core/error.h"
#include "sim/settings.h"

namespace stipple {
namespace {

constexpr int exit_interrupted = 130;  // 128 + SIGINT, as shells expect

int fail(const char* message, int code) {
  std::fprintf(stderr, "stipple: %s\n", message);
  return code;
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

/// Explains the first word that no option or command took, with what was probably meant.
void refuse_extras(const CLI::App& root) {
  for (const CLI::App* app : root.get_subcommands()) {
    for (const std::string& word : app->remaining())
      throw word.starts_with("-") ? Error(ErrorKind::usage, word, "there is no such option of " + app->get_name(),
                                          "did you mean " + nearest_names(word, option_names(*app), 1).front() + "?")
                                  : Error(ErrorKind::usage, word, "is one argument too many",
                                          "see `stipple " + app->get_name() + " --help`; quote names with spaces");
  }
  std::vector<std::string> commands;
  for (const CLI::App* app : root.get_subcommands({})) commands.push_back(app->get_name());
  for (const std::string& word : root.remaining()) {
    const bool option = word.starts_with("-");
    throw Error(ErrorKind::usage, word, option ? "there is no such option" : "there is no such command",
                "did you mean " + nearest_names(word, option ? option_names(root) : commands, 1).front() +
                    "? see `stipple --help`");
  }
}

/// Returns the exit code of a parse that ended the run, or -1 to go on.
int parse(CLI::App& root, int argc, char** argv) {
  try {
    root.parse(argc, argv);
  } catch (const CLI::Success& help_or_version) {
    return root.exit(help_or_version);
  } catch (const CLI::ParseError& error) {
    refuse_extras(root);
    std::string message = error.what();
    std::replace(message.begin(), message.end(), '\n', ' ');
    return fail((message + "; see `stipple --help`").c_str(), Error(ErrorKind::usage, "", "", "").exit_code());
  }
  refuse_extras(root);
  return -1;
}

int run(int argc, char** argv) {
  CLI::App root("Stipple previews scalp micropigmentation on a client's own photo. Everything runs on this computer.",
                "stipple");
  root.set_version_flag("--version", "stipple " STIPPLE_VERSION);
  root.require_subcommand(1);
  root.footer(
      "Start with:\n  stipple demo                             a made client through everything\n"
      "  stipple render client.jpg -o after.png   your own photo\n  stipple help settings                 everything "
      "that can be chosen\n\n"
      "Exit codes: 0 done, 1 internal error, 2 wrong usage, 3 unreadable input, 4 no scalp found, 130 stopped "
      "by Ctrl-C.");
  root.allow_extras();  // so that refuse_extras can say what was meant

  Console console;
  int threads = 0;
  std::vector<Command> commands;
  for (const auto& add :
       {add_demo, add_detect, add_render, add_compare, add_age, add_batch, add_report, add_validate, add_photo,
        add_visit, add_lock, add_unlock, add_forget, add_phantom, add_help, add_completion}) {
    commands.push_back(add(root));
    CLI::App& app = *commands.back().app;
    app.allow_extras();
    app.add_flag("-q,--quiet", console.quiet, "Say nothing but errors");
    app.add_option("--threads", threads, "Processor threads to use; the result is the same for any number")
        ->check(CLI::Range(1, 256))
        ->type_name("N");
  }
  if (const int code = parse(root, argc, argv); code >= 0) return code;
  if (threads > 0) cv::setNumThreads(threads);
  for (const Command& command : commands)
    if (command.app->parsed()) command.run(console);
  return 0;
}

}  // namespace
}  // namespace stipple

int main(int argc, char** argv) {
  using namespace stipple;
  const Error internal(ErrorKind::internal, "", "", "");
  try {
    return run(argc, argv);
  } catch (const Error& error) {
    return fail(error.what(), error.exit_code());
  } catch (const Cancelled&) {
    return fail("stopped; no file was left half-written", exit_interrupted);
  } catch (const std::bad_alloc&) {
    return fail("out of memory; close other programs or use a smaller photo", internal.exit_code());
  } catch (const std::exception& error) {
    return fail((std::string("internal error: ") + error.what()).c_str(), internal.exit_code());
  }
}
