// The ear (DOMAIN 5.1: 64 mm long) as a bowl with its rim: helix, antihelix, concha, tragus and lobe as tapered tubes
// over a thin plate, built in the plane of the ear: s backwards, t upwards, w away from the head.
#include <array>

#include "sim/phantom/sdf.h"
#include "sim/phantom/shape_parts.h"

namespace stipple::phantom {
using namespace sdf;

namespace {

constexpr double ear_scale = 0.92;  // of the lengths below: 64 mm in all

Vec3 to_ear(const Anatomy& an, const Vec3& q) {
  const double tilt = 0.20, flare = 0.52 * an.ear_flare;
  const Vec3 back0(0, -std::sin(tilt), -std::cos(tilt)), up(0, std::cos(tilt), -std::sin(tilt)), side(1, 0, 0);
  const Vec3 back = std::cos(flare) * back0 + std::sin(flare) * side;
  const Vec3 out = std::cos(flare) * side - std::sin(flare) * back0;
  const Vec3 r = (q - Vec3(72.5, -18, 5)) / ear_scale;
  return {r.dot(back) / 1.1, r.dot(up), r.dot(out)};
}

template <size_t N>
double tube(const Vec3& e, const std::array<Vec3, N>& path, double from, double to) {
  double d = 1e9;
  for (size_t i = 0; i + 1 < N; ++i) {
    const double t0 = static_cast<double>(i) / (N - 1), t1 = static_cast<double>(i + 1) / (N - 1);
    d = std::min(d, cone(e, path[i], path[i + 1], lerp(from, to, t0), lerp(from, to, t1)));
  }
  return d;
}

constexpr double rim_w = 2.0;
const std::array<Vec3, 12> helix{Vec3{10, -3, -3}, {5, 3, 0},         {1.5, 12, 1},    {2, 21, 1.5},
                                 {7, 28.5, rim_w}, {16, 31.5, rim_w}, {25, 28, rim_w}, {31, 20, rim_w},
                                 {32.5, 9, 1.5},   {30.5, -3, 1},     {26, -13, 0.5},  {20, -21, 0}};
const std::array<Vec3, 6> antihelix{Vec3{13, 23, -1}, {20, 18, 0.5},  {23.5, 9, 1.5},
                                    {23, -2, 2},      {19, -11, 1.5}, {14, -16, 1}};

}  // namespace

double ear_distance(const Anatomy& an, const Vec3& q) {
  const Vec3 e = to_ear(an, q);
  const double away = ellipsoid(e, {16, 0, -2}, {24, 40, 14});
  if (away > 12) return ear_scale * away;
  // The plate: a thin dished sheet inside the helix.
  const double dish = -0.3 - 2.0 * bump(e, {14, 8, 0}, {20, 26, 30});
  const double outline = ellipsoid({e.x(), e.y(), 0}, {16.5, 4, 0}, {17.5, 28.5, 1});
  double d = meet(std::abs(e.z() - dish) - 1.5, outline, 2.0);
  d = join(d, ellipsoid(e, {9, -3, -9}, {12, 17, 10}), 6);  // back of the concha, grown to the head
  d = join(d, ellipsoid(e, {13, -24.5, 0}, {8.5, 8.5, 3.4}), 5);
  d = join(d, tube(e, helix, 2.5, 2.7), 3.0);
  d = join(d, tube(e, antihelix, 2.4, 2.8), 3.5);
  d = carve(d, ellipsoid(e, {12, -4, 2.5}, {8.5, 11.5, 8}), 3.0);
  d = join(d, cone(e, {0, -6, -2}, {5, -7.5, 3}, 5, 3.2), 3.0);  // tragus
  return 0.85 * ear_scale * d;
}

}  // namespace stipple::phantom
