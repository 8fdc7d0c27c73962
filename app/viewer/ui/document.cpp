#include "app/viewer/ui/document.h"

namespace stipple {

void Document::commit() {
  if (live_ == steps_[step_]) return;
  steps_.resize(step_ + 1);
  steps_.push_back(live_);
  if (steps_.size() > most_steps) steps_.erase(steps_.begin());
  step_ = steps_.size() - 1;
}

void Document::reset(const Settings& settings) {
  live_ = settings;
  steps_ = {settings};
  step_ = 0;
}

bool Document::undo() {
  commit();  // an edit in flight is a step of its own
  if (!can_undo()) return false;
  live_ = steps_[--step_];
  return true;
}

bool Document::redo() {
  if (!can_redo()) return false;
  live_ = steps_[++step_];
  return true;
}

}  // namespace stipple
