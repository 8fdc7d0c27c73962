// Density painted by hand: what strokes make of a plan, and the text they are kept as.
#include <doctest/doctest.h>

#include <algorithm>

#include "sim/core/error.h"
#include "sim/plan/anatomy.h"
#include "sim/plan/painted.h"
#include "sim/plan/plan.h"
#include "test_plan_heads.h"

using namespace stipple;
using namespace stipple::plan_test;

namespace {

std::string dab(double factor, const Vec2& centre, double r) {
  return format_painted_density({{factor, r, true, {centre}}});
}

}  // namespace

TEST_CASE("what a stroke leaves out is free, with a soft edge around it") {
  const Head head = make_head({});
  const Vec2 mole = head.model.project(onto_surface(head.model, {15, 90, 40}));
  PlanParams params;
  params.painted_density = dab(0, mole, 12);
  const Plan plan = plan_of(head, params), whole = plan_of(head);
  double inside = 0, soft = 0;
  for (int y = 0; y < plan.density_per_cm2.rows; ++y)
    for (int x = 0; x < plan.density_per_cm2.cols; ++x) {
      const double r = (Vec2(x + 0.5, y + 0.5) - mole).norm();
      if (r < 12) inside = std::max<double>(inside, plan.density_per_cm2(y, x));
      if (r > 14 && r < 14.5 && plan.density_per_cm2(y, x) > 0.05f * whole.density_per_cm2(y, x) &&
          plan.density_per_cm2(y, x) < 0.95f * whole.density_per_cm2(y, x))
        soft += 1;
    }
  CHECK(inside == 0);
  CHECK(soft > 0);
  CHECK(plan.estimates.dots_total < whole.estimates.dots_total);
}

TEST_CASE("painted strokes multiply the density where they lie and nowhere else, and the last one counts") {
  const Head head = make_head({});
  const Vec2 place = head.model.project(onto_surface(head.model, {15, 90, 40}));
  PlanParams params;
  const Plan whole = plan_of(head);
  const auto ratio = [&](const Plan& plan, const Vec2& at) {
    const int x = static_cast<int>(at.x()), y = static_cast<int>(at.y());
    return static_cast<double>(plan.density_per_cm2(y, x) / whole.density_per_cm2(y, x));
  };
  for (const double factor : {0.5, 1.25}) {
    params.painted_density = dab(factor, place, 12);
    const Plan plan = plan_of(head, params);
    CHECK(ratio(plan, place) == doctest::Approx(factor).epsilon(1e-6));
    CHECK(ratio(plan, place + Vec2(11, 0)) == doctest::Approx(factor).epsilon(1e-6));
    CHECK(ratio(plan, place - Vec2(30, 0)) == 1);
    CHECK((plan.estimates.dots_total < whole.estimates.dots_total) == (factor < 1));
  }
  params.painted_density = dab(0.5, place, 12) + "; " + dab(1, place, 12);
  CHECK(ratio(plan_of(head, params), place) == 1);
  // Shares of the photo say the same as pixels.
  const Vec2 size(head.photo_size.width, head.photo_size.height);
  params.painted_density = dab(0.5, place, 12);
  const Plan px = plan_of(head, params);
  params.painted_density = format_painted_density({{0.5, 12 / size.maxCoeff(), false, {place.cwiseQuotient(size)}}});
  CHECK(cv::norm(px.density_per_cm2, plan_of(head, params).density_per_cm2, cv::NORM_INF) < 2);
  params.density_per_cm2 = 250;
  params.painted_density = dab(2, place, 12);
  CHECK(plan_of(head, params).density_per_cm2(static_cast<int>(place.y()), static_cast<int>(place.x())) ==
        static_cast<float>(most_density_per_cm2));
}

TEST_CASE("strokes come back from their text, and nonsense is refused") {
  const std::vector<DensityStroke> strokes{{0.5, 0.02, false, {Vec2(0.25, 0.5), Vec2(0.75, 0.5)}},
                                           {0, 12.5, true, {Vec2(512, 300.5)}}};
  CHECK(parse_painted_density(format_painted_density(strokes)) == strokes);
  CHECK(parse_painted_density(" ; ").empty());
  for (const char* bad : {"0.5", "0.5 0.01", "much 0.01 0.5,0.5", "2.5 0.01 0.5,0.5", "-1 0.01 0.5,0.5",
                          "nan 0.01 0.5,0.5", "1 0 0.5,0.5", "1 0.6 0.5,0.5", "1 0.1 5,5", "1 5px 0.5", "1 5pt 1,1"}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(parse_painted_density(bad), Error);
  }
}
