// From a moved slider to the new picture (the whole one, and what a window shows while it is dragged), on the CPU and
// on the GPU (OpenGL off screen; llvmpipe where there is no GPU), and from opening a photo of 12 MP to the first before
// and after. Times are of this machine and the rest of its load: read them as sizes.
//   bench_viewer [ROUNDS]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <functional>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "app/viewer/gpu/compositor.h"
#include "app/viewer/gpu/off_screen.h"
#include "app/viewer/ui/worker.h"
#include "sim/phantom/phantom.h"
#include "tests/test_pigment_scene.h"

using namespace stipple;

namespace {

using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// Median and 95th percentile over rounds, and the processor time of one round over all threads, which other programs
/// do not lengthen; the first round, which fills caches, is not counted.
void time_rounds(const char* what, int rounds, const std::function<void(int)>& run) {
  std::vector<double> times;
  run(0);
  const std::clock_t begin = std::clock();
  for (int i = 1; i <= rounds; ++i) {
    const auto start = Clock::now();
    run(i);
    times.push_back(milliseconds_since(start));
  }
  const double processor = 1000.0 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC / rounds;
  std::sort(times.begin(), times.end());
  const auto at = [&](double share) {
    return times[static_cast<size_t>(share * static_cast<double>(times.size() - 1))];
  };
  std::printf("%-44s %8.1f %8.1f %9.1f\n", what, at(0.5), at(0.95), processor);
}

/// How much of a photo of that size a window shows: the canvas of 1280 x 720 and of 2560 x 1440 at scale 2.
const struct {
  const char* window;
  cv::Size canvas;
} windows[] = {{"1280x720", {940, 608}}, {"2560x1440", {1880, 1216}}};

Excerpt fitted(cv::Size photo, cv::Size canvas) {
  const double fit =
      std::min(canvas.width / static_cast<double>(photo.width), canvas.height / static_cast<double>(photo.height));
  return {cv::Rect({0, 0}, photo), std::min(1.0, 0.98 * fit)};
}

/// 100,000 dots on 2 MP of flat skin: what a slider of shade or years moves.
void slide_on_skin(int rounds) {
  const cv::Size size(1633, 1225);
  const Head head = scene::flat_head(size, 8);
  auto base = std::make_shared<Shaven>();
  base->photo = scene::flat_photo(size, head.skin.scalp);
  base->hair_matte = cv::Mat1b::zeros(size);
  const Field field = scene::random_field(head, cv::Rect({0, 0}, size), 321);
  std::printf("%zu dots on %.1f MP\n", field.dots.size(), size.area() / 1e6);
  Job job;
  const auto deposit_of = [&](int round) {
    PigmentParams params;
    params.years = 0.3 + 0.1 * round;
    params.shade_parts_water = 10 + round;
    return std::make_shared<const Deposit>(make_deposit(base->photo, head, field, params, job));
  };
  time_rounds("shade or years: deposit alone", rounds, [&](int i) { deposit_of(i); });
  time_rounds("shade or years: CPU, to the picture", rounds,
              [&](int i) { composite(base->photo, head, *deposit_of(i), job); });
  for (const auto& [window, canvas] : windows) {
    const Excerpt excerpt = fitted(size, canvas);
    const ExcerptGround ground = excerpt_ground(*base, head, 0.7, excerpt);
    const Field dots = excerpt_field(field, excerpt);
    const std::string what = std::string("shade or years: while dragged, ") + window;
    time_rounds(what.c_str(), rounds, [&](int i) {
      PigmentParams params;
      params.years = 0.3 + 0.1 * i;
      params.shade_parts_water = 10 + i;
      composite(ground.photo, ground.head, make_deposit(ground.camera_blur_px, ground.head, dots, params, job), job);
    });
  }
  Compositor compositor;
  const auto draw = [&](const std::shared_ptr<const Deposit>& deposit) {
    compositor.draw({base, deposit, head.skin.scalp});
    glFinish();
  };
  time_rounds("shade or years: OpenGL, to the picture", rounds, [&](int i) { draw(deposit_of(i)); });
}

/// Every slider of one made client, the whole picture or what a window shows of it.
void slide(Pipeline& pipeline, Settings settings, const std::string& where, int rounds,
           const std::function<void(const Settings&)>& draw) {
  const auto time = [&](const char* what, const std::function<void(int)>& change) {
    time_rounds((what + where).c_str(), rounds, [&](int i) {
      change(i);
      draw(settings);
    });
  };
  Job job;
  pipeline.run(settings, job);
  time("shade, years", [&](int i) { settings.pigment.years = 0.3 + 0.1 * i; });
  time("density", [&](int i) { settings.plan.density_per_cm2 = 280 - i; });
  time("hairline", [&](int i) { settings.plan.mid_frontal_height_mm = 62 + 0.3 * i; });
  time("new seed", [&](int i) { settings.field.seed = static_cast<uint64_t>(100 + i); });
}

/// A whole made client of 2 MP.
void slide_on_client(int rounds) {
  PhantomParams params;
  params.width_px = 600;
  params.height_px = 800;
  Job job;
  Phantom phantom = make_phantom(params, job);
  cv::resize(phantom.photo.rgb, phantom.photo.rgb, {}, 2, 2, cv::INTER_CUBIC);
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / "stipple_bench_viewer";
  std::filesystem::create_directories(folder);
  write_truth(phantom.truth, folder.string());
  Settings settings;
  settings.head.labels = (folder / "labels.png").string();
  settings.plan.density_per_cm2 = 300;
  Pipeline pipeline(std::make_shared<const Photo>(phantom.photo));
  std::printf("%zu dots on a client of %.1f MP\n", pipeline.run(settings, job).field->dots.size(),
              static_cast<double>(phantom.photo.rgb.total()) / 1e6);
  slide(pipeline, settings, ": whole picture", rounds, [&](const Settings& s) { pipeline.run(s, job); });
  for (const auto& [window, canvas] : windows) {
    const Excerpt excerpt = fitted(phantom.photo.size(), canvas);
    slide(pipeline, settings, std::string(": while dragged, ") + window, rounds,
          [&](const Settings& s) { pipeline.preview(s, excerpt, job); });
  }
  std::filesystem::remove_all(folder);
}

/// From the request to the photo in the window's hands, and to the first before and after.
void open_photo() {
  const std::filesystem::path path = std::filesystem::temp_directory_path() / "stipple_bench_viewer.jpg";
  PhantomParams params;
  params.width_px = 750;
  params.height_px = 1000;
  Job job;
  Photo photo = make_phantom(params, job).photo;
  cv::resize(photo.rgb, photo.rgb, {}, 4, 4, cv::INTER_CUBIC);
  write_photo(photo, path.string(), false, 90);
  Worker worker([] {});
  const auto start = Clock::now();
  const std::clock_t begin = std::clock();
  worker.open({path.string(), {}, ""});
  while (!worker.frame()->result.before) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  std::printf("%-44s %8.1f\n", "open 12 MP: to the photo", milliseconds_since(start));
  while (worker.busy() && !worker.frame()->preview.picture) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  std::printf("%-44s %8.1f %17.1f\n", "open 12 MP: to the first before and after", milliseconds_since(start),
              1000.0 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
  while (worker.busy()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  std::printf("%-44s %8.1f%s\n", "open 12 MP: to the whole picture", milliseconds_since(start),
              worker.frame()->ready() ? "" : " (no head found)");
  std::filesystem::remove(path);
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 20;
  const OffScreenContext context;
  std::printf("%s, %d threads\n%-44s %8s %8s %9s\n", reinterpret_cast<const char*>(glGetString(GL_RENDERER)),
              cv::getNumThreads(), "ms", "median", "p95", "processor");
  slide_on_skin(rounds);
  slide_on_client(rounds);
  open_photo();
}
