// The passphrase of a locked project, from a file or typed unseen at the terminal.
#include <termios.h>
#include <unistd.h>
#include <csignal>
#include <cstdio>

#include "app/cli/client.h"
#include "sim/core/error.h"
#include "sim/photo/file.h"

namespace stipple {
namespace {

volatile std::sig_atomic_t interrupted = 0;

/// While it lives, what is typed is not shown; Ctrl-C ends the reading first, so that the terminal shows again what is
/// typed after it.
class Unseen {
 public:
  Unseen() {
    tcgetattr(STDIN_FILENO, &shown_);
    termios hidden = shown_;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    struct sigaction stop {};
    stop.sa_handler = [](int) { interrupted = 1; };  // and no SA_RESTART: read() returns
    sigaction(SIGINT, &stop, &before_);
  }
  ~Unseen() {
    sigaction(SIGINT, &before_, nullptr);
    tcsetattr(STDIN_FILENO, TCSADRAIN, &shown_);
    std::fputs("\n", stderr);
    if (interrupted) std::raise(SIGINT);
  }
  Unseen(const Unseen&) = delete;
  Unseen& operator=(const Unseen&) = delete;

 private:
  termios shown_{};
  struct sigaction before_ {};
};

std::string typed_line(const std::string& prompt) {
  const Unseen unseen;  // before the prompt: who sees it may type at once
  std::fputs(prompt.c_str(), stderr);
  std::string line;
  for (char c = 0; !interrupted && read(STDIN_FILENO, &c, 1) == 1 && c != '\n';) line += c;
  return line;
}

}  // namespace

std::string ask_passphrase(const std::string& passphrase_file, const std::string& what, bool twice) {
  if (!passphrase_file.empty()) {
    std::string text = read_file(passphrase_file, 1 << 16);
    text = text.substr(0, text.find_first_of("\r\n"));
    if (!text.empty()) return text;
    throw Error(ErrorKind::unreadable, passphrase_file, "begins with an empty line",
                "put the passphrase on its first line");
  }
  if (!isatty(STDIN_FILENO))
    throw Error(ErrorKind::unreadable, what, "is locked", "give its passphrase with --passphrase-file");
  const std::string typed = typed_line("Passphrase of " + what + ": ");
  if (typed.empty()) throw Error(ErrorKind::usage, "passphrase", "is empty", "type one");
  if (twice && typed_line("The same again: ") != typed)
    throw Error(ErrorKind::usage, "passphrase", "was not the same twice", "try again");
  return typed;
}

}  // namespace stipple
