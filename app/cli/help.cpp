// `stipple help`: the same texts as --help, and the list of settings made from their declarations.
#include <cstdio>

#include "app/cli/commands.h"
#include "app/cli/manual.h"
#include "sim/core/error.h"
#include "sim/settings.h"

namespace stipple {
namespace {

void print_help(const CLI::App& root, const std::string& topic) {
  if (topic == "settings") {
    std::printf("Settings, given as --set KEY=VALUE or stored in a project:\n\n%s", describe_settings().c_str());
    return;
  }
  if (topic == "man") {
    std::fputs(manual_page(root).c_str(), stdout);
    return;
  }
  const CLI::App* app = &root;
  if (!topic.empty()) {
    std::vector<std::string> topics{"settings", "man"};
    for (const CLI::App* sub : root.get_subcommands({})) topics.push_back(sub->get_name());
    if (std::find(topics.begin(), topics.end(), topic) == topics.end())
      throw Error(ErrorKind::usage, topic, "there is no help on that",
                  "did you mean `stipple help " + nearest_names(topic, topics, 1).front() + "`?");
    app = root.get_subcommand(topic);
  }
  std::printf("%s\n", app->help().c_str());
}

}  // namespace

Command add_help(CLI::App& root) {
  auto topic = std::make_shared<std::string>();
  CLI::App* app = root.add_subcommand("help", "Explain a command, or list all settings");
  app->add_option("topic", *topic, "A command, \"settings\", or \"man\" for the manual page's source")
      ->type_name("COMMAND|settings|man");
  return {app, [&root, topic](const Console&) { print_help(root, *topic); }};
}

}  // namespace stipple
