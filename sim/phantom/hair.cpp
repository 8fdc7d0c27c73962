// Hair of the scalp: roots spread evenly over the skin, strands that follow the way hair lies, in loose locks.
// Based on: DOMAIN 1.1-1.3 (densities, diameters).
#include <Eigen/Geometry>
#include <numbers>
#include <opencv2/core/utility.hpp>

#include "sim/core/random.h"
#include "sim/phantom/noise.h"
#include "sim/phantom/sdf.h"
#include "sim/phantom/strands.h"

namespace stipple::phantom {
using namespace sdf;

namespace {

constexpr double full_density_per_cm2 = 150, golden_angle = 2.399963229728653;
constexpr double most_mm2_per_steradian = 21'000;  // of scalp seen from the head's origin: bounds r^2 / cos(obliquity)

/// Which way hair lies: down and back at the sides, down at the back, forward and aside on top.
Vec3 lie_of_hair(const Vec3& p, const Vec3& n, uint32_t seed) {
  const double top = smoothstep(70, 95, p.y()), front = smoothstep(20, 50, p.z());
  const Vec3 side(0, -1, lerp(-0.55, 0.05, front)), crown(0.5, 0.1, 0.8);
  Vec3 flow = (1 - top) * side + top * crown;
  // Locks: neighbours share most of their deviation.
  const double swing = 0.32 * noise(p / 17.0, seed + 200) + 0.25 * noise(p / 5.0, seed + 201);
  flow -= n * n.dot(flow);
  flow.normalize();
  return (flow + swing * n.cross(flow)).normalized();
}

double length_mm(PhantomHair hair, const Regions& regions, const Vec3& p, double u) {
  if (hair == PhantomHair::stubble) return 0.42 + 0.20 * u;
  const double inside = mm_inside_hairline(regions, p);
  const double side = lerp(2.5, 13.0, smoothstep(0, 42, inside)) * (0.75 + 0.4 * u);
  const bool lock = hair == PhantomHair::forelock && p.y() > 72 && p.z() > 25;
  return lock ? 22 * (0.6 + 0.5 * u) : side;
}

Strand grown(const Salon& salon, const Root& root, double length, uint64_t cell) {
  const uint64_t seed = salon.context.seed + 0x4A1Bu;
  const auto draw = [&](uint64_t k) { return uniform(seed, cell, 10 + k); };
  Strand s;
  const bool is_short = length < 1.5;
  s.count = is_short ? 2 : Strand::max_points;
  s.diameter_mm = 0.060 + 0.024 * draw(0);
  s.points[0] = root.point;
  const Vec3 lie = lie_of_hair(root.point, root.normal, salon.context.seed);
  const Vec3 aside = root.normal.cross(lie);
  const Vec3 heading = (lie + (is_short ? 0.5 : 0.30) * (draw(1) + draw(2) - 1) * aside).normalized();
  double lift = (is_short ? 0.75 : 0.62) + 0.5 * (draw(3) - 0.5);
  const double fall = is_short ? 0 : 0.12 + 0.06 * draw(4);
  const double step = length / (s.count - 1);
  for (size_t i = 1; i < static_cast<size_t>(s.count); ++i) {
    Vec3 p = s.points[i - 1] + step * (std::cos(lift) * heading + std::sin(lift) * root.normal);
    // Strands lie on the head, never in it.
    const double clear = is_short ? 0.05 : 0.35 + 0.25 * static_cast<double>(i) * draw(5);
    const double d = salon.grid(p);
    if (d < clear) p += (clear - d) * root.normal;
    s.points[i] = p;
    lift = std::max(lift - fall, -0.15);
  }
  return s;
}

}  // namespace

std::vector<Strand> scalp_hair(const Salon& salon) {
  const SkinContext& c = salon.context;
  if (c.hair == PhantomHair::bald) return {};
  const double density = full_density_per_cm2 * (c.hair == PhantomHair::stubble ? 1.0 : 1.25);
  const auto candidates = static_cast<int>(4 * std::numbers::pi * most_mm2_per_steradian * density / 100);
  const uint64_t seed = c.seed + 0x5EEDu;
  std::vector<Strand> strands(static_cast<size_t>(candidates));
  cv::parallel_for_({0, candidates}, [&](const cv::Range& range) {
    for (int i = range.start; i < range.end; ++i) {
      // An even spiral over the sphere, each point moved by most of the spacing.
      const auto cell = static_cast<uint64_t>(i);
      const double y = std::clamp(1 - 2 * (i + uniform(seed, cell, 0)) / candidates, -1.0, 1.0);
      const double spread = 3.0 / std::sqrt(static_cast<double>(candidates) * std::max(1 - y * y, 1e-6));
      const double azimuth = golden_angle * i + spread * (uniform(seed, cell, 1) - 0.5), ring = std::sqrt(1 - y * y);
      const Vec3 direction(ring * std::sin(azimuth), y, ring * std::cos(azimuth));
      const double share = hair_share(c.regions, c.hair, 100 * direction);
      if (y < -0.75 || share <= 0) continue;
      const Root root = root_towards(salon.grid, Vec3::Zero(), direction);
      const double mm2 = root.point.squaredNorm() / std::max(root.normal.dot(direction), 0.2);
      const double kept = share * mm2 / most_mm2_per_steradian;
      if (uniform(seed, cell, 2) > kept) continue;
      const Vec3 view = (salon.camera_mm - root.point).normalized();
      if (root.normal.dot(view) < -0.35) continue;
      const double length = length_mm(c.hair, c.regions, root.point, uniform(seed, cell, 3)) * (0.55 + 0.45 * share);
      Strand s = grown(salon, root, length, cell);
      const double greying = c.hair == PhantomHair::stubble ? 0.5 : 1.0;  // cut short, grey hair hardly shows
      const bool grey = uniform(seed, cell, 4) < greying * (0.25 * c.complexion.age - 0.06);
      const Rgb albedo =
          grey ? Rgb(greying * Rgb(0.34, 0.33, 0.31)) : Rgb(c.complexion.hair * (0.7 + 0.6 * uniform(seed, cell, 5)));
      const double packing = c.hair == PhantomHair::stubble ? 0.1 : 0.75 * std::min(1.0, share + 0.2);
      light_strand(salon, s, root.normal, albedo, packing);
      strands[static_cast<size_t>(i)] = s;
    }
  });
  std::erase_if(strands, [](const Strand& s) { return s.count == 0; });
  return strands;
}

}  // namespace stipple::phantom
