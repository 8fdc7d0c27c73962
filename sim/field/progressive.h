// A progressive hard-core set of points on a surface: one list that holds an even random pattern for every spacing at
// once. Points come in rounds of falling radius; each carries `reach`, its distance to the nearest earlier point. The
// points with reach >= r are a pattern with hard-core distance r, for any r and even for an r that varies from place to
// place: of two chosen points the later lies at least its own reach from the earlier.
//
// A new point goes where the set leaves most room, into the centre of an empty circle. Those are the circumcircles of a
// Delaunay triangulation, so a round's work is proportional to the points that it adds, and after it no place is
// farther than its radius from all points.
//
// Based on: Eldar et al., "The farthest point strategy for progressive image sampling" (1997); Chew,
// "Guaranteed-quality mesh generation for curved surfaces" (1993); Lawson's flips for the triangulation.
#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <vector>

#include "sim/core/random.h"

namespace stipple {

/// Millimetres as stored: distances are those of these floats.
struct Point3 {
  float x = 0, y = 0, z = 0;
};

inline double squared_distance(const Point3& a, const Point3& b) {
  const double x = static_cast<double>(a.x) - static_cast<double>(b.x),
               y = static_cast<double>(a.y) - static_cast<double>(b.y),
               z = static_cast<double>(a.z) - static_cast<double>(b.z);
  return x * x + y * y + z * z;
}

struct SetPoint {
  Point3 at;
  float reach_mm = 0;
};

inline constexpr double rounds_per_octave = 8;

/// Radius of round k, a fixed ladder so that stopping earlier or later changes no point.
inline double round_radius_mm(double first_mm, int k) { return first_mm * std::exp2(-k / rounds_per_octave); }

/// A triangulation to start from: counter-clockwise triangles, each with the neighbours opposite its corners.
struct StartMesh {
  struct Triangle {
    std::array<uint32_t, 3> corners, neighbours;
  };
  std::vector<SetPoint> points;  // a point with reach 0 is a mere corner of the mesh
  std::vector<Triangle> triangles;
};

/// `Surface` offers
///   static constexpr bool is_flat                          whether the surface is a plane
///   double area_mm2() const                                of the domain, roughly
///   Point3 random_place(s, t) const                        from two random numbers in [0, 1); may lie outside
///   StartMesh start(uint64_t seed, double first_mm) const  encloses the domain
///   Point3 at(const Point3&) const                         the surface's point near a point close to it
///   bool inside(const Point3&) const                       whether a point of the surface belongs to the domain
///   double orientation(a, b, c) const                      > 0 where the three points turn counter-clockwise
///   double least_reach_mm(at, around_mm) const             no point around there below this reach is wanted
///
/// The first round starts from random points, so that seeds differ; the reaches of all its points
/// are drawn from the law that all later rounds follow, and are no distances: hard-core distances end at first_mm.
template <class Surface>
class Progression {
 public:
  Progression(const Surface& surface, uint64_t seed, double first_mm)
      : surface_(surface), seed_(seed), first_mm_(first_mm) {
    const StartMesh mesh = surface.start(seed, first_mm);
    points_ = mesh.points;
    for (const StartMesh::Triangle& t : mesh.triangles)
      triangles_.push_back({t.corners, t.neighbours, {}, 0}), room_.push_back(0);
    for (uint32_t t = 0; t < triangles_.size(); ++t) measure(t);
  }

  int rounds() const { return round_; }
  const std::vector<SetPoint>& points() const { return points_; }
  void expect(size_t points) { points_.reserve(points), triangles_.reserve(2 * points), room_.reserve(2 * points); }

  /// Adds one round.
  void grow() {
    while (!grow_some(std::numeric_limits<size_t>::max())) {
    }
  }

  /// Looks at up to `places` empty circles of the current round; true once the round is complete. The points do not
  /// depend on how a round is cut into pieces.
  bool grow_some(size_t places) {
    if (!growing_) begin_round();
    for (; next_awake_ < awake_.size(); ++next_awake_) {
      if (!(room_[awake_[next_awake_]] > threshold_)) continue;
      if (places-- == 0) return false;
      fill(awake_[next_awake_]);
    }
    growing_ = false;
    ++round_;
    return true;
  }

 private:
  struct Triangle {
    std::array<uint32_t, 3> corners, neighbours;
    Point3 centre;  // of its circumcircle
    float squared;  // radius of that
  };
  static constexpr size_t exhaustive = 1500;  // up to so many points the nearest is looked for among all

  const Surface& surface_;
  const uint64_t seed_;
  const double first_mm_;
  double last_mm_ = 0;
  int round_ = 0;
  float threshold_ = 0;
  std::vector<SetPoint> points_;
  std::vector<Triangle> triangles_;
  std::vector<float> room_;  // squared radius of a triangle's empty circle as far as it is still to be filled
  std::vector<uint32_t> awake_;
  size_t next_awake_ = 0;
  bool growing_ = false;            // within a round
  std::vector<uint32_t> suspects_;  // triangles about the new point whose far edge may need a flip
  uint32_t newest_ = 0;             // a triangle about the new point

