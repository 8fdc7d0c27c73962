// Growth in small pieces, so that it can be cancelled at any of them and taken up again later.
#include "sim/field/scalp_set.h"

#include <algorithm>
#include <cmath>

#include "sim/core/error.h"
#include "sim/field/spacing.h"

namespace stipple {
namespace {

constexpr size_t places_per_step = 2048;  // a few milliseconds of work
constexpr double grown_share = 0.9;       // of the whole stage's progress

}  // namespace

ScalpSet::ScalpSet(const HeadModel& model, uint64_t seed)
    : model_(model), seed_(seed), surface_(model), progression_(surface_, seed, first_radius_mm) {}

const std::vector<SetPoint>& ScalpSet::down_to(double radius_mm, Job& job) {
  const double expected = packing * surface_.area_mm2() / (radius_mm * radius_mm);
  if (!(expected <= most_points))
    throw Error(ErrorKind::usage, "density", "it asks for more than two million dots on this head",
                "lower the density or state the scale with a marker");
  progression_.expect(static_cast<size_t>(1.1 * expected) + 1000);
  const int last = static_cast<int>(std::ceil(rounds_per_octave * std::log2(first_radius_mm / radius_mm))) + 1;
  while (progression_.rounds() < last) {
    job.step("dots", grown_share * std::min(1.0, static_cast<double>(progression_.points().size()) / expected));
    progression_.grow_some(places_per_step);
  }
  return progression_.points();
}

}  // namespace stipple
