// Progress over Job's one call. Drawing is throttled, so that a stage may step as often as it likes.
#include "app/cli/console.h"

#include <unistd.h>

#include <csignal>
#include <cstdio>

namespace stipple {
namespace {

std::atomic<Job*> running{nullptr};

void on_interrupt(int signal) {
  if (Job* job = running.exchange(nullptr)) return job->cancel();
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

}  // namespace

Progress::Progress(bool quiet)
    : quiet_(quiet),
      terminal_(isatty(STDERR_FILENO) != 0),
      job_([this](std::string_view stage, double fraction) { show(stage, fraction); }) {
  running = &job_;
  std::signal(SIGINT, on_interrupt);
}

Progress::~Progress() {
  running = nullptr;
  clear();
}

void Progress::clear() {
  if (terminal_ && !stage_.empty()) std::fputs("\r\x1b[K", stderr);
  stage_.clear();
}

void Progress::show(std::string_view stage, double fraction) {
  if (quiet_) return;
  const auto now = std::chrono::steady_clock::now();
  const bool next = stage != stage_;
  if (next) stage_ = stage;
  if (!terminal_) {
    if (next) said_ = false, drawn_ = now;
    if (said_ || now - drawn_ < std::chrono::seconds(2)) return;
    said_ = true;
    std::fprintf(stderr, "%s ...\n", stage_.c_str());
    return;
  }
  if (!next && now - drawn_ < std::chrono::milliseconds(50)) return;
  drawn_ = now;
  constexpr int width = 32;
  const double share = fraction >= 0 ? std::min(fraction, 1.0) : 0.0;
  const int done = static_cast<int>(share * width);
  std::fprintf(stderr, "\r\x1b[K%-14s [%.*s%*s] %3.0f %%", stage_.c_str(), done, "################################",
               width - done, "", 100 * share);
}

void Console::say(const std::string& line) const {
  if (!quiet) std::printf("%s\n", line.c_str());
}

std::string Stopwatch::text() const {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f s", seconds());
  return text;
}

}  // namespace stipple
