// The phantom is what other tests measure against, so its truth is checked against independent reckoning first.
#include <doctest/doctest.h>

#include <filesystem>
#include <numbers>
#include <opencv2/core.hpp>
#include <opencv2/core/utility.hpp>

#include "sim/core/random.h"
#include "sim/phantom/camera.h"
#include "sim/phantom/phantom.h"
#include "sim/phantom/regions.h"
#include "sim/phantom/skin.h"
#include "sim/phantom/trace.h"

using namespace stipple;
using namespace stipple::phantom;

namespace {

PhantomParams small(View view, PhantomHair hair = PhantomHair::bald) {
  PhantomParams p;
  p.view = view, p.hair = hair, p.width_px = 240, p.height_px = 320;
  return p;
}

Phantom made(const PhantomParams& params) {
  Job job;
  return make_phantom(params, job);
}

/// The pinhole of DESIGN 3, written again from its definition.
Vec2 pinhole(const HeadModel& camera, const Vec3& p) {
  const Vec3 c = camera.head_to_camera * p + camera.centre_camera_mm;
  return {camera.principal_px.x() + camera.focal_px * c.x() / c.z(),
          camera.principal_px.y() + camera.focal_px * c.y() / c.z()};
}

bool on_scalp(const Regions& regions, const Hit& hit) {
  return hit.part == Part::head && mm_inside_hairline(regions, hit.point) > 0;
}

/// Area of the scalp that the camera sees [cm2], by directions spread evenly over the sphere around the head's origin:
/// each stands for r^2 / cos(obliquity) of surface.
double visible_scalp_cm2(const PhantomParams& params) {
  Job job;
  const Anatomy anatomy = posed(anatomy_of(params.seed), params);
  const Regions regions = regions_of(anatomy, params.seed);
  const HeadModel camera = camera_of(anatomy, params);
  const DistanceGrid grid(anatomy, job);
  constexpr int n = 9'000;
  double mm2 = 0;
  for (int i = 0; i < n; ++i) {
    const double y = 1 - 2 * (i + 0.5) / n, azimuth = std::remainder(2.399963229728653 * i, 2 * std::numbers::pi);
    if (std::acos(y) > 2.3) break;
    const Vec3 point = skin_point(anatomy, azimuth, std::acos(y));
    const Ray ray = ray_through(camera, pinhole(camera, point));
    if (normal_at(anatomy, point).dot(ray.direction) > 0) continue;
    const Hit hit = trace(anatomy, grid, ray);
    if (hit.part == Part::none || std::abs(hit.t_mm - (point - ray.origin).norm()) > 0.5 || !on_scalp(regions, hit))
      continue;
    const double r = point.norm();
    mm2 += 4 * std::numbers::pi / n * r * r / normal_at(anatomy, point).dot(point / r);
  }
  return 0.01 * mm2;
}

double ita_degrees(const cv::Scalar& linear) {
  const double y = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2],
               z = (0.0193 * linear[0] + 0.1192 * linear[1] + 0.9505 * linear[2]) / 1.08883;
  const double lightness = 116 * std::cbrt(y) - 16, b = 200 * (std::cbrt(y) - std::cbrt(z));
  return std::atan2(lightness - 50, b) * 180 / std::numbers::pi;
}

}  // namespace

TEST_CASE("the area of the visible scalp equals an independent integral over the surface" *
          doctest::test_suite("many heads")) {
  PhantomParams params = small(View::threequarter);
  params.roll_degrees = 17;  // no silhouette follows the pixel grid
  params.width_px = 330, params.height_px = 440;
  const double truth = made(params).truth.scalp_area_cm2, integral = visible_scalp_cm2(params);
  CAPTURE(truth);
  CAPTURE(integral);
  CHECK(std::abs(truth / integral - 1) < 0.01);
}

TEST_CASE("every surface point projects back onto its pixel and classes lie on surface") {
  for (const View view : {View::threequarter, View::back}) {
    const PhantomTruth truth = made(small(view)).truth;
    double worst = 0, worst_length = 0;
    int without_surface = 0;
    for (int y = 0; y < truth.classes.rows; ++y)
      for (int x = 0; x < truth.classes.cols; ++x) {
        const bool surface = truth.area_mm2_per_px(y, x) > 0;
        without_surface += truth.classes(y, x) != Class::other && !surface;
        if (!surface) continue;
        const cv::Vec3f p = truth.head_mm(y, x), n = truth.normal(y, x);
        worst = std::max(worst, (pinhole(truth.camera, Vec3(p[0], p[1], p[2])) - Vec2(x + 0.5, y + 0.5)).norm());
        worst_length = std::max(worst_length, std::abs(cv::norm(n) - 1));
      }
    CHECK(worst < 0.1);
    CHECK(worst_length < 1e-5);
    CHECK(without_surface == 0);
  }
}

