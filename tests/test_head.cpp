// find_head on label images drawn from known heads: size, pose, area; what users state; what is missing.
#include <doctest/doctest.h>

#include <Eigen/Geometry>
#include <cmath>
#include <filesystem>
#include <numbers>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "sim/core/error.h"
#include "sim/head/anatomy.h"
#include "sim/head/head.h"

using namespace stipple;

namespace {

constexpr double degree = std::numbers::pi / 180;

HeadModel posed(double yaw_degrees, double pitch_degrees, double px_per_mm, const cv::Size& size) {
  HeadModel model;
  model.head_to_camera = Vec3(1, -1, -1).asDiagonal() * Eigen::AngleAxisd(pitch_degrees * degree, Vec3::UnitX()) *
                         Eigen::AngleAxisd(yaw_degrees * degree, Vec3::UnitY());
  model.centre_camera_mm = {0, 0, 700};
  model.focal_px = 700 * px_per_mm;
  model.principal_px = {size.width / 2.0, size.height / 2.0};
  return model;
}

/// The classes an ideal parser would give for a bald head without neck.
cv::Mat1b drawn(const HeadModel& model, const cv::Size& size) {
  cv::Mat1b classes(size, uint8_t{0});
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x)
      if (const std::optional<Vec3> hit = model.intersect({x + 0.5, y + 0.5})) {
        const Vec2 chart = model.chart_of(*hit);
        const bool scalp = chart.norm() < scalp_end_polar(std::atan2(chart.x(), chart.y()));
        classes(y, x) = scalp ? bare_scalp : face_skin;
      }
  return classes;
}

Photo plain_photo(const cv::Size& size) {
  Photo photo;
  photo.rgb = cv::Mat(size, CV_8UC3, cv::Scalar(180, 130, 110));
  return photo;
}

struct LabelFile {
  std::string path;
  explicit LabelFile(const cv::Mat& labels) {
    path = (std::filesystem::temp_directory_path() / ("stipple_labels_" + std::to_string(counter++) + ".png")).string();
    cv::imwrite(path, labels);
  }
  ~LabelFile() { std::filesystem::remove(path); }
  static inline int counter = 0;
};

Head found(const cv::Mat1b& labels, HeadParams params = {}) {
  const LabelFile file(labels);
  params.labels = file.path;
  Job job;
  return find_head(plain_photo(labels.size()), params, job);
}

double px_per_mm_of(const HeadModel& model) { return model.focal_px / model.centre_camera_mm.z(); }

/// Scalp that faces the camera, summed over pixels of a fine raster.
double scalp_area_cm2_of(const HeadModel& model) {
  double area = 0;
  for (double y = 0.25; y < 700; y += 0.5)
    for (double x = 0.25; x < 600; x += 0.5)
      if (const std::optional<Vec3> hit = model.intersect({x, y})) {
        const Vec2 chart = model.chart_of(*hit);
        if (chart.norm() < scalp_end_polar(std::atan2(chart.x(), chart.y()))) area += model.area_mm2_per_px(*hit) / 4;
      }
  return area / 100;
}

struct Pose {
  View view;
  double yaw_degrees, pitch_degrees;
};
constexpr Pose poses[] = {{View::front, 0, 10},
                          {View::threequarter, 40, 10},
                          {View::side, -85, 5},
                          {View::top, 0, 75},
                          {View::back, 180, 15}};

}  // namespace

TEST_CASE("head: pose, size and area come back from an ideal label image in every view" *
          doctest::test_suite("many heads")) {
  for (const Pose& pose : poses) {
    CAPTURE(view_names[static_cast<size_t>(pose.view)]);
    const HeadModel truth = posed(pose.yaw_degrees, pose.pitch_degrees, 2.2, {600, 700});
    const Head head = found(drawn(truth, {600, 700}));
    REQUIRE(head.found);
    CHECK(head.view == pose.view);
    CHECK(head.scale.px_per_mm == doctest::Approx(2.2).epsilon(0.03));
    CHECK(px_per_mm_of(head.model) == doctest::Approx(head.scale.px_per_mm).epsilon(1e-9));
    CHECK(head.scale.relative_error > 0.02);
    CHECK(head.scale.relative_error < 0.08);
    CHECK(head.scalp_area_cm2 == doctest::Approx(scalp_area_cm2_of(truth)).epsilon(0.05));
    const Eigen::AngleAxisd off(Mat3(head.model.head_to_camera * truth.head_to_camera.transpose()));
    CHECK(off.angle() < 8 * degree);
  }
}

TEST_CASE("head: a photo of twice the size has the same millimetres") {
  const HeadModel truth = posed(0, 20, 1.5, {450, 520});
  const cv::Mat1b labels = drawn(truth, {450, 520});
  cv::Mat1b twice;
  cv::resize(labels, twice, {}, 2, 2, cv::INTER_NEAREST);
  const Head once = found(labels), double_size = found(twice);
  CHECK(double_size.scale.px_per_mm == doctest::Approx(2 * once.scale.px_per_mm).epsilon(0.01));
  CHECK(double_size.scalp_area_cm2 == doctest::Approx(once.scalp_area_cm2).epsilon(0.02));
}

