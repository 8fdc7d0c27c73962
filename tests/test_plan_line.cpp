// The hairline's geometry against known answers: lengths along the skin, anatomical verticals, symmetry, fitting.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "sim/core/error.h"
#include "sim/plan/checks.h"
#include "sim/plan/corners.h"
#include "sim/plan/hairline.h"
#include "sim/plan/presets.h"
#include "test_plan_heads.h"

using namespace stipple;
using namespace stipple::plan_test;

namespace {

Vec3 at_arc(const SkinCurve& curve, double arc) {
  const auto it = std::lower_bound(curve.arc_mm.begin(), curve.arc_mm.end(), arc);
  return curve.points[std::min(static_cast<size_t>(it - curve.arc_mm.begin()), curve.size() - 1)];
}

// Largest distance from the points of `a` to the polyline `b`.
double apart(const std::vector<Vec2>& a, const std::vector<Vec2>& b) {
  double worst = 0;
  for (const Vec2& p : a) {
    double best = 1e9;
    for (size_t i = 1; i < b.size(); ++i) {
      const Vec2 along = b[i] - b[i - 1];
      const double u = std::clamp((p - b[i - 1]).dot(along) / along.squaredNorm(), 0.0, 1.0);
      best = std::min(best, (p - b[i - 1] - u * along).norm());
    }
    worst = std::max(worst, best);
  }
  return worst;
}

}  // namespace

TEST_CASE("heights above the brow are arcs on a sphere") {
  const HeadModel sphere = model_of({.sphere = true});
  const Vec3 p = point_above_brow(sphere, 0, 0, 90 * std::numbers::pi / 4);
  CHECK(p.y() == doctest::Approx(90 * std::sqrt(0.5)).epsilon(1e-4));
  CHECK(p.z() == doctest::Approx(90 * std::sqrt(0.5)).epsilon(1e-4));
  CHECK(height_above_brow_mm(sphere, 0, p) == doctest::Approx(90 * std::numbers::pi / 4).epsilon(1e-5));
  // Off the midline the plane cuts a smaller circle.
  const double r = std::sqrt(90.0 * 90 - 40 * 40);
  const Vec3 q = point_above_brow(sphere, 0, 40, r * std::numbers::pi / 3);
  CHECK(q.y() == doctest::Approx(r * std::sin(std::numbers::pi / 3)).epsilon(1e-4));
  CHECK(height_above_brow_mm(sphere, 0, Vec3(0, -90 * std::sqrt(0.5), 90 * std::sqrt(0.5))) ==
        doctest::Approx(-90 * std::numbers::pi / 4).epsilon(1e-5));
}

TEST_CASE("a point keeps its height above the brow on the superellipsoid") {
  const HeadModel model = model_of({});
  for (double x : {-50.0, -20.0, 0.0, 35.0})
    for (double height : {10.0, 60.0, 95.0, 140.0})
      CHECK(height_above_brow_mm(model, 15, point_above_brow(model, 15, x, height)) ==
            doctest::Approx(height).epsilon(1e-3));
}

TEST_CASE("distance behind a great circle is its latitude") {
  const HeadModel sphere = model_of({.sphere = true});
  std::vector<Vec3> equator;
  for (int i = -8; i <= 8; ++i) equator.push_back(90 * Vec3(std::sin(i * 0.1), 0, std::cos(i * 0.1)));
  const SkinCurve curve = skin_curve(sphere, equator, equator[8]);
  const CurveDistance distance(sphere, curve);
  for (double latitude : {-0.5, -0.1, 0.02, 0.3, 1.0}) {
    const Vec3 p =
        90 * Vec3(std::cos(latitude) * std::sin(0.2), std::sin(latitude), std::cos(latitude) * std::cos(0.2));
    CHECK(distance(p).behind_mm == doctest::Approx(90 * latitude).epsilon(0.002));
  }
}

TEST_CASE("the mid-frontal point lies where the parameter says, whatever the preset") {
  const Head head = make_head({.border_shift_mm = -30});
  const Anatomy anatomy = anatomy_of(head);
  for (size_t preset = 0; preset < hairline_names.size(); ++preset)
    for (double height : {60.0, 70.0, 85.0}) {
      PlanParams params;
      params.hairline = static_cast<Hairline>(preset);
      params.mid_frontal_height_mm = height;
      const Hairline3d line = wandering_hairline(head.model, preset_hairline(head.model, anatomy, params), params);
      CAPTURE(hairline_names[preset]);
      CHECK(std::abs(measured_mid_frontal_mm(head.model, anatomy, line) - height) < 1.0);
    }
}

