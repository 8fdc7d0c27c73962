// Differences of Gaussians split the logarithm of light into octaves; each octave of noise gets the robust spread that
// the same octave has on bare skin, so that wrinkles and moles do not count. Based on: Heeger & Bergen, "Pyramid-based
// texture analysis/synthesis", SIGGRAPH 1995, with spreads instead of histograms.
#include "sim/shave/grain.h"

#include <algorithm>
#include <cmath>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "sim/core/random.h"

namespace stipple {
namespace {

constexpr double finest_px = 0.6;
constexpr size_t enough_pixels = 400;
constexpr int widest_band_px = 24;
constexpr double most_spread = 0.05;  // rougher than this is stubble, no skin
constexpr uint64_t seed = 0x5AFE;

cv::Mat1f noise_tile() {
  cv::Mat1f noise(grain_tile_px, grain_tile_px);
  cv::parallel_for_({0, noise.rows}, [&](const cv::Range& rows) {
    for (int y = rows.start; y < rows.end; ++y)
      for (int x = 0; x < noise.cols; ++x)
        noise(y, x) = static_cast<float>(normal(seed, (static_cast<uint64_t>(y) << 32) | static_cast<uint64_t>(x), 0));
  });
  return noise;
}

/// Median of |value| over the known pixels, as the standard deviation of a normal variable.
double spread(const cv::Mat1f& band, const cv::Mat1b& known) {
  std::vector<float> sizes;
  for (int y = 0; y < band.rows; ++y)
    for (int x = 0; x < band.cols; ++x)
      if (known(y, x)) sizes.push_back(std::abs(band(y, x)));
  if (sizes.size() < enough_pixels) return 0;
  const auto middle = sizes.begin() + static_cast<ptrdiff_t>(sizes.size() / 2);
  std::nth_element(sizes.begin(), middle, sizes.end());
  return *middle * 1.4826;
}

cv::Mat1f blurred(const cv::Mat1f& image, double sigma_px) {
  cv::Mat1f out;
  cv::GaussianBlur(image, out, {}, sigma_px, 0, cv::BORDER_REPLICATE);
  return out;
}

/// The same for a tile that repeats.
cv::Mat1f blurred_around(const cv::Mat1f& tile, double sigma_px) {
  const int rim = cvCeil(5 * sigma_px);
  cv::Mat1f wide;
  cv::copyMakeBorder(tile, wide, rim, rim, rim, rim, cv::BORDER_WRAP);
  return blurred(wide, sigma_px)(cv::Rect({rim, rim}, tile.size())).clone();
}

}  // namespace

cv::Mat1f matched_grain(const cv::Mat1f& light, const cv::Mat1b& known, double coarsest_px) {
  cv::Mat1f skin(light.size());
  for (int y = 0; y < light.rows; ++y)
    for (int x = 0; x < light.cols; ++x) skin(y, x) = std::log(std::max(light(y, x), 2e-3f));
  cv::Mat1f noise = noise_tile(), grain(noise.size(), 0.0f);
  const cv::Mat1b all(noise.size(), uint8_t{255});
  const double coarsest = std::clamp<double>(coarsest_px, 2 * finest_px, widest_band_px);
  for (double sigma = finest_px; sigma <= coarsest; sigma *= 2) {
    const cv::Mat1f skin_coarser = blurred(skin, sigma), noise_coarser = blurred_around(noise, sigma);
    const cv::Mat1f band(noise - noise_coarser);
    const double skin_spread = std::min(spread(cv::Mat1f(skin - skin_coarser), known), most_spread);
    const double gain = skin_spread / std::max(spread(band, all), 1e-9);
    cv::scaleAdd(band, gain, grain, grain);
    skin = skin_coarser, noise = noise_coarser;
  }
  return grain;
}

}  // namespace stipple