TEST_CASE("pupils lie 64 mm apart at their own depth, the head is as tall as asked") {
  PhantomParams params = small(View::front);
  params.pitch_degrees = -20;  // upright: both pupils at one depth
  Photo last;
  for (const uint64_t seed : {1u, 2u}) {
    params.seed = seed;
    const auto [photo, truth] = made(params);
    if (!last.rgb.empty()) CHECK(cv::norm(last.rgb, photo.rgb, cv::NORM_INF) > 0);  // another client
    last = photo;
    const Vec2 between = truth.landmarks[pupil_left].photo_px - truth.landmarks[pupil_right].photo_px;
    const Anatomy anatomy = posed(anatomy_of(seed), params);
    const double depth = (truth.camera.head_to_camera * pupil(anatomy) + truth.camera.centre_camera_mm).z();
    CHECK(between.norm() == doctest::Approx(64.0 * truth.camera.focal_px / depth).epsilon(1e-6));
    CHECK(truth.landmarks[pupil_left].confidence == 1);
    CHECK(between.x() > 0);  // the subject's left is on the picture's right
    const double tall = truth.landmarks[chin].photo_px.y() - truth.camera.principal_px.y();
    CHECK(tall < 0.5 * params.head_share * params.height_px);
  }
}

TEST_CASE("the mature hairline stands 70 mm above the glabella along the skin") {
  const Anatomy anatomy = anatomy_of(5);
  const Regions regions = regions_of(anatomy, 5);
  const Vec3 start = phantom::glabella(anatomy);
  double polar = std::acos(start.y() / start.norm()), length = 0;
  Vec3 last = skin_point(anatomy, 0, polar);
  for (; mm_inside_hairline(regions, last) < 0; polar -= 1e-3) {
    const Vec3 next = skin_point(anatomy, 0, polar);
    length += (next - last).norm(), last = next;
  }
  CHECK(length == doctest::Approx(70).epsilon(0.005));
}

TEST_CASE("the same seed gives the same bytes on one thread and on two" * doctest::test_suite("many heads")) {
  const PhantomParams params = small(View::threequarter, PhantomHair::forelock);
  const int before = cv::getNumThreads();
  cv::setNumThreads(1);
  const Phantom one = made(params);
  cv::setNumThreads(2);
  const Phantom two = made(params);
  cv::setNumThreads(before);
  CHECK(cv::norm(one.photo.rgb, two.photo.rgb, cv::NORM_INF) == 0);
  CHECK(cv::norm(one.truth.classes, two.truth.classes, cv::NORM_INF) == 0);
}

TEST_CASE("twice the resolution shows the same millimetres") {
  PhantomParams params = small(View::front);
  params.width_px = 180, params.height_px = 240, params.roll_degrees = 17;
  const PhantomTruth coarse = made(params).truth;
  params.width_px *= 2, params.height_px *= 2;
  const PhantomTruth fine = made(params).truth;
  CHECK(fine.px_per_mm == doctest::Approx(2 * coarse.px_per_mm).epsilon(1e-9));
  CHECK(fine.scalp_area_cm2 == doctest::Approx(coarse.scalp_area_cm2).epsilon(0.01));
  CHECK((fine.landmarks[Landmark::nose_tip].photo_px - 2 * coarse.landmarks[Landmark::nose_tip].photo_px).norm() <
        1e-6);
  CHECK(fine.camera.semi_axes_mm == coarse.camera.semi_axes_mm);
}

TEST_CASE("a darker tone has a lower typology angle, in the skin itself and in the picture") {
  double last = 90;
  for (int tone = 1; tone <= 10; ++tone) {
    const Rgb skin = complexion_of(tone, 3).skin;
    const double ita = ita_degrees({skin[0], skin[1], skin[2]});
    CHECK(ita < last - 3);
    last = ita;
  }
  last = 90;
  for (const int tone : {2, 6, 9}) {
    PhantomParams params = small(View::front);
    params.tone = tone, params.width_px = 72, params.height_px = 96;
    const Phantom client = made(params);
    cv::Mat3f light(client.photo.rgb.size());
    for (int y = 0; y < light.rows; ++y)
      for (int x = 0; x < light.cols; ++x)
        for (int c = 0; c < 3; ++c) {
          const float s = static_cast<float>(client.photo.rgb.at<cv::Vec3b>(y, x)[c]) / 255.0f;
          light(y, x)[c] = s <= 0.04045f ? s / 12.92f : std::pow((s + 0.055f) / 1.055f, 2.4f);
        }
    const double ita = ita_degrees(cv::mean(light, client.truth.classes == Class::bare_scalp));
    CAPTURE(tone);
    CHECK(ita < last - 10);
    last = ita;
  }
}

TEST_CASE("truth is written as files that hold what they should") {
  const PhantomTruth truth = made(small(View::side)).truth;
  const std::string folder = (std::filesystem::temp_directory_path() / "stipple_phantom_truth").string();
  write_truth(truth, folder);
  for (const char* name : {"labels.png", "normals.png", "head_mm.tiff", "area.tiff", "truth.json"})
    CHECK(std::filesystem::file_size(folder + "/" + name) > 100);
  std::filesystem::remove_all(folder);
}
