// Brows, lashes and a day's beard.
#include <numbers>
#include <opencv2/core/utility.hpp>

#include "sim/core/random.h"
#include "sim/phantom/sdf.h"
#include "sim/phantom/shape_parts.h"
#include "sim/phantom/strands.h"

namespace stipple::phantom {
using namespace sdf;

namespace {

/// The skin met from the front at (x, y).
Root root_from_front(const DistanceGrid& grid, double x, double y) {
  double z = 140;
  for (int i = 0; i < 60; ++i) {
    const double d = grid({x, y, z});
    z -= 0.85 * d;
    if (std::abs(d) < 0.01) break;
  }
  const Vec3 centre(0.4 * x, y, 20), p(x, y, z);
  Root root = root_towards(grid, centre, (p - centre).normalized());
  root.point = p;
  return root;
}

Strand bent(const Vec3& root, const Vec3& start, const Vec3& bend, double length, double diameter) {
  Strand s;
  s.count = 5;
  s.diameter_mm = diameter;
  s.points[0] = root;
  Vec3 heading = start.normalized();
  for (size_t i = 1; i < 5; ++i) {
    s.points[i] = s.points[i - 1] + 0.25 * length * heading;
    heading = (heading + 0.25 * bend).normalized();
  }
  return s;
}

void grow_brow(const Salon& salon, double side, std::vector<Strand>& out) {
  constexpr uint64_t hairs = 620;
  const uint64_t seed = salon.context.seed + (side > 0 ? 0xB0u : 0xB1u);
  for (uint64_t i = 0; i < hairs; ++i) {
    const auto draw = [&](uint64_t k) { return uniform(seed, i, k); };
    const double t = (static_cast<double>(i) + draw(0)) / hairs, v = draw(1) + draw(2) - 1;
    // A low arch, thick at the nose and thin at the temple.
    const double x = lerp(11, 51, t), arch = 12.5 + 5.0 * std::sin(2.4 * t) - 6.0 * t * t;
    const double half = lerp(5.2, 1.6, smoothstep(0.2, 1.0, t)) * smoothstep(-0.06, 0.12, t);
    const Root root = root_from_front(salon.grid, side * x, arch + half * v);
    const double rise = lerp(0.9, -0.3, smoothstep(0.0, 0.4, t)) - 0.5 * v;
    const Vec3 start = Vec3(side * 1.0, rise, 0) + 0.35 * root.normal + 0.25 * Vec3(draw(3) - 0.5, draw(4) - 0.5, 0);
    const Vec3 tangent = start - 0.75 * root.normal * root.normal.dot(start);
    Strand s = bent(root.point, tangent, Vec3(side * 0.6, -0.5, -0.3), lerp(5, 9, draw(5)) * lerp(1, 0.7, t), 0.085);
    const bool grey = draw(6) < 0.12 * salon.context.complexion.age;
    light_strand(salon, s, root.normal, grey ? Rgb(0.3, 0.29, 0.27) : Rgb(0.9 * salon.context.complexion.hair), 0.35);
    out.push_back(s);
  }
}

void grow_lashes(const Salon& salon, double side, std::vector<Strand>& out) {
  const Anatomy& an = salon.context.anatomy;
  const Vec3 centre(side * eye_centre(an).x(), eye_centre(an).y(), eye_centre(an).z());
  const uint64_t seed = salon.context.seed + (side > 0 ? 0xC0u : 0xC1u);
  for (const bool upper : {true, false}) {
    const uint64_t hairs = upper ? 85 : 45;
    for (uint64_t i = 0; i < hairs; ++i) {
      const auto draw = [&](uint64_t k) { return uniform(seed, i + (upper ? 0 : 1000), k); };
      const double around = lerp(-0.75, 0.95, (static_cast<double>(i) + draw(0)) / static_cast<double>(hairs));
      const double lift = upper ? lid_angles(an).x() : -lid_angles(an).y();
      const double x = std::sin(around), z = std::cos(around) * std::cos(lift), y = std::cos(around) * std::sin(lift);
      const Vec3 out_of_lid(side * x, y, z);
      const Vec3 root = centre + (eyeball_radius_mm + 1.5) * out_of_lid + Vec3(0, lid_tilt * 13.5 * x, 0);
      const double up = upper ? 0.15 : -0.55;
      const Vec3 start = out_of_lid + Vec3(side * 0.5 * x, up + 0.25 * (draw(1) - 0.5), 0.1 * (draw(2) - 0.5));
      Strand s = bent(root, start, Vec3(side * 0.3 * x, upper ? 0.9 : -0.3, -0.2),
                      (upper ? 7.0 : 4.5) * (0.7 + 0.4 * draw(3)), upper ? 0.09 : 0.07);
      light_strand(salon, s, out_of_lid, Rgb(0.6 * salon.context.complexion.hair), 0.5);
      out.push_back(s);
    }
  }
}

}  // namespace

std::vector<Strand> brows_and_lashes(const Salon& salon) {
  std::vector<Strand> strands;
  for (const double side : {-1.0, 1.0}) {
    grow_brow(salon, side, strands);
    grow_lashes(salon, side, strands);
  }
  return strands;
}

std::vector<Strand> beard(const Salon& salon) {
  constexpr int candidates = 60'000;
  const SkinContext& c = salon.context;
  const uint64_t seed = c.seed + 0xBEA2Du;
  const Vec3 centre(0, -62, 30);
  std::vector<Strand> strands(candidates);
  cv::parallel_for_({0, candidates}, [&](const cv::Range& range) {
    for (int i = range.start; i < range.end; ++i) {
      const auto cell = static_cast<uint64_t>(i);
      const double y = 1 - 2 * (i + uniform(seed, cell, 0)) / candidates, ring = std::sqrt(std::max(0.0, 1 - y * y));
      const double azimuth = 2.399963229728653 * i + 0.02 * uniform(seed, cell, 1);
      const Vec3 direction(ring * std::sin(azimuth), y, ring * std::cos(azimuth));
      if (direction.z() < -0.4 || y > 0.5) continue;
      const Root root = root_towards(salon.grid, centre, direction);
      const Vec3 q(std::abs(root.point.x()), root.point.y(), root.point.z());
      const double share = beard_share(c.anatomy, q) * (root.point - centre).squaredNorm() / 6000;
      if (uniform(seed, cell, 2) > share || root.normal.dot(salon.camera_mm - root.point) < 0) continue;
      Strand s;
      s.count = 2;
      s.diameter_mm = 0.075;
      s.opacity = 0.8;
      s.points[0] = root.point;
      const Vec3 lie = (Vec3(0.3 * (uniform(seed, cell, 3) - 0.5), -1, 0) + 0.9 * root.normal).normalized();
      s.points[1] = root.point + (0.3 + 0.35 * uniform(seed, cell, 4)) * lie;
      light_strand(salon, s, root.normal, Rgb(0.9 * c.complexion.hair), 0.2);
      strands[static_cast<size_t>(i)] = s;
    }
  });
  std::erase_if(strands, [](const Strand& s) { return s.count == 0; });
  return strands;
}

}  // namespace stipple::phantom
