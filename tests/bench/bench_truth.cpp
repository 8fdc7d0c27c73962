// The head's surface against sculpted clients whose truth is known, view by view and seed by seed.
//   bench_truth [seeds] [width px] [first seed]
// First at the true pose (what is left is the surface's own form), then as find_head fits it to true labels. Areas and
// scales are in percent off the truth; areas of the fit are taken at the true scale, since the scale's error is
// printed beside them.
#include <unistd.h>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <opencv2/imgcodecs.hpp>

#include "sim/phantom/phantom.h"

using namespace stipple;

namespace {

double percent_off(double value, double truth) { return 100 * (value / truth - 1); }

struct Areas {
  double truth_mm2 = 0, model_mm2 = 0;
  double percent() const { return percent_off(model_mm2, truth_mm2); }
};

/// Scalp whose true normal lies within 60 degrees of the camera, but for the roots of ears, which the surface lacks.
Areas facing_areas(const PhantomTruth& truth, const HeadModel& model) {
  Areas areas;
  const Vec3 eye = -(truth.camera.head_to_camera.transpose() * truth.camera.centre_camera_mm);
  for (int y = 0; y < truth.classes.rows; ++y)
    for (int x = 0; x < truth.classes.cols; ++x) {
      if (!is_scalp(truth.classes(y, x))) continue;
      const cv::Vec3f &n = truth.normal(y, x), &p = truth.head_mm(y, x);
      const Vec3 towards = (eye - Vec3(p[0], p[1], p[2])).normalized();
      if (towards.dot(Vec3(n[0], n[1], n[2])) <= 0.5) continue;
      const Vec3 at = truth.camera.nearest({x + 0.5, y + 0.5});
      if (truth.camera.normal(at).dot((eye - at).normalized()) <= 0.25) continue;
      areas.truth_mm2 += static_cast<double>(truth.area_mm2_per_px(y, x));
      areas.model_mm2 += model.area_mm2_per_px(model.nearest({x + 0.5, y + 0.5}));
    }
  return areas;
}

/// Share of bare scalp that the surface misses, in percent.
double outside_percent(const PhantomTruth& truth, const HeadModel& model) {
  int bare = 0, outside = 0;
  for (int y = 0; y < truth.classes.rows; ++y)
    for (int x = 0; x < truth.classes.cols; ++x)
      if (truth.classes(y, x) == bare_scalp) ++bare, outside += !model.intersect({x + 0.5, y + 0.5}).has_value();
  return 100.0 * outside / std::max(bare, 1);
}

Head fitted(const Phantom& phantom) {
  const std::filesystem::path labels =
      std::filesystem::temp_directory_path() / ("bench_truth_" + std::to_string(getpid()) + ".png");
  cv::imwrite(labels.string(), phantom.truth.classes);
  HeadParams params;
  params.labels = labels.string();
  Job job;
  Head head = find_head(phantom.photo, params, job);
  std::filesystem::remove(labels);
  return head;
}

/// Poses beside a view's own, so that nothing holds for one pose alone.
PhantomParams client_of(View view, uint64_t seed, int width_px) {
  PhantomParams params;
  params.view = view;
  params.hair = PhantomHair::bald;
  params.seed = seed;
  params.width_px = width_px;
  params.height_px = width_px * 4 / 3;
  const double turn[] = {0, 6, -6, 3}, nod[] = {0, -5, 5, 8};
  params.yaw_degrees = turn[seed % 4], params.pitch_degrees = nod[seed % 4];
  return params;
}

}  // namespace

int main(int argc, char** argv) {
  const auto seeds = static_cast<uint64_t>(argc > 1 ? std::atoi(argv[1]) : 4);
  const int width_px = argc > 2 ? std::atoi(argv[2]) : 300;
  const auto first = static_cast<uint64_t>(argc > 3 ? std::atoi(argv[3]) : 1);
  std::printf("%-13s seed | true pose: area | fit: facing  whole  scale | outside\n", "view");
  for (const View view : {View::front, View::threequarter, View::side, View::top, View::back})
    for (uint64_t seed = first; seed < first + seeds; ++seed) {
      Job job;
      const Phantom phantom = make_phantom(client_of(view, seed, width_px), job);
      const PhantomTruth& truth = phantom.truth;
      const Head head = fitted(phantom);
      const double scale = head.scale.px_per_mm / truth.px_per_mm;
      const HeadModel at_scale = head.model;
      std::printf(
          "%-13s %4d | %15.1f | %11.1f %6.1f %6.1f | %7.2f\n", view_names[static_cast<size_t>(view)].data(),
          static_cast<int>(seed), facing_areas(truth, truth.camera).percent(),
          percent_off(facing_areas(truth, at_scale).model_mm2 * scale * scale, facing_areas(truth, at_scale).truth_mm2),
          percent_off(head.scalp_area_cm2 * scale * scale, truth.scalp_area_cm2), 100 * (scale - 1),
          outside_percent(truth, head.model));
      std::fflush(stdout);
    }
  return 0;
}
