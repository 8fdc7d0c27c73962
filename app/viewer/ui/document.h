// What the consultant edits, with undo for everything: snapshots of Settings, which are small values.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "sim/settings.h"

namespace stipple {

/// `live()` follows the mouse; commit() makes it a step that undo() returns to. A drag is one step.
class Document {
 public:
  const Settings& live() const { return live_; }
  /// Replaces the live value without making a step.
  void edit(const Settings& settings) { live_ = settings; }
  /// Makes the live value a step, unless nothing changed since the last one. Forgets what was undone.
  void commit();
  /// A new document: one step, nothing to undo. Unsaved when it comes from work that was never saved.
  void reset(const Settings& settings, bool saved = true);
  bool undo();
  bool redo();
  bool can_undo() const { return step_ > 0; }
  bool can_redo() const { return step_ + 1 < steps_.size(); }
  /// True when the live value is not what was last saved.
  bool unsaved() const { return !(saved_ && live_ == *saved_); }
  void mark_saved() { saved_ = live_; }

 private:
  static constexpr size_t most_steps = 500;
  Settings live_;
  std::optional<Settings> saved_ = Settings{};
  std::vector<Settings> steps_{Settings{}};
  size_t step_ = 0;
};

}  // namespace stipple
