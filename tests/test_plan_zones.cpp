// Density maps, estimates and rule checks against known answers on heads drawn by rule.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "sim/core/error.h"
#include "sim/field/field.h"
#include "sim/plan/checks.h"
#include "sim/plan/silhouette.h"
#include "sim/plan/zones.h"
#include "test_plan_heads.h"

using namespace stipple;
using namespace stipple::plan_test;

namespace {

bool has(const Plan& plan, const std::string& key) {
  return std::any_of(plan.checks.begin(), plan.checks.end(), [&](const RuleCheck& c) { return c.key == key; });
}

std::string square(const Vec2& centre, double half) {
  std::string text;
  for (const Vec2& corner : {Vec2(-1, -1), Vec2(1, -1), Vec2(1, 1), Vec2(-1, 1)})
    text += std::to_string(centre.x() + half * corner.x()) + "," + std::to_string(centre.y() + half * corner.y()) + " ";
  return text;
}

}  // namespace

TEST_CASE("distance along the skin is the angle on a sphere, foreshortened or not") {
  const Head head = make_head({.sphere = true});
  const SkinGrid grid = skin_grid(head, cv::Mat1b(head.classes.size(), uint8_t{255}));
  cv::Mat1b seed(head.classes.size(), uint8_t{0});
  const int cy = seed.rows / 2, cx = seed.cols / 2;
  seed(cy, cx) = 255;
  const cv::Mat1f distance = skin_distance_mm(grid, seed);
  for (double degrees : {5.0, 20.0, 45.0, 65.0})
    for (double turn : {0.0, 0.7, 2.0, 4.0}) {
      const double a = degrees * std::numbers::pi / 180;
      const Vec3 p = 90 * Vec3(std::sin(a) * std::cos(turn), std::sin(a) * std::sin(turn), std::cos(a));
      const Vec2 px = head.model.project(p);
      const int x = static_cast<int>(px.x()), y = static_cast<int>(px.y());
      const Vec3 centre = grid.at(y, x);
      const double expected = 90 * std::acos(std::clamp(centre.dot(grid.at(cy, cx)) / 8100, -1.0, 1.0));
      CHECK(distance(y, x) == doctest::Approx(expected - 0.5 / grid.px_per_mm).epsilon(1e-3));
    }
}

TEST_CASE("distance to a border on a sphere is right to half a pixel, also near the silhouette") {
  const Head head = make_head({.sphere = true});
  const SkinGrid grid = skin_grid(head, cv::Mat1b(head.classes.size(), uint8_t{255}));
  cv::Mat1b seeds(head.classes.size(), uint8_t{0});
  for (int y = 0; y < seeds.rows; ++y)
    for (int x = 0; x < seeds.cols; ++x)
      if (grid.on_head(y, x) && grid.at(y, x).y() < 0) seeds(y, x) = 255;
  const cv::Mat1f distance = skin_distance_mm(grid, seeds);
  for (int y = 0; y < seeds.rows; y += 7)
    for (int x = 0; x < seeds.cols; x += 7) {
      if (!grid.on_head(y, x) || grid.at(y, x).y() < 1) continue;
      const double facing = grid.at(y, x).z() / 90;
      if (facing < 0.3) continue;
      const double latitude_mm = 90 * std::asin(grid.at(y, x).y() / 90);
      CHECK(distance(y, x) - latitude_mm < 0.6 / grid.px_per_mm + 0.03 * latitude_mm);
      CHECK(distance(y, x) - latitude_mm > -0.6 / grid.px_per_mm);
    }
}

