// A progressive hard-core set of points on a charted surface: one list that holds an even random pattern for every
// spacing at once. Points come in rounds of falling radius; each carries `reach`, its distance to the nearest earlier
// point. The points with reach >= r are a pattern with hard-core distance r, for any r and even for an r that varies
// from place to place: of two chosen points the later lies at least its own reach from the earlier.
//
// Based on: White, Cline and Egbert, "Poisson disk point sets by hierarchical dart throwing" (2007); Ebeida et al., "A
// simple algorithm for maximal Poisson-disk sampling in high dimensions" (2012); ranked sets in the sense of McCool and
// Fiume, "Hierarchical Poisson disk sampling distributions" (1992).
#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <utility>
#include <vector>

#include "sim/core/random.h"

namespace stipple {

/// Position in mm as stored: distances are those of these floats.
struct SurfacePoint {
  float x = 0, y = 0, z = 0;
  float reach_mm = 0;  // to the nearest earlier point, but not above the previous round's radius; see Progression
};

/// A rectangle of the chart.
struct ChartBox {
  double u0, v0, u1, v1;
};

/// The surface near a place of the chart, in a flat frame of two orthonormal tangents whose origin is at the place.
struct LocalFrame {
  std::array<float, 3> origin, e1, e2;   // mm
  float u1 = 1, u2 = 0, v1 = 0, v2 = 1;  // mm along e1, e2 per unit of u and of v
  float window_u = 1, window_v = 1;      // chart units that certainly hold 1 mm
};

inline constexpr double rounds_per_octave = 12;

/// Radius of round k, a fixed ladder so that stopping earlier or later changes no point.
inline double round_radius_mm(double first_mm, int k) { return first_mm * std::exp2(-k / rounds_per_octave); }

/// `Chart` offers
///   ChartBox box() const                                   all of it
///   double stretch() const                                 mm per chart unit, nowhere exceeded
///   bool outside(u, v, half) const                         true only if the square holds nothing of the surface
///   bool inside(u, v) const                                whether a point belongs to the surface's domain
///   std::array<float, 3> at(u, v) const                    the point in mm
///   std::pair<double, double> chart_of(SurfacePoint) const its inverse
///   LocalFrame frame(u, v, reach_mm) const                 valid for lengths up to reach_mm
///   double least_reach_mm(u, v, half) const                no point of the square below this reach is wanted
template <class Chart>
class Progression {
 public:
  Progression(const Chart& chart, uint64_t seed, double first_mm) : chart_(chart), seed_(seed), first_mm_(first_mm) {}

  int rounds() const { return round_; }
  const std::vector<SurfacePoint>& points() const { return points_; }

  /// Adds one round.
  void grow() {
    const double radius = round_radius_mm(first_mm_, round_);
    if (round_ == 0 || radius < grid_radius_mm_ * (1 - 1e-9)) lay_grid(radius * std::exp2(-grid_octaves));
    for (uint32_t cell : awake_cells(static_cast<float>(radius))) visit(cell, static_cast<float>(radius));
    ++round_;
  }

 private:
  static constexpr double grid_octaves = 0.5 - 1.0 / rounds_per_octave;  // radii served by one grid
  static constexpr int max_near = 96, lanes = 8, halvings = 4;
  struct Leaf {
    float u, v, half;  // chart units from the cell's centre
  };

  const Chart& chart_;
  const uint64_t seed_;
  const double first_mm_;
  int round_ = 0;
  std::vector<SurfacePoint> points_;

  // The grid: at most one point in a cell; `void_mm_` bounds the distance from anywhere in a cell to its nearest point.
  double grid_radius_mm_ = 0, side_ = 0, u0_ = 0, v0_ = 0;
  int columns_ = 0, rows_ = 0, words_ = 0;
  std::vector<float> void_mm_;
  std::vector<uint32_t> point_of_;
  std::vector<uint64_t> taken_;  // one bit per cell
  std::vector<uint32_t> awake_;

  // The points around the visited cell, in its frame; padded to whole vectors with far points.
  std::array<float, max_near + lanes> near_x_, near_y_;
  std::array<uint32_t, max_near> near_;
  int near_count_ = 0, padded_count_ = 0;

