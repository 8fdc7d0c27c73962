// Far from the surface a ray steps by the sampled lattice, near it by the field itself.
// Based on: Hart, "Sphere tracing" (1996).
#include "sim/phantom/trace.h"

#include <opencv2/core/utility.hpp>

namespace stipple::phantom {
namespace {

/// Where the ray is inside the lattice's box: [from, to], empty when from > to.
std::pair<double, double> inside_box(const DistanceGrid& grid, const Ray& ray) {
  double from = 0, to = 1e9;
  for (int i = 0; i < 3; ++i) {
    const double d = std::abs(ray.direction[i]) < 1e-12 ? 1e-12 : ray.direction[i];
    const double a = (grid.lowest()[i] - ray.origin[i]) / d, b = (grid.highest()[i] - ray.origin[i]) / d;
    from = std::max(from, std::min(a, b)), to = std::min(to, std::max(a, b));
  }
  return {from, to};
}

}  // namespace

Hit trace(const Anatomy& anatomy, const DistanceGrid& grid, const Ray& ray) {
  constexpr double exact_below_mm = 4.0, tolerance_mm = 0.002, relaxation = 0.9, secant_below_mm = 0.8;
  auto [t, end] = inside_box(grid, ray);
  double last_t = 0, last_d = -1;
  for (int i = 0; i < 400 && t < end; ++i) {
    const Vec3 p = ray.origin + t * ray.direction;
    double d = grid(p);
    if (d > exact_below_mm) {
      t += relaxation * (d - 1.5);
      last_d = -1;
      continue;
    }
    d = distance(anatomy, p);
    if (std::abs(d) < tolerance_mm) return {part_at(anatomy, p), t, p, normal_at(anatomy, p)};
    // Close to the surface the last two distances tell where the ray will cross it.
    const double falling = last_d - d;
    const bool crossing = last_d > 0 && d < secant_below_mm && falling > 0.2 * (t - last_t);
    const double step = crossing ? d * (t - last_t) / falling : relaxation * d;
    last_t = t, last_d = d;
    t += step;
  }
  return {};
}

std::vector<Hit> trace_picture(const Anatomy& anatomy, const DistanceGrid& grid, const HeadModel& camera, cv::Size size,
                               Job& job) {
  std::vector<Hit> hits(static_cast<size_t>(size.area()));
  constexpr int rows_per_step = 64;
  for (int top = 0; top < size.height; top += rows_per_step) {
    job.step("photographing the client", static_cast<double>(top) / size.height);
    cv::parallel_for_({top, std::min(top + rows_per_step, size.height)}, [&](const cv::Range& rows) {
      for (int y = rows.start; y < rows.end; ++y)
        for (int x = 0; x < size.width; ++x)
          hits[static_cast<size_t>(y) * static_cast<size_t>(size.width) + static_cast<size_t>(x)] =
              trace(anatomy, grid, ray_through(camera, {x + 0.5, y + 0.5}));
    });
  }
  return hits;
}

}  // namespace stipple::phantom
