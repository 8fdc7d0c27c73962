// Healing, settling, fading and spreading of pigment, with bands from a fixed quasi-Monte Carlo sample.
// Based on: DOMAIN 3.1-3.3 for every curve and range; Roberts (2018), the R3 low-discrepancy sequence; Acklam's
// rational approximation of the inverse normal distribution.
#include "sim/pigment/ageing.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "sim/pigment/visits.h"

namespace stipple {
namespace {

// First-session loss by day 28 is 35 % of what was put in (DOMAIN 0): a fresh dot holds 1 / 0.65 of its healed mass.
constexpr double fresh_mass = 1 / 0.65;
constexpr double scab_mass = 0.15;       // what the scab's own darkness adds, until it falls off
constexpr double fresh_diameter = 1.92;  // 0.25 mm with scab against 0.13 mm healed (DOMAIN 0)
constexpr double bare_diameter = 1.35;   // the day the scab falls: the needle's hole, not yet closed
constexpr double fresh_depth = 0.7;      // pigment still fills the needle's channel

constexpr double settled_share = 0.90, settled_share_scar = 0.80;  // DOMAIN 0
constexpr double growth_mm_per_year = 0.01;
constexpr double healed_diameter_mm = 0.13;

// Spread of what cannot be known beforehand, as standard deviations of logarithms, from the ranges of DOMAIN 0 read as
// p5-p95: take 0.75-0.95 of 0.90 at six months, tau 4-12 y (PigmentParams::fade_rate_sd), growth 0.005-0.02 mm/y.
constexpr double take_log_sd = 0.07, growth_log_sd = 0.42;
// How much of a dot's visible darkness its area carries at the default shade (the rest is mass): the slope of
// taken_light at a peak of 1.
constexpr double area_exponent = 0.2;
constexpr int samples = 512;

double smooth(double from, double to, double x) {
  const double t = std::clamp((x - from) / (to - from), 0.0, 1.0);
  return t * t * (3 - 2 * t);
}

/// Inverse of the standard normal distribution for p in (0, 1), to 1e-9.
double normal_quantile(double p) {
  constexpr std::array a{-3.969683028665376e+01, 2.209460984245205e+02,  -2.759285104469687e+02,
                         1.383577518672690e+02,  -3.066479806614716e+01, 2.506628277459239e+00};
  constexpr std::array b{-5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01,
                         -1.328068155288572e+01};
  constexpr std::array c{-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00,
                         -2.549732539343734e+00, 4.374664141464968e+00,  2.938163982698783e+00};
  constexpr std::array d{7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00};
  if (p > 0.97575) return -normal_quantile(1 - p);
  if (p < 0.02425) {
    const double q = std::sqrt(-2 * std::log(p));
    return (((((c[0] * q + c[1]) * q + c[2]) * q + c[3]) * q + c[4]) * q + c[5]) /
           ((((d[0] * q + d[1]) * q + d[2]) * q + d[3]) * q + 1);
  }
  const double q = p - 0.5, r = q * q;
  return (((((a[0] * r + a[1]) * r + a[2]) * r + a[3]) * r + a[4]) * r + a[5]) * q /
         (((((b[0] * r + b[1]) * r + b[2]) * r + b[3]) * r + b[4]) * r + 1);
}

/// One possible course: standard normal deviates of take, time constant and growth.
struct Course {
  double take, tau, growth;
};

const std::array<Course, samples>& courses() {
  static const auto all = [] {
    constexpr double phi = 1.2207440846057596;  // real root of x^4 = x + 1
    std::array<Course, samples> out{};
    for (int i = 0; i < samples; ++i) {
      auto deviate = [&](double power) {
        const double u = 0.5 + (i + 1) / std::pow(phi, power);
        return normal_quantile(std::clamp(u - std::floor(u), 1e-6, 1 - 1e-6));
      };
      out[static_cast<size_t>(i)] = {deviate(1), deviate(2), deviate(3)};
    }
    return out;
  }();
  return all;
}

double quantile_of(Band band) { return band == Band::low ? 0.1 : band == Band::high ? 0.9 : 0.5; }

/// Quantile of `outcome(course)` against its median.
template <class Outcome>
double against_median(Band band, Outcome&& outcome) {
  if (band == Band::typical) return 1;
  std::array<double, samples> values{};
  std::transform(courses().begin(), courses().end(), values.begin(), outcome);
  std::sort(values.begin(), values.end());
  auto at = [&](double q) { return values[static_cast<size_t>(q * (samples - 1) + 0.5)]; };
  return at(quantile_of(band)) / at(0.5);
}

}  // namespace

DotState healing(double age_years, double scab_days) {
  const double days = std::max(age_years, 0.0) * days_per_year;
  const double closing = smooth(0, 28, days);
  const double scab = 1 - smooth(scab_days - 1.5, scab_days + 0.5, days);
  DotState state;
  state.mass = (fresh_mass + (1 - fresh_mass) * closing) * (1 + scab_mass * scab);
  state.diameter = (bare_diameter + (1 - bare_diameter) * closing) + (fresh_diameter - bare_diameter) * scab;
  state.depth = fresh_depth + (1 - fresh_depth) * closing;
  return state;
}

double redness(double age_years) { return 1 - smooth(0, 3, std::max(age_years, 0.0) * days_per_year); }

double dark_skin_share(double ita_degrees) { return std::clamp((10 - ita_degrees) / 40, 0.0, 1.0); }

double scar_durability(double scar_tissue) { return 1 - 0.2 * scar_tissue; }

double fade_years(const PigmentParams& params, double dark_skin) {
  const double sun = params.sun > 0 ? 1 - 0.3 * params.sun : 1 - 0.2 * params.sun;
  return 7.5 / params.fade_rate * sun * scar_durability(params.scar_tissue) * (1 + 0.2 * dark_skin);
}

double fade_curve(double years, double tau_years, double scar_tissue) {
  const double settled = settled_share + (settled_share_scar - settled_share) * scar_tissue;
  if (years >= settled_years) return settled * std::exp(-(years - settled_years) / tau_years);
  return 1 + (settled - 1) * std::clamp((years - healed_years) / (settled_years - healed_years), 0.0, 1.0);
}

double growth_mm(double years) { return growth_mm_per_year * std::max(years - healed_years, 0.0); }

double band_factor(const PigmentParams& params, double tau_years, Band band) {
  const std::vector<Layer> layers = layers_of(params);
  return against_median(band, [&](const Course& c) {
    const double tau = tau_years * std::exp(params.fade_rate_sd * c.tau), growth = std::exp(growth_log_sd * c.growth);
    double visible = 0;
    for (const Layer& layer : layers) {
      const double since_settled = std::max(layer.age_years - settled_years, 0.0);
      const double mm = healed_diameter_mm + growth_mm(layer.age_years) * growth;
      visible += layer.share * std::exp(take_log_sd * c.take - since_settled / tau) *
                 std::pow(mm / healed_diameter_mm, 2 * area_exponent);
    }
    return visible;
  });
}

double retained(double years, const PigmentParams& params, Band band) {
  const double tau = fade_years(params, 0);
  PigmentParams then = params;
  then.years = years;
  const std::vector<Layer> layers = layers_of(then);
  const double factor = against_median(band, [&](const Course& c) {
    double left = 0;
    for (const Layer& layer : layers) {
      const double since_settled = std::max(layer.age_years - settled_years, 0.0);
      // Before the six months are over only part of the take's uncertainty has shown.
      const double settling = std::clamp((layer.age_years - healed_years) / (settled_years - healed_years), 0.0, 1.0);
      left += layer.share *
              std::exp(settling * take_log_sd * c.take - since_settled / (tau * std::exp(params.fade_rate_sd * c.tau)));
    }
    return left;
  });
  double left = 0, most = 0;
  for (const Layer& layer : layers) {
    left += layer.share * fade_curve(layer.age_years, tau, params.scar_tissue);
    most += layer.share;
  }
  return std::min(left * factor, most);
}

}  // namespace stipple
