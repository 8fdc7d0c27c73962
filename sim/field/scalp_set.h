// The progressive set of one head and seed, grown as far as it was ever asked for.
#pragma once
#include <memory>
#include <mutex>
#include <utility>

#include "sim/core/job.h"
#include "sim/field/progressive.h"
#include "sim/field/surface.h"

namespace stipple {

class ScalpSet {
 public:
  static constexpr double first_radius_mm = 16;
  static constexpr double most_points = 2e6;

  ScalpSet(const HeadModel& model, uint64_t seed);
  ScalpSet(const ScalpSet&) = delete;

  bool matches(const HeadModel& model, uint64_t seed) const { return model_ == model && seed_ == seed; }
  /// All points with reach >= radius_mm, in an order that further growth only adds to; the list may hold more.
  /// Throws Error{usage} when that would be more than most_points.
  const std::vector<SetPoint>& down_to(double radius_mm, Job& job);

 private:
  HeadModel model_;
  uint64_t seed_;
  HeadSurface surface_;
  Progression<HeadSurface> progression_;
};

/// Runs use(set) with the set of this head and seed. The last two are kept, the plan's and that of the stubble, so that
/// a change of the plan grows nothing anew; one thread at a time.
template <class Use>
auto with_scalp_set(const HeadModel& model, uint64_t seed, Use&& use) {
  static std::mutex mutex;
  static std::unique_ptr<ScalpSet> last, one_before;
  const std::lock_guard lock(mutex);
  if (!last || !last->matches(model, seed)) {
    std::swap(last, one_before);
    if (!last || !last->matches(model, seed)) last = std::make_unique<ScalpSet>(model, seed);
  }
  return use(*last);
}

}  // namespace stipple
