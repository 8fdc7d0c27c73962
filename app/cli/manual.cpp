// stipple(1): every command with its options and examples, the settings, exit codes and files.
#include "app/cli/manual.h"

#include <sstream>

#include "sim/settings.h"

namespace stipple {
namespace {

/// Text that roff takes literally: no escapes, no requests at the start of a line.
std::string literal(const std::string& text) {
  std::string out;
  bool line_start = true;
  for (const char c : text) {
    if (line_start && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
    line_start = c == '\n';
  }
  return out;
}

/// Descriptions of options are phrases or sentences; others follow them.
std::string sentence(const std::string& text) { return text.empty() || text.ends_with('.') ? text : text + "."; }

void write_option(std::ostream& out, const CLI::Option& option) {
  out << ".TP\n.B " << literal(option.get_name(option.get_positional(), true));
  if (!option.get_type_name().empty() && option.get_items_expected_max() > 0)
    out << " \\fI" << literal(option.get_type_name()) << "\\fR";
  out << "\n" << literal(sentence(option.get_description()));
  if (!option.get_default_str().empty()) out << " Default " << literal(option.get_default_str()) << ".";
  out << "\n";
}

void write_block(std::ostream& out, const std::string& text) { out << ".PP\n.nf\n" << literal(text) << "\n.fi\n"; }

void write_command(std::ostream& out, const CLI::App& app) {
  out << ".SS stipple " << literal(app.get_name()) << "\n" << literal(app.get_description()) << ".\n";
  for (const CLI::Option* option : app.get_options())
    if (option->get_name() != "--help") write_option(out, *option);
  if (!app.get_footer().empty()) write_block(out, app.get_footer());
}

}  // namespace

std::string manual_page(const CLI::App& root) {
  std::ostringstream out;
  out << ".TH STIPPLE 1 \"\" \"stipple " STIPPLE_VERSION "\" \"User Commands\"\n"
      << ".SH NAME\nstipple \\- preview scalp micropigmentation on a client's own photo\n"
      << ".SH SYNOPSIS\n.B stipple\n.I COMMAND\n[\\fIOPTIONS\\fR]\n"
      << ".SH DESCRIPTION\n"
      << literal(root.get_description()) << "\n.SH COMMANDS\n";
  for (const CLI::App* sub : root.get_subcommands({})) write_command(out, *sub);
  out << ".SH SETTINGS\nGiven as \\-\\-set KEY=VALUE, or stored in a project.\n";
  write_block(out, describe_settings());
  out << ".SH NOTES\n.nf\n" << literal(root.get_footer()) << "\n.fi\n";
  out << ".SH FILES\n.TP\n.I share/stipple\nScalp parser and pigments, beside the program's folder.\n"
      << ".SH ENVIRONMENT\n.TP\n.B STIPPLE_ASSETS\nAnother folder for them.\n"
      << ".SH SEE ALSO\n.BR stipple\\-viewer (1)\n";
  return out.str();
}

}  // namespace stipple
