// The engine on synthetic clients whose pose and surface are given as they truly are: what is left is its own error in
// scale, in area and in the density of dots on skin. The phantom's skull is sculpted, so the model only fits it nearly.
#include <doctest/doctest.h>

#include "sim/field/field.h"
#include "sim/phantom/phantom.h"

using namespace stipple;

namespace {

constexpr double density_per_cm2 = 120;

struct TrueClient {
  PhantomTruth truth;
  Head head;
};

TrueClient true_client(View view) {
  PhantomParams params;
  params.view = view;
  params.hair = PhantomHair::bald;
  params.width_px = 300;
  params.height_px = 400;
  Job job;
  TrueClient client{make_phantom(params, job).truth, {}};
  Head& head = client.head;
  head.photo_size = client.truth.classes.size();
  head.classes = client.truth.classes;
  head.hair_matte = cv::Mat1b(head.photo_size, uint8_t{0});
  head.view = view;
  head.model = client.truth.camera;
  head.landmarks = client.truth.landmarks;
  head.scale = {client.truth.px_per_mm, 0.01, "stated"};
  head.found = true;
  return client;
}

/// Scalp that faces the camera within 60 degrees: beyond, a pixel of misfit decides more than the engine does.
cv::Mat1b facing_scalp(const TrueClient& client) {
  cv::Mat1b facing(client.truth.classes.size(), uint8_t{0});
  for (int y = 0; y < facing.rows; ++y)
    for (int x = 0; x < facing.cols; ++x) {
      if (!is_scalp(client.truth.classes(y, x))) continue;
      const cv::Vec3f &n = client.truth.normal(y, x), &p = client.truth.head_mm(y, x);
      const HeadModel& camera = client.truth.camera;
      const Vec3 eye = -(camera.head_to_camera.transpose() * camera.centre_camera_mm);
      const Vec3 towards = (eye - Vec3(p[0], p[1], p[2])).normalized();
      if (towards.dot(Vec3(n[0], n[1], n[2])) > 0.5) facing(y, x) = 255;
    }
  return facing;
}

}  // namespace

TEST_CASE("scale, area and density on skin of true heads: dots within 3 % of the model, model of the sculpture" *
          doctest::test_suite("many heads")) {
  for (const View view : {View::front, View::threequarter, View::side, View::top, View::back}) {
    CAPTURE(view_names[static_cast<size_t>(view)]);
    const TrueClient client = true_client(view);
    const HeadModel& model = client.head.model;
    CHECK(model.focal_px / model.centre_camera_mm.z() == doctest::Approx(client.truth.px_per_mm).epsilon(0.03));

    const cv::Mat1b zone = facing_scalp(client);
    double true_mm2 = 0, model_mm2 = 0;
    for (int y = 0; y < zone.rows; ++y)
      for (int x = 0; x < zone.cols; ++x) {
        if (!zone(y, x)) continue;
        true_mm2 += static_cast<double>(client.truth.area_mm2_per_px(y, x));
        model_mm2 += model.area_mm2_per_px(model.nearest({x + 0.5, y + 0.5}));
      }
    Plan plan;
    plan.density_per_cm2 = cv::Mat1f(zone.size(), 0.0F);
    plan.density_per_cm2.setTo(density_per_cm2, zone);
    Job job;
    // The count of one seed is off by half a percent by chance.
    double dots = 0;
    for (uint64_t seed = 1; seed <= 3; ++seed) {
      FieldParams params;
      params.seed = seed;
      dots += static_cast<double>(place_dots(client.head, plan, params, job).dots.size()) / 3;
    }
    CHECK(dots == doctest::Approx(density_per_cm2 * model_mm2 / 100).epsilon(0.03));
    CHECK(model_mm2 == doctest::Approx(true_mm2).epsilon(0.03));
    CHECK(dots == doctest::Approx(density_per_cm2 * true_mm2 / 100).epsilon(0.03));
  }
}
