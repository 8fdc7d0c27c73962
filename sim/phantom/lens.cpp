// Blur, noise and encoding of the phantom's picture.
#include "sim/phantom/lens.h"

#include <cmath>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>

#include "sim/core/random.h"
#include "sim/photo/srgb.h"

namespace stipple::phantom {
namespace {

constexpr double blur_px = 0.55, photon_noise = 0.010, read_noise = 0.0012;

/// Linear up to 0.7, then bent so that highlights keep their gradient up to twice white.
double shoulder(double v) {
  constexpr double knee = 0.7;
  return v < knee ? v : knee + (1 - knee) * (1 - std::exp(-(v - knee) / (1 - knee)));
}

uchar encoded(double linear) {
  const double v = std::clamp(shoulder(linear), 0.0, 1.0);
  return static_cast<uchar>(std::lround(255 * srgb_of_linear(v)));
}

}  // namespace

cv::Mat3b developed(const cv::Mat3f& linear, uint64_t seed) {
  cv::Mat3f light;
  cv::GaussianBlur(linear, light, {0, 0}, blur_px);
  cv::Mat3b photo(linear.size());
  cv::parallel_for_({0, light.rows}, [&](const cv::Range& rows) {
    for (int y = rows.start; y < rows.end; ++y)
      for (int x = 0; x < light.cols; ++x) {
        const uint64_t cell = static_cast<uint64_t>(y) << 20 | static_cast<uint64_t>(x);
        for (int c = 0; c < 3; ++c) {
          const double v = static_cast<double>(light(y, x)[c]);
          const double sigma = std::sqrt(photon_noise * photon_noise * std::max(v, 0.0) + read_noise * read_noise);
          // The sum of three uniforms is close enough to a normal deviate and cheap.
          const uint64_t bits = hash64(seed, cell, static_cast<uint64_t>(c));
          const double sum = static_cast<double>(bits & 0xFFFFF) + static_cast<double>(bits >> 20 & 0xFFFFF) +
                             static_cast<double>(bits >> 40 & 0xFFFFF);
          photo(y, x)[c] = encoded(v + sigma * 2.0 * (sum / 0xFFFFF - 1.5));
        }
      }
  });
  return photo;
}

}  // namespace stipple::phantom