TEST_CASE("head: a mirrored photo gives the mirrored head") {
  const cv::Mat1b labels = drawn(posed(50, 15, 2.0, {500, 600}), {500, 600});
  cv::Mat1b mirrored;
  cv::flip(labels, mirrored, 1);
  const Head left = found(labels), right = found(mirrored);
  const Vec3 towards_left = left.model.head_to_camera * Vec3::UnitZ(),
             towards_right = right.model.head_to_camera * Vec3::UnitZ();
  CHECK(towards_left.x() == doctest::Approx(-towards_right.x()).epsilon(0.05));
  CHECK(left.scale.px_per_mm == doctest::Approx(right.scale.px_per_mm).epsilon(0.01));
  CHECK(left.scalp_area_cm2 == doctest::Approx(right.scalp_area_cm2).epsilon(0.02));
}

TEST_CASE("head: a stated scale wins, a marker comes next") {
  const HeadModel truth = posed(0, 30, 2.0, {500, 600});
  const cv::Mat1b labels = drawn(truth, {500, 600});
  HeadParams stated;
  stated.mm_per_px = 0.4;
  stated.marker = "100,100,200,100,50";
  const Head head = found(labels, stated);
  CHECK(head.scale.px_per_mm == 2.5);
  CHECK(head.scale.source == "stated");

  for (const double absurd : {0.001, 50.0}) {
    HeadParams params;
    params.mm_per_px = absurd;
    CHECK_THROWS_AS(found(labels, params), Error);
  }

  // A tape of 60 mm laid over the vault, as the camera sees it.
  const Vec3 a = truth.chart_point({-0.4, 0.5}), b = truth.chart_point({0.4, 0.5});
  const Vec2 pa = truth.project(a), pb = truth.project(b);
  HeadParams marker;
  marker.marker = std::to_string(pa.x()) + "," + std::to_string(pa.y()) + "," + std::to_string(pb.x()) + "," +
                  std::to_string(pb.y()) + "," + std::to_string((a - b).norm());
  const Head taped = found(labels, marker);
  CHECK(taped.scale.source == "marker");
  CHECK(taped.scale.px_per_mm == doctest::Approx(2.0).epsilon(0.02));
  for (const char* wrong : {"1,2,3", "0,0,0,0,20", "a,b,c,d,e", "0,0,50,50,-3", "0,0,50,50,3,9"}) {
    HeadParams params;
    params.marker = wrong;
    CHECK_THROWS_AS(found(labels, params), Error);
  }
}

TEST_CASE("head: what is missing is said, not guessed") {
  const Head nothing = found(cv::Mat1b(300, 300, uint8_t{0}));
  CHECK_FALSE(nothing.found);
  REQUIRE(nothing.notes.size() == 1);
  CHECK(nothing.notes[0].find("no head") != std::string::npos);
  CHECK(nothing.notes[0].find("labels") != std::string::npos);
  CHECK(nothing.hair_matte.size() == cv::Size(300, 300));
  CHECK(nothing.confidence == 0);

  cv::Mat1b covered = drawn(posed(0, 10, 2.0, {400, 500}), {400, 500});
  covered.setTo(static_cast<uint8_t>(hat), covered == bare_scalp);
  const Head hidden = found(covered);
  CHECK_FALSE(hidden.found);
  CHECK(hidden.notes.at(0).find("covered") != std::string::npos);
}

TEST_CASE("head: the larger of two heads is taken, crumbs are dropped, beard is no scalp") {
  cv::Mat1b labels(600, 1000, uint8_t{0});
  drawn(posed(0, 10, 1.6, {500, 600}), {500, 600}).copyTo(labels(cv::Rect(0, 0, 500, 600)));
  drawn(posed(0, 10, 1.1, {500, 600}), {500, 600}).copyTo(labels(cv::Rect(500, 0, 500, 600)));
  cv::circle(labels, {30, 30}, 6, cv::Scalar(hair_on_scalp), -1);
  cv::circle(labels, {250, 400}, 15, cv::Scalar(hair_on_scalp), -1);
  const Head head = found(labels);
  REQUIRE(head.found);
  CHECK(head.head_box_px.br().x < 500);
  CHECK(head.classes(30, 30) == other);
  CHECK(head.classes(400, 250) == face_skin);
  CHECK(head.notes.size() == 1);
}

TEST_CASE("head: label files that cannot be are refused with the reason") {
  Job job;
  HeadParams params;
  params.labels = "/nowhere/labels.png";
  CHECK_THROWS_AS(find_head(plain_photo({200, 200}), params, job), Error);
  const LabelFile shape(cv::Mat1b(100, 300, uint8_t{2})), values(cv::Mat1b(200, 200, uint8_t{7}));
  const LabelFile colour(cv::Mat(200, 200, CV_8UC3, cv::Scalar(1, 2, 3)));
  for (const LabelFile* file : {&shape, &values, &colour}) {
    params.labels = file->path;
    CHECK_THROWS_AS(find_head(plain_photo({200, 200}), params, job), Error);
  }
}

TEST_CASE("head: no picture is too small") {
  for (const cv::Size size : {cv::Size(1, 1), cv::Size(3, 2), cv::Size(1, 40), cv::Size(9, 9)})
    CHECK_NOTHROW(found(cv::Mat1b(size, uint8_t{bare_scalp})));
}