TEST_CASE("estimates are the integral of the density map over the skin") {
  const Head head = make_head({.hair = Hair::fringe});
  cv::Mat1f density = plan_of(head).density_per_cm2;
  // A pixel on the silhouette sees more skin than its middle tells: compare where the skin faces the camera.
  double dots = 0;
  for (int y = 0; y < density.rows; ++y)
    for (int x = 0; x < density.cols; ++x) {
      const auto p = head.model.intersect(Vec2(x + 0.5, y + 0.5));
      if (p && head.model.normal(*p).z() > 0.25)
        dots += density(y, x) * head.model.area_mm2_per_px(*p) / 100;
      else
        density(y, x) = 0;
    }
  const Estimates e = estimates_of(head, seen_skin(head, head.classes.size()), density, 130);
  CHECK(e.dots_total == doctest::Approx(dots).epsilon(0.005));
  CHECK(e.dots_per_session[0] == doctest::Approx(0.3 * e.dots_total));
  CHECK(e.dots_per_session[1] == doctest::Approx(0.7 * e.dots_total));
  CHECK(e.dots_per_session[2] == doctest::Approx(e.dots_total));
  const double minutes = e.minutes_per_session[0] + e.minutes_per_session[1] + e.minutes_per_session[2];
  CHECK(minutes == doctest::Approx(e.dots_total / 14'000 * 180));
  CHECK(e.treated_area_error_cm2 == doctest::Approx(2 * 0.035 * e.treated_area_cm2));
}

TEST_CASE("an even density over what is seen of a sphere counts to its cap's area") {
  const Head head = make_head({.sphere = true});
  const Estimates e =
      estimates_of(head, seen_skin(head, head.classes.size()), cv::Mat1f(head.classes.size(), 100.f), 100);
  // The camera at distance D sees the cap 2 pi R^2 (1 - R / D).
  const double cap_cm2 = 2 * std::numbers::pi * 81 * (1 - 90.0 / 800);
  CHECK(e.treated_area_cm2 == doctest::Approx(cap_cm2).epsilon(0.005));
  CHECK(e.dots_total == doctest::Approx(100 * cap_cm2).epsilon(0.005));
}

TEST_CASE("skin in pixels that the silhouette cuts counts as well, in estimates and in dots") {
  const double half_cap_cm2 = std::numbers::pi * 81 * (1 - 90.0 / 800);  // dots only grow on the upper half
  for (double photo_px : {160.0, 640.0}) {
    const Head head = make_head({.photo_px = photo_px, .sphere = true});
    Plan plan;
    plan.density_per_cm2 = cv::Mat1f(head.classes.size(), 0.f);
    const cv::Rect upper(0, 0, head.classes.cols, head.classes.rows / 2);
    plan.density_per_cm2(upper).setTo(30, head.classes(upper) != other);
    const double area_cm2 =
        estimates_of(head, seen_skin(head, head.classes.size()), plan.density_per_cm2, 30).treated_area_cm2;
    CHECK(area_cm2 == doctest::Approx(half_cap_cm2).epsilon(0.005));
    Job job;
    const double dots = static_cast<double>(place_dots(head, plan, {}, job).dots.size());
    CHECK(dots == doctest::Approx(30 * half_cap_cm2).epsilon(0.015));
  }
}

TEST_CASE("a silhouette gives no density to what must stay free beside it") {
  const Head head = make_head({.sphere = true});
  cv::Mat1f density(head.classes.size(), 0.f);
  const cv::Range left(0, density.cols / 2), right(density.cols / 2, density.cols);
  density.colRange(left).setTo(30, head.classes.colRange(left) != other);
  const cv::Mat1f over = over_silhouette(head, density);
  CHECK(cv::countNonZero(over.colRange(right)) == 0);
  CHECK(cv::countNonZero(over) > cv::countNonZero(density) + density.rows / 2);
}

TEST_CASE("a fully bare vault carries the plateau: dots per area between edge and plateau density") {
  PlanParams params;
  params.feather_mm = 0;
  const Plan plan = plan_of(make_head({}), params);
  const double mean = plan.estimates.dots_total / plan.estimates.treated_area_cm2;
  CHECK(mean < params.density_per_cm2);
  CHECK(mean > 0.85 * params.density_per_cm2);
}

TEST_CASE("the same head at twice the pixels has the same dots and area") {
  const Plan small = plan_of(make_head({.hair = Hair::fringe}));
  const Plan fine = plan_of(make_head({.hair = Hair::fringe, .photo_px = 1280}));
  const Plan coarse = plan_of(make_head({.hair = Hair::fringe, .photo_px = 1280, .work_scale = 2}));
  CHECK(fine.estimates.dots_total == doctest::Approx(small.estimates.dots_total).epsilon(0.01));
  CHECK(coarse.estimates.dots_total == doctest::Approx(small.estimates.dots_total).epsilon(0.001));
  CHECK(fine.estimates.treated_area_cm2 == doctest::Approx(small.estimates.treated_area_cm2).epsilon(0.02));
}

TEST_CASE("a higher line means fewer dots, a softer edge too") {
  const Head head = make_head({.photo_px = 400, .border_shift_mm = -10});
  double before = 1e9;
  for (double height : {62.0, 70.0, 80.0, 95.0}) {
    PlanParams params;
    params.mid_frontal_height_mm = height;
    const double dots = plan_of(head, params).estimates.dots_total;
    CHECK(dots < before - 100);
    before = dots;
  }
  PlanParams hard, soft;
  hard.hairline = Hairline::edge_up, soft.hairline = Hairline::soft;
  CHECK(plan_of(head, soft).estimates.dots_total < plan_of(head, hard).estimates.dots_total);
}

TEST_CASE("density rises from nothing before the line to the plateau behind the soft zone") {
  PlanParams params;
  params.feather_mm = 0;
  const Plan plan = plan_of(make_head({}), params);
  double before = 0, first = 0, behind = 0;
  int n_first = 0, n_behind = 0;
  for (int y = 0; y < plan.density_per_cm2.rows; ++y)
    for (int x = plan.density_per_cm2.cols / 2 - 40; x < plan.density_per_cm2.cols / 2 + 40; ++x) {
      const float d = plan.hairline_distance_mm(y, x), density = plan.density_per_cm2(y, x);
      if (d < -1.1) before = std::max<double>(before, density);
      if (d > 0.5 && d < 1.5) first += density, ++n_first;
      if (d > 8 && d < 20) behind += density, ++n_behind;
    }
  CHECK(before == 0);
  REQUIRE(n_first > 20);
  CHECK(first / n_first > 0.7 * params.edge_density_per_cm2);
  CHECK(first / n_first < 2 * params.edge_density_per_cm2);
  CHECK(behind / n_behind == doctest::Approx(params.density_per_cm2).epsilon(0.01));
}

TEST_CASE("a mirrored head has the mirrored plan") {
  PlanParams params;
  params.asymmetry_mm = 0;
  Head head = make_head({.hair = Hair::fringe});
  // Own hair on the subject's left temple only.
  for (int y = 0; y < head.classes.rows; ++y)
    for (int x = 0; x < head.classes.cols; ++x)
      if (const auto p = head.model.intersect(Vec2(x + 0.5, y + 0.5));
          p && p->x() > 25 && head.classes(y, x) == bare_scalp)
        head.classes(y, x) = hair_on_scalp;
  Head mirrored = make_head({.hair = Hair::fringe});
  cv::flip(head.classes, mirrored.classes, 1);
  const Plan a = plan_of(head, params), b = plan_of(mirrored, params);
  cv::Mat1f flipped;
  cv::flip(b.density_per_cm2, flipped, 1);
  CHECK(cv::norm(a.density_per_cm2, flipped, cv::NORM_L1) < 0.005 * cv::norm(a.density_per_cm2, cv::NORM_L1));
  CHECK(a.estimates.dots_total == doctest::Approx(b.estimates.dots_total).epsilon(1e-3));
}

TEST_CASE("nothing lies off the scalp but the strip of forehead that the tolerance allows" *
          doctest::test_suite("many heads")) {
  for (const HeadRecipe& recipe : {HeadRecipe{.photo_px = 320}, HeadRecipe{.yaw_degrees = 90, .photo_px = 320},
                                   HeadRecipe{.hair = Hair::fringe, .yaw_degrees = 50, .photo_px = 320},
                                   HeadRecipe{.hair = Hair::fringe, .pitch_degrees = 60, .photo_px = 320},
                                   HeadRecipe{.hair = Hair::full, .yaw_degrees = 180, .photo_px = 320},
                                   HeadRecipe{.photo_px = 320, .border_shift_mm = 25}}) {
    const Head head = make_head(recipe);
    const SkinGrid grid = skin_grid(head, cv::Mat1b(head.classes != other));
    const cv::Mat1b scalp((head.classes == bare_scalp) | (head.classes == hair_on_scalp));
    const cv::Mat1f to_scalp = skin_distance_mm(grid, scalp);
    for (size_t preset = 0; preset < hairline_names.size(); ++preset) {
      PlanParams params;
      params.hairline = static_cast<Hairline>(preset);
      const Plan plan = plan_of(head, params);
      double farthest = 0, off_head = 0;
      for (int y = 0; y < scalp.rows; ++y)
        for (int x = 0; x < scalp.cols; ++x)
          if (plan.density_per_cm2(y, x) > 0) {
            if (head.classes(y, x) == other)
              off_head += 1;
            else
              farthest = std::max<double>(farthest, to_scalp(y, x));
          }
      CHECK(off_head == 0);
      CHECK(farthest < face_tolerance_mm(head) + 9);
    }
  }
}

TEST_CASE("the density map has no steps but the front edge") {
  PlanParams params;
  params.hairline = Hairline::soft;
  const Head head = make_head({.hair = Hair::fringe});
  const Plan plan = plan_of(head, params);
  const SkinGrid grid = skin_grid(head, cv::Mat1b(head.classes != other));
  double steepest = 0;  // share of the plateau per mm of skin
  for (int y = 1; y < head.classes.rows; ++y)
    for (int x = 1; x < head.classes.cols; ++x)
      for (const cv::Point& back : {cv::Point(1, 0), cv::Point(0, 1)}) {
        const int by = y - back.y, bx = x - back.x;
        if (!grid.on_head(y, x) || !grid.on_head(by, bx) || head.classes(y, x) == other ||
            head.classes(by, bx) == other)
          continue;
        const double mm = (grid.at(y, x) - grid.at(by, bx)).norm();
        if (mm > 1) continue;  // the silhouette
        const double step = std::abs(plan.density_per_cm2(y, x) - plan.density_per_cm2(by, bx));
        steepest = std::max(steepest, step / params.density_per_cm2 / std::max(mm, 0.3));
      }
  CHECK(steepest < 0.35);
}

TEST_CASE("own hair gets its share of the plateau") {
  PlanParams params;
  params.under_hair_share = 0.4;
  const Head side = make_head({.hair = Hair::fringe, .yaw_degrees = -90});
  const Plan side_plan = plan_of(side, params);
  const Vec2 deep = side.model.project(side_point(side.model, {18, -40}, 1));
  CHECK(side_plan.density_per_cm2(static_cast<int>(deep.y()), static_cast<int>(deep.x())) ==
        doctest::Approx(0.4 * params.density_per_cm2).epsilon(0.02));
}

TEST_CASE("a scar stays inside its outline") {
  const Head head = make_head({.hair = Hair::full, .yaw_degrees = 180});
  PlanParams params;
  params.finish = Finish::scar;
  const Vec2 centre = head.model.project(onto_surface(head.model, {0, 20, -90}));
  params.zone = square(centre, 30);
  const Plan plan = plan_of(head, params);
  double outside = 0;
  for (int y = 0; y < plan.density_per_cm2.rows; ++y)
    for (int x = 0; x < plan.density_per_cm2.cols; ++x)
      if (std::max(std::abs(x + 0.5 - centre.x()), std::abs(y + 0.5 - centre.y())) > 31)
        outside += plan.density_per_cm2(y, x);
  CHECK(outside == 0);
  CHECK(plan.density_per_cm2(static_cast<int>(centre.y()), static_cast<int>(centre.x())) ==
        doctest::Approx(params.density_per_cm2));
  CHECK(plan.hairline_px.empty());
}

TEST_CASE("a bare island in the hair is found, filled to its rim and nothing else") {
  const Head head = make_head({.hair = Hair::island, .pitch_degrees = 70});
  PlanParams params;
  params.finish = Finish::patches;
  const Plan plan = plan_of(head, params);
  // The island is a cap of 18 mm radius: 10.2 cm2; the blend adds up to 5 mm around it.
  CHECK(plan.estimates.dots_total > 0.9 * 10.2 * params.density_per_cm2);
  CHECK(plan.estimates.dots_total < 18 * params.density_per_cm2);
  CHECK(has(plan_of(make_head({.hair = Hair::full}), params), "no_patch"));
}

TEST_CASE("the density finish keeps the client's own line and leaves bare skin alone") {
  PlanParams params;
  params.finish = Finish::density;
  const Head full = make_head({.hair = Hair::full}), bald = make_head({});
  CHECK(plan_of(full, params).estimates.dots_total > 1000);
  CHECK(plan_of(bald, params).estimates.dots_total == 0);
}

TEST_CASE("from behind no front line counts") {
  const Plan plan = plan_of(make_head({.hair = Hair::fringe, .yaw_degrees = 180}));
  CHECK(plan.hairline_px.empty());
  CHECK(plan.mid_frontal_height_mm == 0);
  double least = 0;
  cv::minMaxLoc(plan.hairline_distance_mm, &least);
  CHECK(least == doctest::Approx(none_mm));
  CHECK(has(plan, "hairline_not_visible"));
  CHECK(plan.estimates.dots_total > 5000);
}

TEST_CASE("rules fire on what breaks them and stay silent on a sound plan") {
  const Head head = make_head({.photo_px = 400, .border_shift_mm = -20});
  const Plan sound = plan_of(head);
  for (const char* key :
       {"too_low", "too_straight", "corner_filled", "too_dense", "scale_uncertain", "asymmetry", "too_sharp"}) {
    CAPTURE(std::string(key));
    CHECK_FALSE(has(sound, key));
  }
  auto fires = [&](const std::string& key, auto set) {
    PlanParams params;
    set(params);
    const Plan plan = plan_of(head, params);
    CAPTURE(std::string(key));
    CHECK(has(plan, key));
    for (const RuleCheck& check : plan.checks) CHECK(check.reason.size() > 40);
  };
  fires("too_low", [](PlanParams& p) { p.mid_frontal_height_mm = 50; });
  fires("too_straight", [](PlanParams& p) { p.irregularity_mm = 0, p.asymmetry_mm = 0; });
  fires("corner_filled", [](PlanParams& p) { p.temple_recession_mm = 5; });
  fires("too_dense", [](PlanParams& p) { p.density_per_cm2 = 220; });
  fires("too_sharp", [](PlanParams& p) { p.hairline = Hairline::edge_up; });
  fires("asymmetry", [](PlanParams& p) { p.asymmetry_mm = 8; });
  fires("near_face_or_ear", [](PlanParams& p) { p.feather_mm = 0; });
  Head guess = head;
  guess.scale.relative_error = 0.2;
  CHECK(has(plan_of(guess), "scale_uncertain"));
  CHECK(has(plan_of(make_head({.hair = Hair::full})), "much_hair"));
  CHECK(has(plan_of(make_head({.hair = Hair::fringe})), "future_loss"));
}

TEST_CASE("nothing found is an error with the manual way, unless something was drawn") {
  Head none = make_head({.photo_px = 320});
  none.found = false;
  none.classes.setTo(other);
  Job job;
  try {
    make_plan(none, {}, job);
    FAIL("no error");
  } catch (const Error& e) {
    CHECK(e.kind() == ErrorKind::no_scalp);
    CHECK(std::string(e.what()).find("zone") != std::string::npos);
  }
  PlanParams params;
  params.line_points = "110,150 160,140 210,150";
  CHECK(plan_of(none, params).estimates.dots_total > 1000);
}

TEST_CASE("a plan does not depend on the number of threads and can be cancelled") {
  const Head head = make_head({.hair = Hair::fringe});
  const int threads = cv::getNumThreads();
  cv::setNumThreads(1);
  const Plan one = plan_of(head);
  cv::setNumThreads(4);
  const Plan four = plan_of(head);
  cv::setNumThreads(threads);
  CHECK(cv::norm(one.density_per_cm2, four.density_per_cm2, cv::NORM_INF) == 0);
  Job job;
  job.cancel();
  CHECK_THROWS_AS(make_plan(head, {}, job), Cancelled);
}