  /// A grid whose cells hold one point at most down to `radius`; voids are inherited.
  void lay_grid(double radius) {
    const ChartBox box = chart_.box();
    const double side = radius / (std::numbers::sqrt2 * chart_.stretch()) * 0.9999;
    const int columns = static_cast<int>(std::ceil((box.u1 - box.u0) / side));
    const int rows = static_cast<int>(std::ceil((box.v1 - box.v0) / side));
    std::vector<float> voids(static_cast<size_t>(columns) * static_cast<size_t>(rows));
    for (int j = 0; j < rows; ++j)
      for (int i = 0; i < columns; ++i) {
        float& value = voids[static_cast<size_t>(j) * static_cast<size_t>(columns) + static_cast<size_t>(i)];
        value = inherited_void(i * side, j * side, side);
        if (value > 0 && chart_.outside(box.u0 + (i + 0.5) * side, box.v0 + (j + 0.5) * side, side / 2)) value = 0;
      }
    void_mm_.swap(voids);
    columns_ = columns, rows_ = rows, side_ = side, u0_ = box.u0, v0_ = box.v0, grid_radius_mm_ = radius;
    words_ = columns / 64 + 2;
    point_of_.assign(void_mm_.size(), 0);
    taken_.assign(static_cast<size_t>(words_) * static_cast<size_t>(rows), 0);
    for (uint32_t k = 0; k < points_.size(); ++k) {
      const auto [u, v] = chart_.chart_of(points_[k]);
      insert(k, u, v);
    }
  }

  float inherited_void(double left, double top, double side) const {
    if (columns_ == 0) return std::numeric_limits<float>::max();
    const double slack = 1e-6 * side;
    const int i0 = std::min(static_cast<int>(left / side_), columns_ - 1),
              j0 = std::min(static_cast<int>(top / side_), rows_ - 1);
    const int i1 = std::min(static_cast<int>((left + side - slack) / side_), columns_ - 1);
    const int j1 = std::min(static_cast<int>((top + side - slack) / side_), rows_ - 1);
    float most = 0;
    for (int j = j0; j <= j1; ++j)
      for (int i = i0; i <= i1; ++i) most = std::max(most, void_mm_[index(i, j)]);
    return most;
  }

  size_t index(int i, int j) const {
    return static_cast<size_t>(j) * static_cast<size_t>(columns_) + static_cast<size_t>(i);
  }
  int column(double u) const { return std::clamp(static_cast<int>((u - u0_) / side_), 0, columns_ - 1); }
  int row(double v) const { return std::clamp(static_cast<int>((v - v0_) / side_), 0, rows_ - 1); }
  uint64_t& word(int i, int j) {
    return taken_[static_cast<size_t>(j) * static_cast<size_t>(words_) + static_cast<size_t>(i / 64)];
  }

  bool insert(uint32_t k, double u, double v) {
    const int i = column(u), j = row(v);
    uint64_t& bits = word(i, j);
    const uint64_t bit = uint64_t{1} << (i % 64);
    if (bits & bit) return false;
    bits |= bit;
    point_of_[index(i, j)] = k;
    return true;
  }

  /// Cells that may hold a place farther than `radius` from all points, shuffled among neighbours in memory.
  const std::vector<uint32_t>& awake_cells(float radius) {
    awake_.clear();
    for (size_t c = 0; c < void_mm_.size(); ++c)
      if (void_mm_[c] > radius) awake_.push_back(static_cast<uint32_t>(c));
    constexpr size_t block = 4096;
    for (size_t begin = 0; begin < awake_.size(); begin += block) {
      const size_t count = std::min(block, awake_.size() - begin);
      const uint64_t draw = hash64(seed_, static_cast<uint64_t>(round_), begin);
      for (size_t i = count; i > 1; --i) {
        const uint64_t pick = (mix64(draw + i * 0x9E3779B97F4A7C15ull) >> 32) * i >> 32;
        std::swap(awake_[begin + i - 1], awake_[begin + pick]);
      }
    }
    return awake_;
  }

