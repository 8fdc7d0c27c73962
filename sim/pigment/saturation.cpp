// The light taken by a Gaussian dot is the entire exponential integral Ein. Based on: Abramowitz & Stegun 5.1.11
// (series) and 5.1.56 (rational approximation of E1).
#include "sim/pigment/saturation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace stipple {
namespace {

constexpr double largest_peak = 1e4;

// Coefficients of the series: -(-1)^n / (n n!).
constexpr auto series = [] {
  std::array<double, 32> c{};
  double factorial = 1;
  for (size_t n = 1; n < c.size(); ++n) {
    factorial *= static_cast<double>(n);
    c[n] = (n % 2 == 1 ? 1 : -1) / (static_cast<double>(n) * factorial);
  }
  return c;
}();

}  // namespace

double taken_light(double peak) {
  if (peak <= 3) {
    // As many terms as the largest peak of three steps needs for 1e-15.
    const size_t terms = peak <= 0.25 ? 10 : peak <= 1 ? 17 : 31;
    double sum = 0;
    for (size_t n = terms; n > 0; --n) sum = (sum + series[n]) * peak;
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
  double peak = light < 1 ? light * (1 + light / 4 * (1 + light / 18)) : std::exp(light - std::numbers::egamma);
  peak = std::min(peak, largest_peak);
  for (int i = 0; i < 12; ++i) {
    const double slope = -std::expm1(-peak) / peak;
    const double step = (taken_light(peak) - light) / slope;
    peak = std::clamp(peak - step, peak / 4, largest_peak);
    if (std::abs(step) < 1e-6 * peak) break;  // what is left is its square
  }
  return peak;
}

}  // namespace stipple
