// The light taken by a Gaussian dot is the entire exponential integral Ein. Based on: Abramowitz & Stegun 5.1.11
// (series) and 5.1.56 (rational approximation of E1).
#include "sim/pigment/saturation.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace stipple {
namespace {
constexpr double largest_peak = 1e4;
}

double taken_light(double peak) {
  if (peak <= 3) {
    double term = peak, sum = peak;
    for (int n = 2; n < 40 && std::abs(term) > 1e-16; ++n) {
      term *= -peak / n;
      sum += term / n;
    }
    return sum;
  }
  const double x = peak;
  const double above = x * (x * (x * (x + 8.5733287401) + 18.0590169730) + 8.6347608925) + 0.2677737343;
  const double below = x * (x * (x * (x + 9.5733223454) + 25.6329561486) + 21.0996530827) + 3.9584969228;
  return std::log(x) + std::numbers::egamma + std::exp(-x) / x * above / below;
}

double peak_taking(double light) {
  if (light <= 0) return 0;
  // Newton from a guess that is right at both ends; Ein is concave, so steps settle at once.
  double peak = light < 1 ? light * (1 + light / 4) : std::exp(light - std::numbers::egamma);
  peak = std::min(peak, largest_peak);
  for (int i = 0; i < 12; ++i) {
    const double slope = -std::expm1(-peak) / peak;
    const double step = (taken_light(peak) - light) / slope;
    peak = std::clamp(peak - step, peak / 4, largest_peak);
    if (std::abs(step) < 1e-10 * peak) break;
  }
  return peak;
}

}  // namespace stipple
