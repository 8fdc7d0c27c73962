// Progress and cancellation in one call: a stage calls step() in its outer loop and needs no other code for either.
#pragma once
#include <atomic>
#include <functional>
#include <string_view>

namespace stipple {

/// Thrown by Job::step after cancel(); caught only where the job was started.
struct Cancelled {};

class Job {
 public:
  using Report = std::function<void(std::string_view stage, double fraction)>;
  Job() = default;
  explicit Job(Report report) : report_(std::move(report)) {}

  /// `fraction` in 0..1 of the named stage. Throws Cancelled once cancel() was called. Call from one thread at a time.
  void step(std::string_view stage, double fraction) {
    if (cancelled_.load(std::memory_order_relaxed)) throw Cancelled{};
    if (report_) report_(stage, fraction);
  }
  /// Safe from any thread.
  void cancel() { cancelled_.store(true, std::memory_order_relaxed); }

 private:
  Report report_;
  std::atomic<bool> cancelled_{false};
};

}  // namespace stipple
