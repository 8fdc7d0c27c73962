// The one exception type of the engine: what went wrong, with which file, and what to do about it.
#pragma once
#include <stdexcept>
#include <string>

namespace stipple {

/// Kinds map one to one onto the program's exit codes (exit_code()).
enum class ErrorKind {
  internal,    // 1: a fault of ours or of the machine (disk full)
  usage,       // 2: a value or option that cannot be
  unreadable,  // 3: an input that cannot be read or is not safe to read
  no_scalp,    // 4: nothing to treat was found
};

/// `what()` is one line: "SUBJECT: PROBLEM; REMEDY".
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& subject, const std::string& problem, const std::string& remedy)
      : std::runtime_error(subject + ": " + problem + "; " + remedy), kind_(kind) {}
  ErrorKind kind() const { return kind_; }
  int exit_code() const { return static_cast<int>(kind_) + 1; }

 private:
  ErrorKind kind_;
};

}  // namespace stipple
