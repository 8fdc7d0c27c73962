// Growth round by round, so that it can be cancelled between rounds and taken up again later.
#include "sim/field/scalp_set.h"

#include <string>

#include "sim/core/error.h"
#include "sim/field/spacing.h"

namespace stipple {

ScalpSet::ScalpSet(const HeadModel& model, uint64_t seed)
    : model_(model), seed_(seed), surface_(model), progression_(surface_, seed, first_radius_mm) {}

const std::vector<SetPoint>& ScalpSet::down_to(double radius_mm, Job& job) {
  const double expected = packing * surface_.area_mm2() / (radius_mm * radius_mm);
  if (!(expected <= most_points))
    throw Error(ErrorKind::usage, "density", "it asks for more than two million dots on this head",
                "lower the density or state the scale with a marker");
  progression_.expect(static_cast<size_t>(1.1 * expected) + 1000);
  const int first = progression_.rounds();
  const int last = static_cast<int>(std::ceil(rounds_per_octave * std::log2(first_radius_mm / radius_mm))) + 1;
  for (int round = first; round < last; ++round) {
    job.step("dots", 0.9 * (round - first) / (last - first));
    progression_.grow();
  }
  return progression_.points();
}

}  // namespace stipple