  /// Fills one cell: darts go into ever smaller parts that no single disc covers.
  void visit(uint32_t cell, float radius) {
    const int i = static_cast<int>(cell) % columns_, j = static_cast<int>(cell) / columns_;
    const double u = u0_ + (i + 0.5) * side_, v = v0_ + (j + 0.5) * side_;
    const double last_mm = round_ == 0 ? first_mm_ : round_radius_mm(first_mm_, round_ - 1);
    if (chart_.least_reach_mm(u, v, side_ / 2) > last_mm) {
      void_mm_[cell] = 0;
      return;
    }
    const LocalFrame frame = chart_.frame(u, v, last_mm);
    gather(frame, u, v, static_cast<float>(last_mm) * 1.001f);

    const float squared = radius * radius,
                smallest = static_cast<float>(side_) * 0.5f / static_cast<float>(1 << halvings) * 1.01f;
    float largest_void = 0;
    uint64_t draw = hash64(seed_, cell, static_cast<uint64_t>(round_) + 0x10000);
    std::array<Leaf, 4 * halvings + 8> stack;
    int size = 0;
    stack[static_cast<size_t>(size++)] = {0, 0, static_cast<float>(side_) * 0.5f};
    while (size > 0) {
      const Leaf leaf = stack[static_cast<size_t>(--size)];
      const float cover = squared_cover(frame, leaf);
      if (cover <= squared) {
        largest_void = std::max(largest_void, cover);
        continue;
      }
      if (chart_.outside(u + static_cast<double>(leaf.u), v + static_cast<double>(leaf.v),
                         static_cast<double>(leaf.half)))
        continue;
      draw += 0x9E3779B97F4A7C15ull;
      const uint64_t bits = mix64(draw);
      if (throw_dart(frame, leaf, bits, u, v, radius, last_mm)) {
        stack[static_cast<size_t>(size++)] = leaf;
      } else if (leaf.half > smallest) {
        const float half = leaf.half * 0.5f;
        for (unsigned quarter = 0; quarter < 4; ++quarter) {
          const unsigned q = quarter ^ static_cast<unsigned>(bits >> 62);
          stack[static_cast<size_t>(size++)] = {leaf.u + (q & 1 ? half : -half), leaf.v + (q & 2 ? half : -half), half};
        }
      } else {
        largest_void = std::max(largest_void, cover);
      }
    }
    void_mm_[cell] = std::sqrt(largest_void) * 1.0001f;
  }

  /// Points within `reach` of any place of the cell.
  void gather(const LocalFrame& frame, double u, double v, float reach) {
    near_count_ = 0;
    const double du = static_cast<double>(reach * frame.window_u) + side_ / 2,
                 dv = static_cast<double>(reach * frame.window_v) + side_ / 2;
    const int i0 = column(u - du), i1 = column(u + du), j0 = row(v - dv), j1 = row(v + dv);
    const float half = static_cast<float>(side_) * 0.5f;
    const float corner =
        half * std::sqrt(std::max(
                   (frame.u1 + frame.v1) * (frame.u1 + frame.v1) + (frame.u2 + frame.v2) * (frame.u2 + frame.v2),
                   (frame.u1 - frame.v1) * (frame.u1 - frame.v1) + (frame.u2 - frame.v2) * (frame.u2 - frame.v2)));
    const float limit = (reach + corner) * (reach + corner) * 1.001f;
    for (int j = j0; j <= j1; ++j)
      for (int first = i0; first <= i1; first += 64) {
        for (uint64_t bits = occupied(first, std::min(i1 - first + 1, 64), j); bits; bits &= bits - 1)
          take(point_of_[index(first + std::countr_zero(bits), j)], frame, limit);
      }
    pad();
  }

  uint64_t occupied(int first, int count, int j) {
    const uint64_t* at = &word(first, j);
    const int shift = first % 64;
    const uint64_t bits = shift ? at[0] >> shift | at[1] << (64 - shift) : at[0];
    return count < 64 ? bits & ((uint64_t{1} << count) - 1) : bits;
  }

  void take(uint32_t k, const LocalFrame& frame, float limit) {
    const SurfacePoint& p = points_[k];
    const float x = p.x - frame.origin[0], y = p.y - frame.origin[1], z = p.z - frame.origin[2];
    if (x * x + y * y + z * z > limit || near_count_ == max_near) return;
    near_[static_cast<size_t>(near_count_)] = k;
    near_x_[static_cast<size_t>(near_count_)] = x * frame.e1[0] + y * frame.e1[1] + z * frame.e1[2];
    near_y_[static_cast<size_t>(near_count_)] = x * frame.e2[0] + y * frame.e2[1] + z * frame.e2[2];
    ++near_count_;
  }

