// HeadModel against closed forms (sphere), itself (round trips, differences) and numeric integration.
#include <doctest/doctest.h>

#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>
#include <numbers>

#include "sim/core/random.h"
#include "sim/head/model.h"

using namespace stipple;
using std::numbers::pi;

namespace {

HeadModel turned_head(const HeadForm& form = {}) {
  HeadModel model;
  model.form = form;
  model.head_to_camera = Eigen::AngleAxisd(0.3, Vec3(0.2, 0.9, -0.4).normalized()) * model.head_to_camera;
  model.centre_camera_mm = {20, -35, 650};
  model.focal_px = 2000;
  model.principal_px = {600, 800};
  return model;
}

const HeadForm forms[] = {ellipsoid_form, {}, {1.7, 1.7, 1.7, 1}, {2.3, 2.3, 2, 0.8}, {1.8, 3.5, 2.6, 0.6},
                          {2, 2, 3, 1.3}};

HeadModel sphere(double radius_mm, double distance_mm) {
  HeadModel model;
  model.semi_axes_mm = Vec3::Constant(radius_mm);
  model.form = ellipsoid_form;
  model.centre_camera_mm = {0, 0, distance_mm};
  return model;
}

Vec3 random_direction(uint64_t i) { return Vec3(normal(7, i, 0), normal(7, i, 2), normal(7, i, 4)).normalized(); }

Vec3 random_surface_point(const HeadModel& model, uint64_t i) {
  const Vec3 d = random_direction(i);
  return model.chart_point(Vec2(d.x(), d.z()).normalized() * std::acos(d.y()));
}

double view_cosine(const HeadModel& model, const Vec3& point) {
  const Vec3 camera_at = -(model.head_to_camera.transpose() * model.centre_camera_mm);
  return (camera_at - point).normalized().dot(model.normal(point));
}

/// Area of the part that faces the camera, by midpoint integration over the chart; less what the cap of 60 leaves out.
double visible_area_mm2(const HeadModel& model, int steps) {
  double area = 0;
  const double step = 2 * pi / steps;
  for (int i = 0; i < steps; ++i)
    for (int j = 0; j < steps / 2; ++j) {
      const auto at = [&](double azimuth, double polar) {
        return model.chart_point(polar * Vec2(std::cos(azimuth), std::sin(azimuth)));
      };
      const double a = i * step, t = j * step;
      const Vec3 p = at(a + step / 2, t + step / 2);
      if (!model.faces_camera(p)) continue;
      const Vec3 da = at(a + step, t + step / 2) - at(a, t + step / 2);
      const Vec3 dt = at(a + step / 2, t + step) - at(a + step / 2, t);
      area += da.cross(dt).norm() * std::min(1.0, 60 * view_cosine(model, p));
    }
  return area;
}

}  // namespace

TEST_CASE("head model: a sphere is hit where the closed form says") {
  const HeadModel model = sphere(80, 500);
  for (double u : {0.0, 40.0, 100.0, 150.0, 161.0}) {
    const double tangent = u / model.focal_px, a = 1 + tangent * tangent;
    const double depth = (500 - std::sqrt(500 * 500 - a * (500 * 500 - 80 * 80))) / a;
    const std::optional<Vec3> hit = model.intersect({u, 0});
    REQUIRE(hit);
    CHECK((*hit - Vec3(tangent * depth, 0, 500 - depth)).norm() < 1e-6);
    CHECK((model.normal(*hit) - *hit / 80).norm() < 1e-8);
  }
  const double outline_px = model.focal_px * 80 / std::sqrt(500.0 * 500 - 80 * 80);
  CHECK(model.intersect({outline_px - 1e-3, 0}));
  CHECK_FALSE(model.intersect({outline_px + 1e-3, 0}));
  CHECK(std::abs(model.outline_distance_mm({outline_px, 0})) < 1e-9);
  CHECK(model.outline_distance_mm({outline_px + 4, 0}) == doctest::Approx(2.0).epsilon(0.03));
}

TEST_CASE("head model: nothing is hit behind the camera or from inside") {
  CHECK_FALSE(sphere(80, -500).intersect({0, 0}));
  CHECK_FALSE(sphere(80, 20).intersect({0, 0}));
}

TEST_CASE("head model: a facing point projects and is hit again; a hidden one is hit on its near side") {
  for (const HeadForm& form : forms) {
    const HeadModel model = turned_head(form);
    int facing = 0;
    for (uint64_t i = 0; i < 4000; ++i) {
      const Vec3 point = random_surface_point(model, i);
      const std::optional<Vec3> hit = model.intersect(model.project(point));
      if (model.faces_camera(point)) {
        ++facing;
        REQUIRE(hit);
        CHECK((*hit - point).norm() < 1e-3);
      } else if (hit) {
        CHECK(model.faces_camera(*hit));
      }
      if (hit) CHECK(model.nearest(model.project(point)) == *hit);
    }
    CHECK(facing > 1000);
  }
}

