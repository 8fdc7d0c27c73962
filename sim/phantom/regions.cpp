// The hairline as a polar curve through anthropometric points.
// Based on: DOMAIN 1.4 (mid-frontal point, fronto-temporal recession above the lateral canthus, temporal peak).
#include "sim/phantom/regions.h"

#include <numbers>

#include "sim/core/random.h"
#include "sim/phantom/noise.h"
#include "sim/phantom/sdf.h"

namespace stipple::phantom {
namespace {

constexpr double pi = std::numbers::pi;
constexpr double mature_hairline_mm = 70.0;

Vec2 direction_of(const Vec3& p) { return {std::atan2(p.x(), p.z()), std::acos(p.y() / p.norm())}; }

/// Polar angle on the midline that lies `arc_mm` above the glabella along the skin.
double polar_above_glabella(const Anatomy& an, double arc_mm) {
  double polar = direction_of(glabella(an)).y();
  Vec3 last = skin_point(an, 0, polar);
  for (double length = 0; length < arc_mm;) {
    polar -= 0.002;
    const Vec3 next = skin_point(an, 0, polar);
    length += (next - last).norm();
    last = next;
  }
  return polar;
}

/// Mirrors the knots of the left half (azimuths 0..pi) to a closed curve, each side wavering a little by the seed.
PolarCurve both_sides(const std::vector<Vec2>& left, uint64_t seed, double waver) {
  std::vector<Vec2> knots;
  const auto wavered = [&](const Vec2& k, uint64_t side) {
    const auto cell = static_cast<uint64_t>(std::lround(k.x() * 1000)) * 2 + side;
    return Vec2(k.x(), k.y() + waver * std::clamp(stipple::normal(seed, cell, 77), -2.0, 2.0));
  };
  for (size_t i = left.size(); i-- > 1;) {
    const Vec2 k = wavered(left[i], 0);
    knots.emplace_back(-k.x(), k.y());
  }
  for (const Vec2& k : left)
    if (k.x() < pi - 1e-6) knots.push_back(k.x() < 1e-9 ? k : wavered(k, 1));
  return PolarCurve(std::move(knots));
}

}  // namespace

PolarCurve::PolarCurve(std::vector<Vec2> azimuth_polar) : knots_(std::move(azimuth_polar)) {
  // Monotone cubic slopes (harmonic mean of neighbouring secants) never overshoot a knot.
  const size_t n = knots_.size();
  slopes_.resize(n);
  const auto secant = [&](size_t i) {
    const size_t j = (i + 1) % n;
    const double dx = knots_[j].x() - knots_[i].x() + (j == 0 ? 2 * pi : 0);
    return (knots_[j].y() - knots_[i].y()) / dx;
  };
  for (size_t i = 0; i < n; ++i) {
    const double a = secant((i + n - 1) % n), b = secant(i);
    slopes_[i] = a * b <= 0 ? 0 : 2 * a * b / (a + b);
  }
}

double PolarCurve::operator()(double azimuth) const {
  const size_t n = knots_.size();
  const double x = azimuth < knots_.front().x() ? azimuth + 2 * pi : azimuth;
  size_t i = 0;
  while (i + 1 < n && knots_[i + 1].x() <= x) ++i;
  const size_t j = (i + 1) % n;
  const double dx = knots_[j].x() - knots_[i].x() + (j == 0 ? 2 * pi : 0);
  const double t = (x - knots_[i].x()) / dx, u = 1 - t;
  return knots_[i].y() * u * u * (1 + 2 * t) + slopes_[i] * dx * t * u * u + knots_[j].y() * t * t * (1 + 2 * u) -
         slopes_[j] * dx * t * t * u;
}

Regions regions_of(const Anatomy& an, uint64_t seed) {
  const double middle = polar_above_glabella(an, mature_hairline_mm);
  std::vector<Vec2> line{{0, middle}, {0.20, middle - 0.002}, {0.42, middle - 0.035}};
  for (const Vec3& p : {Vec3(47, 84, 42), Vec3(58, 66, 47), Vec3(66, 42, 43), Vec3(70, 12, 36), Vec3(72, -10, 29),
                        Vec3(72, -22, 24.5), Vec3(72.5, -25, 19), Vec3(73, -21, 13), Vec3(75, 8, 1), Vec3(76, 11, -16),
                        Vec3(75, -6, -33), Vec3(70, -40, -43), Vec3(50, -60, -60)})
    line.push_back(direction_of(p));
  line.emplace_back(pi, direction_of({0, -68, -76}).y());

  std::vector<Vec2> fringe{{0, pi}, {0.98, pi}};
  for (const Vec3& p : {Vec3(66, 30, 40), Vec3(69, 52, 22), Vec3(70, 60, -5), Vec3(66, 60, -40), Vec3(45, 48, -75)})
    fringe.push_back(direction_of(p));
  fringe.emplace_back(pi, direction_of({0, 38, -92}).y());
  return {both_sides(line, seed, 0.012), both_sides(fringe, seed + 1, 0.02), seed};
}

double mm_inside_hairline(const Regions& regions, const Vec3& p) {
  const Vec2 d = direction_of(p);
  constexpr double h = 0.01;
  const double line = regions.hairline(d.x());
  const double slope = (regions.hairline(d.x() + h) - regions.hairline(d.x() - h)) / (2 * h * std::sin(d.y()));
  return (line - d.y()) / std::sqrt(1 + slope * slope) * p.norm();
}

double hair_share(const Regions& regions, PhantomHair hair, const Vec3& p) {
  if (hair == PhantomHair::bald) return 0;
  const double inside = mm_inside_hairline(regions, p);
  if (inside <= 0) return 0;
  // Density rises over some millimetres from either border, more raggedly towards the bald top.
  const Vec2 d = direction_of(p);
  const auto seed = static_cast<uint32_t>(regions.seed);
  const Vec3 on_sphere = p * (100 / p.norm());
  const double ragged = 3.0 * noise(on_sphere / 9.0, seed + 310) + 4.0 * noise(on_sphere / 25.0, seed + 311);
  const double below_top = (d.y() - regions.fringe(d.x())) * p.norm() + ragged;
  double share = sdf::smoothstep(0, 7, inside + 0.35 * ragged) * sdf::smoothstep(-12, 14, below_top);
  if (hair == PhantomHair::forelock) {
    const double r = std::hypot(p.x() / 44.0, (p.z() - 60.0) / 25.0) + 0.03 * ragged;
    share = std::max(share, 0.40 * sdf::smoothstep(-2, 12, inside) * (1 - sdf::smoothstep(0.25, 1.15, r)));
  }
  return share;
}

Vec3 skin_point(const Anatomy& an, double azimuth, double polar) {
  const Vec3 direction(std::sin(polar) * std::sin(azimuth), std::cos(polar), std::sin(polar) * std::cos(azimuth));
  double r = 150;
  for (int i = 0; i < 60; ++i) {
    const double d = distance(an, r * direction);
    r -= 0.9 * d;
    if (std::abs(d) < 1e-3) break;
  }
  return r * direction;
}

std::vector<Vec3> frontal_hairline(const Anatomy& an, const Regions& regions) {
  constexpr double sideburn_azimuth = 1.30;
  constexpr int steps = 160;
  std::vector<Vec3> points;
  for (int i = 0; i <= steps; ++i) {
    const double azimuth = sideburn_azimuth * (2.0 * i / steps - 1);
    points.push_back(skin_point(an, azimuth, regions.hairline(azimuth)));
  }
  return points;
}

}  // namespace stipple::phantom