TEST_CASE("the apex stays on the vertical through the lateral canthus and recedes as asked") {
  const Head head = make_head({});
  const Anatomy anatomy = anatomy_of(head);
  for (double recession : {10.0, 22.0, 40.0}) {
    PlanParams params;
    params.temple_recession_mm = recession;
    params.asymmetry_mm = 0;
    const Hairline3d line = wandering_hairline(head.model, preset_hairline(head.model, anatomy, params), params);
    const Vec3 left = at_arc(line.curve, line.apex_left_mm), right = at_arc(line.curve, line.apex_right_mm);
    CHECK(std::abs(left.x() - anatomy.canthus_left_x_mm) < 1.0);
    CHECK(std::abs(right.x() - anatomy.canthus_right_x_mm) < 1.0);
    CHECK(std::abs(at_arc(line.curve, 0).z() - left.z() - recession) < 1.5);
  }
}

TEST_CASE("landmarks move the line: a seen canthus and glabella win over typical anatomy") {
  Head head = make_head({});
  const Vec3 glabella_mm = point_above_brow(head.model, 24, 0, 0), canthus_mm = onto_surface(head.model, {50, -5, 80});
  head.landmarks[glabella] = {head.model.project(glabella_mm), 0.9};
  head.landmarks[canthus_left] = {head.model.project(canthus_mm), 0.9};
  const Anatomy anatomy = anatomy_of(head);
  CHECK(anatomy.brow_y_mm == doctest::Approx(24).epsilon(1e-3));
  CHECK(anatomy.canthus_left_x_mm == doctest::Approx(canthus_mm.x()).epsilon(1e-3));
  CHECK(anatomy.canthus_right_x_mm == doctest::Approx(-46).epsilon(1e-3));
  // A landmark that cannot be is not believed.
  head.landmarks[canthus_left] = {head.model.project(onto_surface(head.model, {10, -5, 95})), 0.9};
  CHECK(anatomy_of(head).canthus_left_x_mm == doctest::Approx(46).epsilon(1e-3));
}

TEST_CASE("without asymmetry the line is its own mirror image, with it the sides differ by about that much") {
  const Head head = make_head({});
  const Anatomy anatomy = anatomy_of(head);
  auto largest_difference = [&](double asymmetry) {
    PlanParams params;
    params.asymmetry_mm = asymmetry;
    const SkinCurve curve = wandering_hairline(head.model, preset_hairline(head.model, anatomy, params), params).curve;
    SkinCurve mirrored = curve;
    for (Vec3& p : mirrored.points) p.x() = -p.x();
    const CurveDistance distance(head.model, curve);
    double largest = 0;
    for (size_t i = 10; i + 10 < mirrored.size(); ++i)
      largest = std::max(largest, std::abs(distance(mirrored.points[i]).behind_mm));
    return largest;
  };
  CHECK(largest_difference(0) < 0.15);
  CHECK(largest_difference(1.5) > 0.75);
  CHECK(largest_difference(1.5) < 3.0);
}

TEST_CASE("irregularity sets how far the line wanders") {
  const Head head = make_head({});
  const Anatomy anatomy = anatomy_of(head);
  PlanParams straight, wavy;
  straight.irregularity_mm = straight.asymmetry_mm = wavy.asymmetry_mm = 0;
  wavy.irregularity_mm = 3;
  const SkinCurve smooth = preset_hairline(head.model, anatomy, straight).curve;
  const SkinCurve rough = wandering_hairline(head.model, preset_hairline(head.model, anatomy, wavy), wavy).curve;
  const CurveDistance distance(head.model, smooth);
  double largest = 0;
  for (const Vec3& p : rough.points) largest = std::max(largest, std::abs(distance(p).behind_mm));
  CHECK(largest > 1.0);
  CHECK(largest < 3.0 * 4 / 3 + 0.1);  // macro plus a third for micro
}

