// The GPU's picture against the CPU reference on whole images, off screen through EGL. Where there is no EGL the test
// fails: a check that did not run is no check.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <opencv2/imgproc.hpp>

#include "app/viewer/gpu/compositor.h"
#include "app/viewer/gpu/off_screen.h"
#include "sim/phantom/phantom.h"
#include "sim/pipeline.h"
#include "tests/test_pigment_scene.h"

using namespace stipple;

namespace {

constexpr double most_light_apart = 1e-5;
constexpr double most_codes_apart = 0.001;  // share of samples that may differ, by one step

struct Scene {
  Treated treated;
  Head head;
};

/// Skin with uneven light up to a white highlight, some hair, and dots at `px_per_mm`.
Scene skin_scene(cv::Size size, double px_per_mm, int depth, const PigmentParams& params,
                 double density_per_cm2 = 130) {
  Scene scene;
  scene.head = scene::flat_head(size, px_per_mm);
  Shaven base;
  base.photo = scene::flat_photo(size, Rgb(0.56, 0.27, 0.23), depth);
  cv::Mat3f light(size);
  base.hair_matte = cv::Mat1b(size, uint8_t{0});
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x) {
      const auto id = static_cast<uint64_t>(y * size.width + x);
      const float noise = static_cast<float>(0.05 * normal(5, id, 0));
      const float fall = static_cast<float>(x) / static_cast<float>(size.width);
      const float lamp = std::exp(-static_cast<float>((x - 60) * (x - 60) + (y - 50) * (y - 50)) / 600);
      light(y, x) = cv::Vec3f(0.56F, 0.27F, 0.23F) * ((0.2F + fall) * (1 + noise)) + cv::Vec3f::all(0.8F * lamp);
      if (x > size.width * 3 / 4) base.hair_matte(y, x) = static_cast<uint8_t>(256 * uniform(5, id, 2));
    }
  store_linear(base.photo, cv::Rect({0, 0}, size), light);
  // Dots run over the photo's border on three sides: windows are cut there and light is reflected.
  const cv::Rect dotted(size.width / 3, -10, size.width, size.height * 2 / 3);
  const Field field = scene::random_field(scene.head, dotted, density_per_cm2);
  Job job;
  scene.treated.deposit = std::make_shared<const Deposit>(make_deposit(base.photo, scene.head, field, params, job));
  scene.head.hair_matte = base.hair_matte;
  scene.treated.base = std::make_shared<const Shaven>(std::move(base));
  scene.treated.skin = scene.head.skin.scalp;
  return scene;
}

void check_light(const cv::Mat3f& gpu, const cv::Mat3f& cpu, const cv::Mat3f& source) {
  double apart = 0;
  cv::Point worst;
  for (int y = 0; y < cpu.rows; ++y)
    for (int x = 0; x < cpu.cols; ++x)
      for (int c = 0; c < 3; ++c) {
        const double d = std::abs(double{gpu(y, x)[c]} - double{cpu(y, x)[c]});
        if (d > apart || std::isnan(d)) {
          apart = std::isnan(d) ? INFINITY : d;
          worst = {x, y};
        }
      }
  MESSAGE("linear light at most " << apart << " apart");
  CHECK_MESSAGE(apart <= most_light_apart, "at " << worst.x << "," << worst.y << ": source " << source(worst) << " cpu "
                                                 << cpu(worst) << " gpu " << gpu(worst));
  CHECK(cv::norm(cpu, source, cv::NORM_INF) > 0.01);  // something was drawn
}

void check_codes(const GlTexture& shown, const Photo& cpu) {
  cv::Mat4b rgba(shown.size());
  glBindTexture(GL_TEXTURE_2D, shown.id());
  glGetTexImage(GL_TEXTURE_2D, 0, GL_RGBA, GL_UNSIGNED_BYTE, rgba.data);
  cv::Mat gpu, apart;
  cv::cvtColor(rgba, gpu, cv::COLOR_RGBA2RGB);
  cv::absdiff(gpu, cpu.rgb, apart);
  CHECK(cv::norm(apart, cv::NORM_INF) <= 1);
  const double samples = 3.0 * static_cast<double>(apart.total());
  const double differ = cv::countNonZero(apart.reshape(1)) / samples;
  MESSAGE("8-bit samples that differ: " << 100 * differ << " %");
  CHECK(differ <= most_codes_apart);
}