TEST_CASE("head model: rays that miss get a point on the surface at the silhouette") {
  const HeadModel model = turned_head();
  for (uint64_t i = 0; i < 500; ++i) {
    const Vec2 px = model.principal_px + 4000 * Vec2(uniform(3, i, 0) - 0.5, uniform(3, i, 1) - 0.5);
    if (model.intersect(px)) continue;
    const Vec3 point = model.nearest(px);
    CHECK(std::abs(view_cosine(model, point)) < 0.01);
    CHECK(std::abs(model.outline_distance_mm(model.project(point))) < 0.01);
  }
}

TEST_CASE("head model: normals, tangents and the Jacobian agree with differences") {
  const HeadModel model = turned_head();
  for (uint64_t i = 0; i < 500; ++i) {
    const Vec3 point = random_surface_point(model, i);
    const Vec2 chart = model.chart_of(point);
    const double h = 1e-5;
    const Vec3 along_x = model.chart_point(chart + Vec2(h, 0)) - model.chart_point(chart - Vec2(h, 0));
    const Vec3 along_z = model.chart_point(chart + Vec2(0, h)) - model.chart_point(chart - Vec2(0, h));
    const Vec3 n = model.normal(point);
    CHECK(n.dot(point) > 0);
    if (chart.norm() < 3) CHECK((n - along_z.cross(along_x).normalized()).norm() < 1e-3);

    const auto [s, t] = model.tangents(point);
    CHECK(std::abs(s.dot(t)) + std::abs(s.dot(n)) + std::abs(t.dot(n)) < 1e-9);
    CHECK(std::abs(s.norm() - 1) + std::abs(t.norm() - 1) < 1e-9);
    const Mat2 jacobian = model.px_per_mm(point);
    CHECK((jacobian.col(0) - (model.project(point + h * s) - model.project(point - h * s)) / (2 * h)).norm() < 1e-5);
    CHECK((jacobian.col(1) - (model.project(point + h * t) - model.project(point - h * t)) / (2 * h)).norm() < 1e-5);
    const double area = 1 / std::abs(jacobian.determinant());
    if (view_cosine(model, point) > 1 / 60.0)
      CHECK(model.area_mm2_per_px(point) == doctest::Approx(area).epsilon(1e-6));
  }
}

TEST_CASE("head model: area per pixel grows to 60 times the frontal value at most") {
  const HeadModel model = sphere(80, 500);
  const double frontal = model.area_mm2_per_px({0, 0, 80});
  CHECK(frontal == doctest::Approx(0.42 * 0.42).epsilon(1e-9));
  CHECK(model.area_mm2_per_px({80, 0, 0}) < 61 * 0.5 * 0.5);
  CHECK(std::isfinite(model.area_mm2_per_px({0, 0, -80})));
}

TEST_CASE("head model: area summed over the silhouette's pixels equals the area that faces the camera") {
  for (const HeadForm& form : {ellipsoid_form, HeadForm{}}) {
    HeadModel model = turned_head(form);
    model.focal_px = 1500;
    double area = 0;
    for (int y = 0; y < 1600; ++y)
      for (int x = 0; x < 1200; ++x)
        if (const std::optional<Vec3> hit = model.intersect({x + 0.5, y + 0.5})) area += model.area_mm2_per_px(*hit);
    CHECK(area == doctest::Approx(visible_area_mm2(model, 1200)).epsilon(0.005));
  }
  // Far away half of the ellipsoid is seen.
  HeadModel far = sphere(80, 80000);
  far.focal_px = 100000;
  double area = 0;
  for (int y = -102; y < 102; ++y)
    for (int x = -102; x < 102; ++x)
      if (const std::optional<Vec3> hit = far.intersect({x + 0.5, y + 0.5})) area += far.area_mm2_per_px(*hit);
  CHECK(area == doctest::Approx(2 * pi * 80 * 80).epsilon(0.01));
}

TEST_CASE("head model: the chart is azimuthal equidistant about the vertex and inverts") {
  const HeadModel model = turned_head();
  CHECK((model.chart_point({0, 0}) - Vec3(0, model.semi_axes_mm.y(), 0)).norm() < 1e-9);
  CHECK((model.chart_point({pi / 2, 0}) - Vec3(model.semi_axes_mm.x(), 0, 0)).norm() < 1e-9);
  CHECK((model.chart_point({0, pi / 2}) - Vec3(0, 0, model.semi_axes_mm.z())).norm() < 1e-9);
  for (uint64_t i = 0; i < 1000; ++i) {
    const double polar = 2.4 * uniform(5, i, 0), azimuth = 2 * pi * uniform(5, i, 1);
    const Vec2 chart = polar * Vec2(std::cos(azimuth), std::sin(azimuth));
    CHECK((model.chart_of(model.chart_point(chart)) - chart).norm() < 1e-9);
  }
}