TEST_CASE("own hair before the line pulls it forward, a parser's border far behind it keeps it off the face") {
  PlanParams params;
  params.asymmetry_mm = params.irregularity_mm = 0;
  SUBCASE("full hair starts 75 mm up; a line at 90 mm joins it") {
    params.mid_frontal_height_mm = 90;
    const Head head = make_head({.hair = Hair::full});
    const Plan plan = [&] {
      Job job;
      return make_plan(head, params, job);
    }();
    const Vec3 border = [&] {  // where the drawn border crosses the midline
      for (double h = 40; h < 120; h += 0.1)
        if (const Vec3 p = point_above_brow(head.model, 17, 0, h); class_of({.hair = Hair::full}, p) == hair_on_scalp)
          return p;
      return Vec3(0, 0, 0);
    }();
    CHECK(plan.mid_frontal_height_mm == doctest::Approx(height_above_brow_mm(head.model, 17, border)).epsilon(0.03));
  }
  SUBCASE("bare scalp does not pull") {
    params.mid_frontal_height_mm = 90;
    Job job;
    CHECK(make_plan(make_head({}), params, job).mid_frontal_height_mm == doctest::Approx(90).epsilon(0.01));
  }
  SUBCASE("the line is never lower than the tolerance below the parser's border") {
    params.mid_frontal_height_mm = 60;
    const HeadRecipe recipe{.border_shift_mm = 20};
    const Head head = make_head(recipe);
    double border = 0;
    while (class_of(recipe, point_above_brow(head.model, 17, 0, border)) == face_skin) border += 0.1;
    Job job;
    CHECK(make_plan(head, params, job).mid_frontal_height_mm ==
          doctest::Approx(border - face_tolerance_mm(head)).epsilon(0.02));
  }
  SUBCASE("follow runs along the border itself") {
    params.hairline = Hairline::follow;
    const HeadRecipe recipe{.border_shift_mm = 8};
    const Head head = make_head(recipe);
    double border = 0;
    while (class_of(recipe, point_above_brow(head.model, 17, 0, border)) == face_skin) border += 0.1;
    Job job;
    CHECK(std::abs(make_plan(head, params, job).mid_frontal_height_mm - border) < 1.5);
  }
}

TEST_CASE("the same head in a photo twice as large has the same line in mm") {
  PlanParams params;
  Job job;
  const Head small = make_head({.hair = Hair::fringe}), large = make_head({.hair = Hair::fringe, .photo_px = 1280});
  std::vector<Vec2> a = make_plan(small, params, job).hairline_px, b = make_plan(large, params, job).hairline_px;
  REQUIRE(a.size() > 50);
  for (Vec2& p : b) p /= 2;
  CHECK(apart(a, b) / small.scale.px_per_mm < 0.5);
}

TEST_CASE("a line drawn by hand wins and is drawn through its points") {
  const Head head = make_head({});
  PlanParams params;
  std::vector<Vec2> drawn;
  for (double x : {40.0, 20.0, 0.0, -20.0, -40.0})
    drawn.push_back(head.model.project(point_above_brow(head.model, 17, x, 66 + 0.1 * std::abs(x))));
  for (const Vec2& p : drawn) params.line_points += std::to_string(p.x()) + "," + std::to_string(p.y()) + " ";
  Job job;
  const Plan plan = make_plan(head, params, job);
  CHECK(plan.mid_frontal_height_mm == doctest::Approx(66).epsilon(0.01));
  CHECK(apart(drawn, plan.hairline_px) < 1.0);
  CHECK(plan.hairline_px.front().x() < plan.hairline_px.back().x());  // subject's right to left
}

TEST_CASE("temple corners stand above the outer corners of the eyes, on the vertical that is drawn there") {
  PlanParams params;
  params.asymmetry_mm = params.irregularity_mm = 0;
  Job job;
  const Head head = make_head({});
  const Plan plan = make_plan(head, params, job);
  REQUIRE(plan.corners.size() == 2);
  const Anatomy anatomy = anatomy_of(head);
  for (const TempleCorner& corner : plan.corners) {
    const double canthus_x = corner.left ? anatomy.canthus_left_x_mm : anatomy.canthus_right_x_mm;
    CHECK(std::abs(corner.lean_degrees) < 2);
    CHECK(corner.corner_degrees > 60);
    CHECK(corner.corner_degrees < widest_corner_degrees);
    CHECK(corner.recession_mm > 15);
    for (const Vec2& px : corner.canthus_line_px) CHECK(std::abs(head.model.nearest(px).x() - canthus_x) < 0.5);
    CHECK((corner.canthus_line_px.back() - corner.photo_px).norm() / head.scale.px_per_mm < 3);
  }
  CHECK(plan.corners[0].corner_degrees == doctest::Approx(plan.corners[1].corner_degrees).epsilon(0.02));
  // Turned to the side, only one of them is seen.
  CHECK(make_plan(make_head({.yaw_degrees = 60}), params, job).corners.size() == 1);
}