void check_parity(const Scene& scene) {
  const OffScreenContext context;
  Compositor compositor;
  Job job;
  const Photo& photo = scene.treated.base->photo;
  const cv::Mat3f gpu = compositor.draw_linear(scene.treated);
  check_light(gpu, composite_light(photo, scene.head, *scene.treated.deposit, job),
              linear_light(photo, cv::Rect({0, 0}, photo.size())));
  if (photo.rgb.depth() == CV_8U)
    check_codes(compositor.draw(scene.treated), composite(photo, scene.head, *scene.treated.deposit, job));
  CHECK(glGetError() == GL_NO_ERROR);
}

}  // namespace

TEST_CASE("the GPU draws what the CPU draws at every scale of the halo's grid") {
  for (const double px_per_mm : {2.5, 7.0, 13.0, 30.0}) {
    CAPTURE(px_per_mm);
    check_parity(skin_scene({317, 211}, px_per_mm, CV_8U, {}, px_per_mm > 20 ? 400 : 130));
  }
}

TEST_CASE("the GPU draws what the CPU draws on the same day, with a matt lotion, and of 16-bit photos") {
  PigmentParams fresh;
  fresh.years = 0;
  fresh.matt = 1;
  fresh.shade_parts_water = 4;
  check_parity(skin_scene({203, 150}, 6, CV_16U, fresh));
  PigmentParams old;
  old.years = 9;
  old.pigment = "organic";
  check_parity(skin_scene({203, 150}, 6, CV_8U, old));
}

TEST_CASE("the GPU draws what the CPU draws on a whole head") {
  PhantomParams params;
  params.width_px = 240;
  params.height_px = 320;
  Job job;
  const Phantom phantom = make_phantom(params, job);
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("stipple_gpu_" + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  write_truth(phantom.truth, folder.string());
  Settings settings;
  settings.head.labels = (folder / "labels.png").string();
  Pipeline pipeline(std::make_shared<const Photo>(phantom.photo));
  const Result result = pipeline.run(settings, job);
  std::filesystem::remove_all(folder);
  Scene scene{{result.shaven, result.deposit, result.head->skin.scalp}, *result.head};
  scene.head.hair_matte = result.shaven->hair_matte;
  check_parity(scene);
}

TEST_CASE("a compositor that followed edits draws what a fresh one draws") {
  const OffScreenContext context;
  Compositor compositor;
  PigmentParams params;
  const Scene first = skin_scene({200, 160}, 5, CV_8U, params);
  compositor.draw(first.treated);
  params.years = 4;
  Scene second = skin_scene({200, 160}, 5, CV_8U, params);
  second.treated.base = first.treated.base;
  const cv::Mat3f followed = compositor.draw_linear(second.treated);
  Compositor fresh;
  CHECK(cv::norm(followed, fresh.draw_linear(second.treated), cv::NORM_INF) == 0);
  CHECK(cv::norm(followed, compositor.draw_linear(first.treated), cv::NORM_INF) > 0.001);
}

TEST_CASE("no dots leave the photo's own codes") {
  const OffScreenContext context;
  Compositor compositor;
  Scene scene = skin_scene({64, 48}, 5, CV_8U, {});
  scene.treated.deposit = std::make_shared<const Deposit>();
  cv::Mat4b rgba(48, 64);
  glBindTexture(GL_TEXTURE_2D, compositor.draw(scene.treated).id());
  glGetTexImage(GL_TEXTURE_2D, 0, GL_RGBA, GL_UNSIGNED_BYTE, rgba.data);
  cv::Mat rgb;
  cv::cvtColor(rgba, rgb, cv::COLOR_RGBA2RGB);
  CHECK(cv::norm(rgb, scene.treated.base->photo.rgb, cv::NORM_INF) == 0);
}