  static int next(int i) { return i == 2 ? 0 : i + 1; }
  static int previous(int i) { return i == 0 ? 2 : i - 1; }
  const Point3& corner(const Triangle& t, int i) const { return points_[t.corners[static_cast<size_t>(i)]].at; }

  /// Circumcircle of a triangle whose corners have changed.
  void measure(uint32_t index) {
    Triangle& t = triangles_[index];
    const Point3 &o = corner(t, 0), &p = corner(t, 1), &q = corner(t, 2);
    const double ax = static_cast<double>(p.x) - static_cast<double>(o.x),
                 ay = static_cast<double>(p.y) - static_cast<double>(o.y),
                 az = static_cast<double>(p.z) - static_cast<double>(o.z);
    const double bx = static_cast<double>(q.x) - static_cast<double>(o.x),
                 by = static_cast<double>(q.y) - static_cast<double>(o.y),
                 bz = static_cast<double>(q.z) - static_cast<double>(o.z);
    const double aa = ax * ax + ay * ay + az * az, bb = bx * bx + by * by + bz * bz, ab = ax * bx + ay * by + az * bz;
    const double scale = 0.5 / std::max(aa * bb - ab * ab, 1e-30), s = scale * bb * (aa - ab),
                 r = scale * aa * (bb - ab);
    const double x = s * ax + r * bx, y = s * ay + r * by, z = s * az + r * bz;
    t.centre = {static_cast<float>(static_cast<double>(o.x) + x), static_cast<float>(static_cast<double>(o.y) + y),
                static_cast<float>(static_cast<double>(o.z) + z)};
    t.squared = static_cast<float>(x * x + y * y + z * z);
    room_[index] = t.squared;
  }

  void begin_round() {
    const float radius = static_cast<float>(round_radius_mm(first_mm_, round_));
    last_mm_ = round_ == 0 ? std::numeric_limits<double>::max() : round_radius_mm(first_mm_, round_ - 1);
    threshold_ = radius * radius;
    if (round_ == 0) scatter();
    awake_.clear();
    for (uint32_t t = 0; t < room_.size(); ++t)
      if (room_[t] > threshold_) awake_.push_back(t);
    next_awake_ = 0;
    growing_ = true;
  }

  /// Puts a point into a triangle's empty circle, or finds that there is no place for one.
  void fill(uint32_t t) {
    const float room = room_[t];
    room_[t] = 0;
    Point3 at = surface_.at(triangles_[t].centre);
    if (surface_.least_reach_mm(at, std::sqrt(static_cast<double>(room))) > last_mm_) return;
    if (!surface_.inside(at)) {
      const float reached = place_where_leaving(t, at);
      if (reached <= threshold_) {
        room_[t] = reached;
        return;
      }
    }
    insert(t, at);
  }

  /// First points at random places, so that every part of the domain has some and seeds differ.
  void scatter() {
    const double area = surface_.area_mm2();
    for (uint64_t dart = 0; dart < static_cast<uint64_t>(8 * area / (first_mm_ * first_mm_)) + 64; ++dart) {
      const Point3 at = surface_.at(surface_.random_place(uniform(seed_, dart, 1), uniform(seed_, dart, 2)));
      if (!surface_.inside(at)) continue;
      const bool free = std::none_of(points_.begin(), points_.end(), [&](const SetPoint& p) {
        return squared_distance(p.at, at) < static_cast<double>(threshold_);
      });
      if (free) insert(newest_, at);
    }
  }

  /// The circle's centre lies outside the domain: the farthest place left is where a Voronoi edge leaves the domain.
  /// Returns its squared distance from the nearest points.
  float place_where_leaving(uint32_t index, Point3& place) const {
    const Triangle& t = triangles_[index];
    float most = 0;
    for (int i = 0; i < 3; ++i) {
      const uint32_t beside = t.neighbours[static_cast<size_t>(i)];
      Point3 in = surface_.at(triangles_[beside].centre), out = surface_.at(t.centre);
      if (!surface_.inside(in)) continue;
      for (int step = 0; step < 30 && squared_distance(in, out) > 1e-5 * static_cast<double>(threshold_); ++step) {
        const Point3 middle = surface_.at({(in.x + out.x) / 2, (in.y + out.y) / 2, (in.z + out.z) / 2});
        (surface_.inside(middle) ? in : out) = middle;
      }
      const float squared = static_cast<float>(squared_distance(in, corner(t, next(i))));
      if (squared > most) most = squared, place = in;
    }
    return most;
  }

  /// The triangle that holds a point, by walking there.
  uint32_t locate(uint32_t t, const Point3& at) const {
    for (int step = 0; step < 10000; ++step) {
      const Triangle& here = triangles_[t];
      int exit = -1;
      for (int i = 0; i < 3 && exit < 0; ++i)
        if (surface_.orientation(corner(here, next(i)), corner(here, previous(i)), at) < 0) exit = i;
      if (exit < 0) return t;
      t = here.neighbours[static_cast<size_t>(exit)];
    }
    return t;
  }

