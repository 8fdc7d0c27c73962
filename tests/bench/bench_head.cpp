// Time of each step of find_head and its peak memory on a made photo.
//   bench_head [megapixels] [rounds]
#include <sys/resource.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <string>

#include "sim/phantom/phantom.h"

using namespace stipple;
using Clock = std::chrono::steady_clock;

namespace {

double since_ms(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

double peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

/// A synthetic client enlarged to the wanted size, with its labels in a file.
Photo made_photo(double megapixels, const std::string& labels) {
  PhantomParams params;
  params.width_px = 600;
  params.height_px = 800;
  Job job;
  Phantom phantom = make_phantom(params, job);
  cv::imwrite(labels, phantom.truth.classes);
  const double enlarge = std::sqrt(megapixels * 1e6 / (600 * 800));
  cv::resize(phantom.photo.rgb, phantom.photo.rgb, {}, enlarge, enlarge, cv::INTER_CUBIC);
  return std::move(phantom.photo);
}

void measure(const Photo& photo, const HeadParams& params, const char* what, int rounds) {
  std::map<double, std::pair<std::string, double>> fastest;  // by the progress at which the step ends
  double whole = 1e9;
  for (int i = 0; i < rounds; ++i) {
    Clock::time_point last = Clock::now();
    const Clock::time_point start = last;
    Job job([&](std::string_view stage, double fraction) {
      auto& [name, best] = fastest.try_emplace(fraction, std::string(stage), 1e9).first->second;
      best = std::min(best, since_ms(last));
      last = Clock::now();
    });
    find_head(photo, params, job);
    whole = std::min(whole, since_ms(start));
  }
  std::printf("%s: %.0f ms, peak %.0f MiB\n", what, whole, peak_mib());
  for (const auto& [fraction, step] : fastest)
    std::printf("  up to %3.0f %% (%s) %7.1f ms\n", 100 * fraction, step.first.c_str(), step.second);
}

}  // namespace

int main(int argc, char** argv) {
  const double megapixels = argc > 1 ? std::atof(argv[1]) : 12;
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 3;
  const std::string labels = (std::filesystem::temp_directory_path() / "bench_head_labels.png").string();
  const Photo photo = made_photo(megapixels, labels);
  std::printf("%d x %d, %.0f MiB before\n", photo.rgb.cols, photo.rgb.rows, peak_mib());
  HeadParams by_hand;
  by_hand.labels = labels;
  measure(photo, by_hand, "label image", rounds);
  measure(photo, {}, "network", rounds);

  Job job;
  const Head head = find_head(photo, by_hand, job);
  const Clock::time_point start = Clock::now();
  full_size_classes(photo, head);
  std::printf("full_size_classes: %.0f ms, peak %.0f MiB\n", since_ms(start), peak_mib());
  std::filesystem::remove(labels);
  return 0;
}
