// Fills the lattice in two passes: a coarse lattice of exact distances tells which fine cells lie near the surface, and
// only those are evaluated.
#include "sim/phantom/grid.h"

#include <array>
#include <opencv2/core/utility.hpp>

namespace stipple::phantom {
namespace {

constexpr int block = 4;                 // fine cells per coarse cell
constexpr double exact_within_mm = 7.0;  // of the surface
constexpr std::array<int, 3> blocks{50, 64, 34};

struct Coarse {
  std::vector<float> values;
  static size_t index(int x, int y, int z) {
    return static_cast<size_t>((z * (blocks[1] + 1) + y) * (blocks[0] + 1) + x);
  }
  float at(int x, int y, int z) const { return values[index(x, y, z)]; }

  double interpolate(int bx, int by, int bz, const Vec3& t) const {
    double sum = 0;
    for (int i = 0; i < 8; ++i) {
      const int dx = i & 1, dy = i >> 1 & 1, dz = i >> 2;
      sum += (dx ? t.x() : 1 - t.x()) * (dy ? t.y() : 1 - t.y()) * (dz ? t.z() : 1 - t.z()) *
             static_cast<double>(at(bx + dx, by + dy, bz + dz));
    }
    return sum;
  }
  bool near_surface(int bx, int by, int bz) const {
    // The half diagonal of a coarse cell is what a corner's distance can miss.
    const double reach = exact_within_mm + 0.87 * block * DistanceGrid::spacing_mm;
    for (int i = 0; i < 8; ++i)
      if (std::abs(static_cast<double>(at(bx + (i & 1), by + (i >> 1 & 1), bz + (i >> 2)))) < reach) return true;
    return false;
  }
};

}  // namespace

DistanceGrid::DistanceGrid(const Anatomy& anatomy, Job& job)
    : low_(-300, -604, -204), nx_(blocks[0] * block + 1), ny_(blocks[1] * block + 1), nz_(blocks[2] * block + 1) {
  high_ = low_ + spacing_mm * Vec3(nx_ - 1, ny_ - 1, nz_ - 1);
  values_.resize(static_cast<size_t>(nx_) * static_cast<size_t>(ny_) * static_cast<size_t>(nz_));

  // Coarse pass.
  job.step("sculpting the head", 0.0);
  Coarse coarse;
  coarse.values.resize(static_cast<size_t>(blocks[0] + 1) * (blocks[1] + 1) * (blocks[2] + 1));
  cv::parallel_for_({0, blocks[2] + 1}, [&](const cv::Range& range) {
    for (int z = range.start; z < range.end; ++z)
      for (int y = 0; y <= blocks[1]; ++y)
        for (int x = 0; x <= blocks[0]; ++x)
          coarse.values[Coarse::index(x, y, z)] =
              static_cast<float>(distance(anatomy, low_ + block * spacing_mm * Vec3(x, y, z)));
  });

  // Fine pass, one layer of lattice points at a time so that each value is written once.
  job.step("sculpting the head", 0.3);
  cv::parallel_for_({0, nz_}, [&](const cv::Range& range) {
    for (int z = range.start; z < range.end; ++z)
      for (int y = 0; y < ny_; ++y)
        for (int x = 0; x < nx_; ++x) {
          const int bx = std::min(x / block, blocks[0] - 1), by = std::min(y / block, blocks[1] - 1),
                    bz = std::min(z / block, blocks[2] - 1);
          const Vec3 t = Vec3(x - bx * block, y - by * block, z - bz * block) / block;
          const double value = coarse.near_surface(bx, by, bz) ? distance(anatomy, low_ + spacing_mm * Vec3(x, y, z))
                                                               : coarse.interpolate(bx, by, bz, t);
          values_[(static_cast<size_t>(z) * static_cast<size_t>(ny_) + static_cast<size_t>(y)) *
                      static_cast<size_t>(nx_) +
                  static_cast<size_t>(x)] = static_cast<float>(value);
        }
  });
}

double DistanceGrid::operator()(const Vec3& p) const {
  const Vec3 inside = p.cwiseMax(low_).cwiseMin(high_ - Vec3::Constant(1e-3));
  const double outside = (p - inside).norm();
  const Vec3 g = (inside - low_) / spacing_mm;
  const int x = static_cast<int>(g.x()), y = static_cast<int>(g.y()), z = static_cast<int>(g.z());
  const double fx = g.x() - x, fy = g.y() - y, fz = g.z() - z;
  const auto row = [&](int yy, int zz) {
    const double a = at(x, yy, zz), b = at(x + 1, yy, zz);
    return a + (b - a) * fx;
  };
  const double y0 = row(y, z) + (row(y + 1, z) - row(y, z)) * fy;
  const double y1 = row(y, z + 1) + (row(y + 1, z + 1) - row(y, z + 1)) * fy;
  const double d = y0 + (y1 - y0) * fz;
  return outside > 0 ? std::max(outside, d - outside) : d;
}

}  // namespace stipple::phantom