TEST_CASE("a corner drawn beside its vertical leans by the angle it was put at, and the rule says so") {
  const Head head = make_head({});
  const Anatomy anatomy = anatomy_of(head);
  Job job;
  for (const double outwards_mm : {-22.0, 0.0}) {
    // A line that runs level to its corner and then turns back and down: an angle at a known place.
    PlanParams params;
    for (const double side : {-1.0, 1.0}) {
      const double x = side * (anatomy.canthus_left_x_mm + outwards_mm);
      std::vector<Vec3> points{point_above_brow(head.model, anatomy.brow_y_mm, 0.4 * x, 60),
                               point_above_brow(head.model, anatomy.brow_y_mm, x, 72),
                               point_above_brow(head.model, anatomy.brow_y_mm, 1.12 * x, 48)};
      if (side < 0) std::reverse(points.begin(), points.end());
      for (const Vec3& p : points) {
        const Vec2 px = head.model.project(p);
        params.line_points += std::to_string(px.x()) + "," + std::to_string(px.y()) + " ";
      }
    }
    const Plan plan = make_plan(head, params, job);
    CAPTURE(outwards_mm);
    REQUIRE(plan.corners.size() == 2);
    for (const TempleCorner& corner : plan.corners) {
      CHECK(std::abs(corner.lean_degrees - std::atan(outwards_mm / 68) * 57.3) < 6);
      CHECK((std::abs(corner.lean_degrees) > largest_lean_degrees) == (outwards_mm != 0));
    }
    const bool said = std::any_of(plan.checks.begin(), plan.checks.end(),
                                  [](const RuleCheck& check) { return check.key == "corner_off_eye"; });
    CHECK(said == (outwards_mm != 0));
  }
}

TEST_CASE("points that cannot be read name the value") {
  const Head head = make_head({.photo_px = 160});
  auto message = [&](auto set) {
    PlanParams params;
    set(params);
    Job job;
    try {
      make_plan(head, params, job);
    } catch (const Error& e) {
      CHECK(e.kind() == ErrorKind::usage);
      return std::string(e.what());
    }
    return std::string("no error");
  };
  CHECK(message([](PlanParams& p) { p.line_points = "12,x 3,4"; }).find("\"12,x\"") != std::string::npos);
  CHECK(message([](PlanParams& p) { p.line_points = "12,13"; }).starts_with("line_points: "));
  CHECK(message([](PlanParams& p) { p.line_points = "1,1 2,2"; }).find("on the head") != std::string::npos);
  CHECK(message([](PlanParams& p) { p.painted_density = "3 0.1 0.5,0.5"; }).starts_with("painted_density: \"3\""));
  CHECK(message([](PlanParams& p) { p.zone = "1,2 3,4"; }).starts_with("zone: "));
  CHECK(message([](PlanParams& p) { p.zone = "nan,2 3,4 5,6"; }).starts_with("zone: \"nan,2\""));
  CHECK(message([](PlanParams& p) { p.zone = "1e300,2 3,4 5,6"; }).starts_with("zone: "));
  CHECK(message([](PlanParams& p) { p.finish = Finish::scar; }).starts_with("zone: "));
}

TEST_CASE("every preset stays within the documented ranges") {
  std::set<std::array<double, 6>> shapes;
  for (size_t i = 0; i < hairline_names.size(); ++i) {
    const HairlinePreset& preset = preset_of(static_cast<Hairline>(i));
    CHECK(static_cast<size_t>(preset.name) == i);
    CHECK(std::is_sorted(preset.recession.begin(), preset.recession.end()));
    CHECK(preset.recession.back() == 1);
    PlanParams params;
    params.hairline = preset.name;
    const EdgeProfile edge = edge_profile(params);
    const bool sharp = preset.name == Hairline::edge_up;
    CHECK(edge.transition_mm >= (sharp ? 1 : 4));
    CHECK(edge.transition_mm <= (sharp ? 2 : 20));  // DOMAIN 0: 5-20 mm
    CHECK(edge.edge_density_per_cm2 <= params.density_per_cm2);
    CHECK(effective_recession_mm(params) >= 15);
    shapes.insert(preset.recession);
  }
  CHECK(shapes.size() == hairline_names.size() - 1);  // follow starts from natural
}
