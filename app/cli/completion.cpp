// `stipple completion bash`: a completion script written from the tree of commands and options itself.
#include <cstdio>
#include <sstream>

#include "app/cli/commands.h"

namespace stipple {
namespace {

/// "{a, b, c}" -> "a b c"; "" for options that take anything.
std::string choices_of(const CLI::Option& option) {
  std::string type = option.get_type_name();
  if (type.size() < 2 || type.front() != '{') return "";
  type = type.substr(1, type.size() - 2);
  type.erase(std::remove(type.begin(), type.end(), ','), type.end());
  return type;
}

std::string option_words(const CLI::App& app) {
  std::string words;
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) words += " --" + name;
  return words.empty() ? words : words.substr(1);
}

/// One shell case per option whose values are known.
void write_choices(std::ostream& out, const CLI::App& app) {
  for (const CLI::Option* option : app.get_options()) {
    const std::string choices = choices_of(*option);
    if (choices.empty()) continue;
    for (const std::string& name : option->get_lnames())
      out << "    " << app.get_name() << ":--" << name << ") COMPREPLY=($(compgen -W \"" << choices
          << "\" -- \"$word\")); return ;;\n";
  }
}

std::string bash_script(const CLI::App& root) {
  std::ostringstream out;
  out << "# Completion of " << root.get_name() << " for bash: source this file, or put it into\n"
      << "# ~/.local/share/bash-completion/completions/" << root.get_name() << "\n"
      << "_stipple() {\n"
      << "  local word=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]}\n"
      << "  COMPREPLY=()\n"
      << "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
      << "    COMPREPLY=($(compgen -W \"";
  for (const CLI::App* sub : root.get_subcommands({})) out << sub->get_name() << ' ';
  out << option_words(root) << "\" -- \"$word\"))\n    return\n  fi\n"
      << "  case $command:${COMP_WORDS[COMP_CWORD-1]} in\n";
  for (const CLI::App* sub : root.get_subcommands({})) write_choices(out, *sub);
  out << "  esac\n  case $command:$word in\n";
  for (const CLI::App* sub : root.get_subcommands({}))
    out << "    " << sub->get_name() << ":-*) COMPREPLY=($(compgen -W \"" << option_words(*sub)
        << "\" -- \"$word\")) ;;\n";
  out << "    *) compopt -o default ;;\n  esac\n}\ncomplete -F _stipple " << root.get_name() << "\n";
  return out.str();
}

}  // namespace

Command add_completion(CLI::App& root) {
  CLI::App* app = root.add_subcommand("completion", "Print a completion script for your shell");
  app->add_option("shell", "bash")->required()->check(CLI::IsMember({"bash"}));
  app->footer("Example:\n  source <(stipple completion bash)");
  return {app, [&root](const Console&) { std::fputs(bash_script(root).c_str(), stdout); }};
}

}  // namespace stipple
