// The border between bald forehead and bare scalp: anatomy decides where the parser is of two minds, and only there.
#include <doctest/doctest.h>

#include <Eigen/Geometry>
#include <cmath>
#include <opencv2/core.hpp>

#include "sim/head/anatomy.h"
#include "sim/head/forehead.h"

using namespace stipple;

namespace {

constexpr int side_px = 200;

/// A standard head in the middle of a square picture, turned by `yaw` and bent by `nod` [rad].
HeadModel head_turned(double yaw, double nod = 0) {
  HeadModel model;
  model.focal_px = 500;
  model.centre_camera_mm = {0, 0, 750};
  model.principal_px = {side_px / 2.0, side_px / 2.0};
  model.head_to_camera =
      model.head_to_camera * Eigen::AngleAxisd(nod, Vec3::UnitX()) * Eigen::AngleAxisd(yaw, Vec3::UnitY());
  return model;
}

/// All of the head of one class, with these probabilities of face, bare scalp and hair.
struct Scene {
  std::array<cv::Mat1f, 5> probability;
  cv::Mat1b classes;
};

Scene scene_of(const HeadModel& model, Class c, float face, float bare, float hair) {
  Scene scene;
  scene.classes = cv::Mat1b(side_px, side_px, static_cast<uint8_t>(other));
  for (int y = 0; y < side_px; ++y)
    for (int x = 0; x < side_px; ++x)
      if (model.intersect({x + 0.5, y + 0.5})) scene.classes(y, x) = c;
  const float values[] = {0, face, bare, hair, 0};
  for (size_t i = 0; i < 5; ++i) scene.probability[i] = cv::Mat1f(side_px, side_px, values[i]);
  return scene;
}

cv::Mat1b settled(const HeadModel& model, const Scene& scene) {
  cv::Mat1b classes = scene.classes.clone();
  settle_forehead(scene.probability, model, 1, classes);
  return classes;
}

/// Row in the middle column where scalp gives way to face, from this row down.
int border_row(const cv::Mat1b& classes, int row = 0) {
  while (row < classes.rows && classes(row, side_px / 2) != face_skin) ++row;
  return row;
}

}  // namespace

TEST_CASE("where the parser cannot tell, forehead ends where people see it end") {
  for (const double nod : {0.0, 0.5, 0.8}) {
    const HeadModel model = head_turned(0, nod);
    const double radius_mm = model.chart_point({0, scalp_end_polar(0)}).norm();
    const Vec2 line = model.project(model.chart_point({0, scalp_end_polar(0) + forehead_end_mm(model) / radius_mm}));
    for (const Class all : {face_skin, bare_scalp}) {
      const cv::Mat1b classes = settled(model, scene_of(model, all, 0.5F, 0.5F, 0));
      const int vertex = static_cast<int>(std::ceil(model.project(model.chart_point({0, 0})).y()));
      CHECK(std::abs(border_row(classes, vertex) - line.y()) < 1.5);
      CHECK(classes(static_cast<int>(line.y()) - 6, side_px / 2) == bare_scalp);
    }
  }
}

TEST_CASE("an upright forehead ends at the natural trichion, a bent one further up") {
  const HeadModel upright = head_turned(0);
  const Vec3 mature = upright.chart_point({0, scalp_end_polar(0)});
  const Vec3 end = upright.chart_point({0, scalp_end_polar(0) + forehead_end_mm(upright) / mature.norm()});
  const double trichion_mm = (end - landmark_anatomy(glabella).head_mm).norm();
  CHECK(std::abs(trichion_mm - 61.4) < 2 * 3.2);  // DOMAIN 1.4: mean and SD over men
  double before = forehead_end_mm(upright);
  for (const double nod : {0.5, 0.8, 1.1, 1.5}) {
    const double bent = forehead_end_mm(head_turned(0, nod));
    CHECK(bent <= before);
    CHECK(before - bent < 17);  // mm per 0.3 rad: no jumps
    before = bent;
  }
  CHECK(before < 0);
}

TEST_CASE("the surer the parser, the less anatomy moves the border") {
  const HeadModel model = head_turned(0);
  int before = side_px;
  for (const float bare : {0.5F, 0.2F, 0.02F}) {
    const int row = border_row(settled(model, scene_of(model, face_skin, 1 - bare, bare, 0)));
    CHECK(row < before);
    before = row;
  }
}

TEST_CASE("hair stays where it grows and hangs, but not on nose and cheeks when in doubt") {
  const HeadModel model = head_turned(0);
  const cv::Mat1b sure = settled(model, scene_of(model, hair_on_scalp, 0.002F, 0, 0.998F));
  const Vec2 line = model.project(model.chart_point({0, scalp_end_polar(0)}));
  CHECK(border_row(sure) > line.y() + 20);
  const cv::Mat1b doubted = settled(model, scene_of(model, hair_on_scalp, 0.3F, 0, 0.7F));
  CHECK(doubted(side_px / 2 + 20, side_px / 2) == face_skin);
  CHECK(doubted(static_cast<int>(line.y()) + 5, side_px / 2) == hair_on_scalp);
  // Beside the face long hair hangs down.
  const cv::Point temple(static_cast<int>(model.project({76, 0, 10}).x()), side_px / 2);
  CHECK(doubted(temple) == hair_on_scalp);
}

TEST_CASE("seen from the side or from behind nothing moves") {
  for (const double yaw : {1.6, 3.1}) {
    const HeadModel model = head_turned(yaw);
    const Scene scene = scene_of(model, face_skin, 0.5F, 0.5F, 0);
    CHECK(cv::countNonZero(settled(model, scene) != scene.classes) == 0);
  }
}

TEST_CASE("a mirrored picture gets the mirrored border") {
  const HeadModel model = head_turned(0.4);
  const Scene scene = scene_of(model, face_skin, 0.6F, 0.4F, 0);
  const HeadModel turned = head_turned(-0.4);
  const Scene mirrored = scene_of(turned, face_skin, 0.6F, 0.4F, 0);
  cv::Mat1b expected;
  cv::flip(settled(model, scene), expected, 1);
  CHECK(cv::countNonZero(settled(turned, mirrored) != expected) <= 4);
}
