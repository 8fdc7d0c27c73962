// Placing dots can be stopped at any time and taken up again.
#include <doctest/doctest.h>

#include "sim/field/field.h"
#include "sim/field/progressive.h"
#include "sim/field/surface.h"
#include "tests/test_field_heads.h"

using namespace stipple;
using namespace stipple::field_test;

namespace {

Head round_head(double radius_mm) { return head_from_above(Vec3::Constant(radius_mm), ellipsoid_form); }

/// Lets go of all sets that are kept: the last two are.
void forget_kept_sets() {
  for (const double radius_mm : {75, 80}) place(round_head(radius_mm), even_plan(20));
}

}  // namespace

TEST_CASE("placing asks often whether to go on, and taken up after a cancel it gives the same dots") {
  const Head head = round_head(90);
  const Plan plan = even_plan(120);
  forget_kept_sets();
  int steps = 0;
  Job counted([&](std::string_view, double) { ++steps; });
  const Field undisturbed = place_dots(head, plan, {}, counted);
  // Steps at the start of the 40-odd rounds alone would leave a second without any on slow machines.
  CHECK(static_cast<size_t>(steps) > 45 + undisturbed.dots.size() / 4096);

  forget_kept_sets();
  int cancelled = 0;
  for (const int stop : {1, 2, steps / 3, steps / 3, steps / 2}) {
    int seen = 0;
    Job job([&](std::string_view, double) {
      if (++seen == stop) job.cancel();
    });
    try {
      place_dots(head, plan, {}, job);
    } catch (const Cancelled&) {
      ++cancelled;
      CHECK(seen == stop);  // nothing is done after the step that was told to stop
    }
  }
  CHECK(cancelled >= 3);
  const Field again = place(head, plan);
  REQUIRE(again.dots.size() == undisturbed.dots.size());
  for (size_t i = 0; i < again.dots.size(); ++i)
    if (again.dots[i].id != undisturbed.dots[i].id || again.dots[i].head_mm != undisturbed.dots[i].head_mm)
      FAIL("dot " << i << " differs");
}

TEST_CASE("a round cut into pieces adds the same points, and no piece adds more than asked") {
  const HeadSurface surface(round_head(90).model);
  Progression<HeadSurface> whole(surface, 5, 16), pieces(surface, 5, 16);
  while (whole.rounds() < 24) whole.grow();
  pieces.grow();  // the first starts from random places
  while (pieces.rounds() < 24) {
    const size_t before = pieces.points().size();
    pieces.grow_some(50);
    CHECK(pieces.points().size() <= before + 50);
  }
  REQUIRE(pieces.points().size() == whole.points().size());
  for (size_t i = 0; i < whole.points().size(); ++i) {
    CHECK(squared_distance(pieces.points()[i].at, whole.points()[i].at) == 0);
    CHECK(pieces.points()[i].reach_mm == whole.points()[i].reach_mm);
  }
}
