// What the consultant edits, with undo for everything: snapshots of Settings, which are small values.
#pragma once
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
  /// A new document: one step, nothing to undo.
  void reset(const Settings& settings);
  bool undo();
  bool redo();
  bool can_undo() const { return step_ > 0; }
  bool can_redo() const { return step_ + 1 < steps_.size(); }

 private:
  static constexpr size_t most_steps = 500;
  Settings live_;
  std::vector<Settings> steps_{Settings{}};
  size_t step_ = 0;
};

}  // namespace stipple