  /// Adds a point, unless the triangle that holds it shows it to be too near: curvature and rounding may misplace a
  /// circle, and every point must bring the round nearer to its end.
  void insert(uint32_t start, const Point3& at) {
    const uint32_t k = static_cast<uint32_t>(points_.size()), holder = locate(start, at);
    for (int i = 0; i < 3; ++i)
      if (squared_distance(at, corner(triangles_[holder], i)) < 0.8 * static_cast<double>(threshold_)) return;
    points_.push_back({at, 0});
    split(holder, k);
    while (!suspects_.empty()) {
      const uint32_t t = suspects_.back();
      suspects_.pop_back();
      legalise(t);
    }
    finish(k);
  }

  int side_of(uint32_t t, uint32_t neighbour) const {
    const auto& n = triangles_[t].neighbours;
    return n[0] == neighbour ? 0 : n[1] == neighbour ? 1 : 2;
  }
  void relink(uint32_t t, uint32_t from, uint32_t to) {
    triangles_[t].neighbours[static_cast<size_t>(side_of(t, from))] = to;
  }

  /// Splits a triangle into three about the new point k, which is corner 0 of all three.
  void split(uint32_t t, uint32_t k) {
    const Triangle old = triangles_[t];
    const uint32_t s = static_cast<uint32_t>(triangles_.size()), r = s + 1;
    const auto [a, b, c] = old.corners;
    const auto [na, nb, nc] = old.neighbours;
    triangles_[t] = {{k, b, c}, {na, s, r}, {}, 0};
    triangles_.push_back({{k, c, a}, {nb, r, t}, {}, 0});
    triangles_.push_back({{k, a, b}, {nc, t, s}, {}, 0});
    room_.push_back(0), room_.push_back(0);
    relink(nb, t, s), relink(nc, t, r);
    newest_ = t;
    suspects_ = {t, s, r};
  }

  /// Flips the edge opposite the new point when that lies in the circle across.
  void legalise(uint32_t t) {
    const uint32_t u = triangles_[t].neighbours[0];
    const Triangle across = triangles_[u];
    const Triangle here = triangles_[t];
    const uint32_t k = here.corners[0];
    if (!(squared_distance(points_[k].at, across.centre) < static_cast<double>(across.squared))) return;
    const int j = side_of(u, t);
    const uint32_t d = across.corners[static_cast<size_t>(j)], a = here.corners[1], b = here.corners[2];
    if (!(surface_.orientation(points_[k].at, points_[a].at, points_[d].at) > 0) ||
        !(surface_.orientation(points_[k].at, points_[d].at, points_[b].at) > 0))
      return;

    // In `across`, counter-clockwise from d: d, b, a.
    const uint32_t beyond_b = across.neighbours[static_cast<size_t>(previous(j))];  // opposite a: edge d-b
    const uint32_t beyond_a = across.neighbours[static_cast<size_t>(next(j))];      // opposite b: edge a-d
    triangles_[t] = {{k, a, d}, {beyond_a, u, here.neighbours[2]}, {}, 0};
    triangles_[u] = {{k, d, b}, {beyond_b, here.neighbours[1], t}, {}, 0};
    relink(beyond_a, u, t);
    relink(here.neighbours[1], t, u);
    suspects_.push_back(t), suspects_.push_back(u);
  }

  /// Measures the circles about the new point k and its distance to the nearest earlier point.
  void finish(uint32_t k) {
    const Point3 at = points_[k].at;
    double least = last_mm_ * last_mm_;
    float widest = 0;
    uint32_t t = newest_;
    do {
      measure(t);
      widest = std::max(widest, triangles_[t].squared);
      if (room_[t] > threshold_) awake_.push_back(t);
      const Triangle& triangle = triangles_[t];
      least = std::min(least, squared_distance(at, corner(triangle, 1)));
      // Where a circle's centre lies outside the domain, new neighbours may open new places.
      const uint32_t beyond = triangle.neighbours[0];
      if (room_[beyond] < triangles_[beyond].squared) {
        room_[beyond] = triangles_[beyond].squared;
        if (room_[beyond] > threshold_) awake_.push_back(beyond);
      }
      t = triangle.neighbours[1];
    } while (t != newest_);
    // Circles that bridge a large unfilled part outside the domain are bent too much to tell the nearest point: there,
    // at the rim, a point is never chosen.
    if (points_.size() <= exhaustive) {
      for (uint32_t p = 0; p < k; ++p) least = std::min(least, squared_distance(at, points_[p].at));
    } else if (!Surface::is_flat && static_cast<double>(widest) > 1.1 * last_mm_ * last_mm_) {
      least = 0;
    }
    if (round_ == 0 && least >= first_mm_ * first_mm_) least = first_mm_ * first_mm_ / (1 - uniform(seed_, k, 3));
    points_[k].reach_mm = std::nextafter(static_cast<float>(std::sqrt(least)), 0.0f);
  }
};

}  // namespace stipple
