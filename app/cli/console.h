// What the program says while it works: results on standard output, progress on standard error.
#pragma once
#include <atomic>
#include <chrono>
#include <string>
#include <string_view>

#include "sim/core/job.h"

namespace stipple {

/// A Job that shows its progress: a bar on a terminal, one plain line per stage that takes long in a pipe, nothing when
/// quiet. Ctrl-C cancels it once; the second Ctrl-C ends the program. One at a time.
class Progress {
 public:
  explicit Progress(bool quiet);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  Job& job() { return job_; }

 private:
  void show(std::string_view stage, double fraction);
  void clear();

  const bool quiet_, terminal_;
  std::string stage_;
  std::chrono::steady_clock::time_point drawn_{};  // the bar; in a pipe, when the stage began
  bool said_ = false;
  Job job_;
};

class Console {
 public:
  bool quiet = false;
  /// One line on standard output unless quiet.
  void say(const std::string& line) const;
};

/// "1.23 s" since construction.
class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }
  std::string text() const;

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace stipple
