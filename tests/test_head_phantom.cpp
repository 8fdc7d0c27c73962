// find_head against synthetic clients whose scale, pose and surface are known: the phantom is no superellipsoid, so
// what is measured here is the model's own error beside that of the fit.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numbers>
#include <opencv2/imgcodecs.hpp>
#include <vector>

#include "sim/head/head.h"
#include "sim/phantom/phantom.h"

using namespace stipple;

namespace {

struct Client {
  Phantom phantom;
  Head head;
};

Client analysed(View view, PhantomHair hair, uint64_t seed) {
  PhantomParams params;
  params.view = view;
  params.hair = hair;
  params.seed = seed;
  params.width_px = 330;
  params.height_px = 440;
  Job job;
  Client client{make_phantom(params, job), {}};
  const std::string path = (std::filesystem::temp_directory_path() / "stipple_phantom_labels.png").string();
  cv::imwrite(path, client.phantom.truth.classes);
  HeadParams head_params;
  head_params.labels = path;
  client.head = find_head(client.phantom.photo, head_params, job);
  std::filesystem::remove(path);
  return client;
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

/// Median angle between the model's normals and the truth over scalp pixels, both in the camera frame.
double normal_error_degrees(const Client& client) {
  const PhantomTruth& truth = client.phantom.truth;
  std::vector<double> errors;
  for (int y = 0; y < truth.classes.rows; y += 4)
    for (int x = 0; x < truth.classes.cols; x += 4) {
      if (!is_scalp(truth.classes(y, x))) continue;
      const cv::Vec3f& n = truth.normal(y, x);
      const Vec3 true_normal = truth.camera.head_to_camera * Vec3(n[0], n[1], n[2]);
      const HeadModel& model = client.head.model;
      const Vec3 normal = model.head_to_camera * model.normal(model.nearest({x + 0.5, y + 0.5}));
      errors.push_back(std::acos(std::clamp(normal.dot(true_normal.normalized()), -1.0, 1.0)) * 180 / std::numbers::pi);
    }
  return median(errors);
}

}  // namespace

TEST_CASE("head: size, area and surface of synthetic clients in five views" * doctest::test_suite("many heads")) {
  std::vector<double> scale_errors, area_errors;
  for (const View view : {View::front, View::threequarter, View::side, View::top, View::back}) {
    const PhantomHair hair = view == View::front || view == View::top ? PhantomHair::fringe : PhantomHair::bald;
    const Client client = analysed(view, hair, 3);
    CAPTURE(view_names[static_cast<size_t>(view)]);
    CAPTURE(phantom_hair_names[static_cast<size_t>(hair)]);
    REQUIRE(client.head.found);
    const PhantomTruth& truth = client.phantom.truth;
    const double scale = client.head.scale.px_per_mm / truth.px_per_mm;
    scale_errors.push_back(std::abs(scale - 1));
    // At the true scale, so that the size of the head, which people differ in, is not counted twice.
    area_errors.push_back(std::abs(client.head.scalp_area_cm2 * scale * scale / truth.scalp_area_cm2 - 1));
    CHECK(scale_errors.back() < 0.10);
    CHECK(area_errors.back() < 0.15);
    CHECK(normal_error_degrees(client) < 8);
  }
  CHECK(median(scale_errors) < 0.05);
  CHECK(median(area_errors) < 0.05);
}

TEST_CASE("head: of two people one is the client, the other is a bystander") {
  PhantomParams params;
  params.hair = PhantomHair::fringe;
  Job job;
  params.width_px = 330, params.height_px = 440;
  const Phantom near = make_phantom(params, job);
  params.width_px = 210, params.height_px = 280, params.seed = 5;
  const Phantom far = make_phantom(params, job);
  Photo both;
  both.rgb = cv::Mat(440, 540, near.photo.rgb.type(), cv::Scalar::all(120));
  const cv::Rect near_place(0, 0, 330, 440), far_place(330, 80, 210, 280);
  near.photo.rgb.copyTo(both.rgb(near_place));
  far.photo.rgb.copyTo(both.rgb(far_place));

  const Head head = find_head(both, {}, job);
  REQUIRE(head.found);
  const auto heads_in = [](const cv::Mat1b& classes) { return cv::countNonZero((classes >= 1) & (classes <= 3)); };
  CHECK(heads_in(head.classes(far_place)) == 0);
  CHECK(heads_in(head.bystanders(near_place)) == 0);
  const double share = static_cast<double>(heads_in(head.bystanders(far_place))) / heads_in(far.truth.classes);
  CHECK(share == doctest::Approx(1).epsilon(0.15));
  CHECK(head.scalp_box_px.br().x <= far_place.x);
  CHECK(std::any_of(head.notes.begin(), head.notes.end(),
                    [](const std::string& note) { return note.find("several heads") != std::string::npos; }));
  // A label image shows both.
  CHECK(heads_in(full_size_classes(both, head)(far_place)) > 0);
}