  void pad() {
    padded_count_ = (near_count_ + lanes - 1) / lanes * lanes;
    for (int k = near_count_; k < padded_count_; ++k)
      near_x_[static_cast<size_t>(k)] = near_y_[static_cast<size_t>(k)] = 1e9f;
  }

  /// Least squared radius of a disc about one point that covers the leaf.
  float squared_cover(const LocalFrame& f, const Leaf& leaf) const {
    const float x = leaf.u * f.u1 + leaf.v * f.v1, y = leaf.u * f.u2 + leaf.v * f.v2;
    const float ax = leaf.half * (f.u1 + f.v1), ay = leaf.half * (f.u2 + f.v2);
    const float bx = leaf.half * (f.u1 - f.v1), by = leaf.half * (f.u2 - f.v2);
    const float aa = ax * ax + ay * ay, bb = bx * bx + by * by;
    float least[lanes];
    std::fill(least, least + lanes, 1e30f);
    for (int k = 0; k < padded_count_; k += lanes)
      for (int l = 0; l < lanes; ++l) {
        const float dx = near_x_[static_cast<size_t>(k + l)] - x, dy = near_y_[static_cast<size_t>(k + l)] - y;
        const float far_a = aa + 2 * std::abs(dx * ax + dy * ay), far_b = bb + 2 * std::abs(dx * bx + dy * by);
        least[l] = std::min(least[l], dx * dx + dy * dy + std::max(far_a, far_b));
      }
    return *std::min_element(least, least + lanes);
  }

  bool throw_dart(const LocalFrame& f, const Leaf& leaf, uint64_t bits, double u, double v, float radius,
                  double last_mm) {
    const float s = leaf.u + leaf.half * (static_cast<float>(bits & 0xffffff) * 0x1p-23f - 1);
    const float t = leaf.v + leaf.half * (static_cast<float>(bits >> 24 & 0xffffff) * 0x1p-23f - 1);
    const float x = s * f.u1 + t * f.v1, y = s * f.u2 + t * f.v2;
    float least[lanes];
    std::fill(least, least + lanes, 1e30f);
    for (int k = 0; k < padded_count_; k += lanes)
      for (int l = 0; l < lanes; ++l) {
        const float dx = near_x_[static_cast<size_t>(k + l)] - x, dy = near_y_[static_cast<size_t>(k + l)] - y;
        least[l] = std::min(least[l], dx * dx + dy * dy);
      }
    if (*std::min_element(least, least + lanes) < radius * radius) return false;
    return accept(f, u + static_cast<double>(s), v + static_cast<double>(t), radius, last_mm);
  }

  /// The exact test, on the surface itself.
  bool accept(const LocalFrame& f, double u, double v, float radius, double last_mm) {
    if (near_count_ == max_near || !chart_.inside(u, v)) return false;
    const std::array<float, 3> at = chart_.at(u, v);
    double least = last_mm * last_mm;
    for (int k = 0; k < near_count_; ++k) {
      const SurfacePoint& p = points_[near_[static_cast<size_t>(k)]];
      const double dx = static_cast<double>(p.x) - static_cast<double>(at[0]),
                   dy = static_cast<double>(p.y) - static_cast<double>(at[1]),
                   dz = static_cast<double>(p.z) - static_cast<double>(at[2]);
      least = std::min(least, dx * dx + dy * dy + dz * dz);
    }
    // The first round has no earlier pattern to thin out: its reaches follow the law of all rounds above its radius.
    if (round_ == 0 && least >= last_mm * last_mm) least /= 1 - uniform(seed_, points_.size(), 0);
    const float reach = std::nextafter(static_cast<float>(std::sqrt(least)), 0.0f);
    if (reach < radius * (1 - 1e-6f)) return false;
    const uint32_t k = static_cast<uint32_t>(points_.size());
    if (!insert(k, u, v)) return false;
    points_.push_back({at[0], at[1], at[2], reach});
    take(k, f, std::numeric_limits<float>::max());
    pad();
    return true;
  }
};

}  // namespace stipple
