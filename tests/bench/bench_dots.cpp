// How uneven the dots of a picture are, for photos of real work and for renders alike.
//   bench_dots PX_PER_MM PICTURE X,Y,W,H ...
// Dots are the local minima of log light in the band from 0.1 to 0.5 mm that stand out from the skin's texture. Prints
// per picture: dots per cm2, mean depth (log light), coefficient of variation and skewness of the depth, and mean and
// coefficient of variation of the distance to the nearest neighbour.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "sim/core/error.h"
#include "sim/core/math.h"
#include "sim/photo/photo.h"

using namespace stipple;

namespace {

constexpr double finest_mm = 0.1, coarsest_mm = 0.5, apart_mm = 0.25;
constexpr double least_depth_share = 0.25;  // of the deep dots' depth

struct Spot {
  Vec2 at;
  double depth;
};

cv::Mat1f band_of(const Photo& photo, const cv::Rect& area, double px_per_mm) {
  const cv::Mat3f light = linear_light(photo, area);
  cv::Mat1f log_light(light.size()), fine, coarse;
  for (int y = 0; y < light.rows; ++y)
    for (int x = 0; x < light.cols; ++x)
      log_light(y, x) = static_cast<float>(std::log(std::max(luminance(light(y, x)), 1e-3)));
  cv::GaussianBlur(log_light, fine, {}, std::max(0.4, finest_mm * px_per_mm), 0, cv::BORDER_REFLECT);
  cv::GaussianBlur(log_light, coarse, {}, coarsest_mm * px_per_mm, 0, cv::BORDER_REFLECT);
  return cv::Mat1f(coarse - fine);
}

std::vector<Spot> spots_of(const cv::Mat1f& band, double px_per_mm) {
  const int radius = std::max(1, static_cast<int>(std::lround(apart_mm * px_per_mm)));
  cv::Mat1f highest;
  cv::dilate(band, highest, cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * radius + 1, 2 * radius + 1}));
  std::vector<Spot> spots;
  std::vector<double> depths;
  for (int y = radius; y + radius < band.rows; ++y)
    for (int x = radius; x + radius < band.cols; ++x)
      if (band(y, x) > 0 && band(y, x) >= highest(y, x)) spots.push_back({{x, y}, band(y, x)});
  for (const Spot& s : spots) depths.push_back(s.depth);
  if (depths.empty()) return spots;
  std::sort(depths.begin(), depths.end());
  const double deep = depths[static_cast<size_t>(0.9 * static_cast<double>(depths.size() - 1))];
  std::erase_if(spots, [&](const Spot& s) { return s.depth < least_depth_share * deep; });
  return spots;
}

struct Moments {
  double mean = 0, cv = 0, skewness = 0;
};

Moments moments_of(const std::vector<double>& values) {
  const double n = static_cast<double>(values.size());
  double mean = 0, second = 0, third = 0;
  for (const double v : values) mean += v / n;
  for (const double v : values) second += (v - mean) * (v - mean) / n, third += std::pow(v - mean, 3) / n;
  return {mean, std::sqrt(second) / mean, third / std::pow(second, 1.5)};
}

void measure(const std::string& path, const cv::Rect& area, double px_per_mm) {
  const Photo photo = read_photo(path);
  const std::vector<Spot> spots = spots_of(band_of(photo, area, px_per_mm), px_per_mm);
  std::vector<double> depths, nearest;
  for (const Spot& s : spots) {
    depths.push_back(s.depth);
    double best = 1e9;
    for (const Spot& other : spots)
      if (&other != &s) best = std::min(best, (other.at - s.at).norm());
    nearest.push_back(best / px_per_mm);
  }
  if (spots.size() < 20) throw Error(ErrorKind::usage, path, "has too few dots there", "give another area");
  const Moments depth = moments_of(depths), gap = moments_of(nearest);
  const double area_cm2 = area.area() / (px_per_mm * px_per_mm) / 100;
  std::printf("%-40s %4.0f dots/cm2  depth %.3f cv %.2f skew %+.2f  nearest %.2f mm cv %.2f\n", path.c_str(),
              static_cast<double>(spots.size()) / area_cm2, depth.mean, depth.cv, depth.skewness, gap.mean, gap.cv);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc < 4 || argc % 2 != 0) throw Error(ErrorKind::usage, "bench_dots", "needs pictures", "see its first lines");
    for (int i = 2; i + 1 < argc; i += 2) {
      cv::Rect area;
      if (std::sscanf(argv[i + 1], "%d,%d,%d,%d", &area.x, &area.y, &area.width, &area.height) != 4)
        throw Error(ErrorKind::usage, argv[i + 1], "is no area", "give X,Y,W,H in px");
      measure(argv[i], area, std::atof(argv[1]));
    }
  } catch (const std::exception& e) {
    std::fprintf(stderr, "bench_dots: %s\n", e.what());
    return 1;
  }
}
