// Curves on the skin: centripetal Catmull-Rom through control points, laid onto the surface and resampled by arc
// length; signed distances by nearest segment. Based on: Yuksel, Schaefer, Keyser, "Parameterization and applications
// of Catmull-Rom curves" (2011): the centripetal form has no loops or cusps.
#include "sim/plan/curve.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/plan/anatomy.h"

namespace stipple {
namespace {

Vec3 catmull_rom(const std::array<Vec3, 4>& p, double u) {
  std::array<double, 4> t{0, 0, 0, 0};
  for (size_t i = 1; i < 4; ++i) t[i] = t[i - 1] + std::sqrt(std::max(1e-9, (p[i] - p[i - 1]).norm()));
  const double at = t[1] + u * (t[2] - t[1]);
  auto mix = [&](const Vec3& a, const Vec3& b, double ta, double tb) -> Vec3 {
    return ((tb - at) * a + (at - ta) * b) / (tb - ta);
  };
  const Vec3 a1 = mix(p[0], p[1], t[0], t[1]), a2 = mix(p[1], p[2], t[1], t[2]), a3 = mix(p[2], p[3], t[2], t[3]);
  return mix(mix(a1, a2, t[0], t[2]), mix(a2, a3, t[1], t[3]), t[1], t[2]);
}

std::vector<Vec3> without_repeats(const std::vector<Vec3>& points) {
  std::vector<Vec3> kept;
  for (const Vec3& p : points)
    if (kept.empty() || (p - kept.back()).norm() > 1e-3) kept.push_back(p);
  return kept;
}

std::vector<Vec3> spline_on_surface(const HeadModel& model, const std::vector<Vec3>& through) {
  std::vector<Vec3> dense;
  const size_t n = through.size();
  for (size_t i = 0; i + 1 < n; ++i) {
    const Vec3 before = i > 0 ? through[i - 1] : Vec3(2 * through[0] - through[1]);
    const Vec3 after = i + 2 < n ? through[i + 2] : Vec3(2 * through[n - 1] - through[n - 2]);
    const int steps = std::max(4, static_cast<int>(4 * (through[i + 1] - through[i]).norm()));
    for (int k = 0; k < steps; ++k)
      dense.push_back(onto_surface(model, catmull_rom({before, through[i], through[i + 1], after}, double(k) / steps)));
  }
  dense.push_back(onto_surface(model, through.back()));
  return dense;
}

// Even steps of about `step` that end exactly at both ends, so that a mirrored curve gets mirrored samples.
std::vector<Vec3> resampled(const std::vector<Vec3>& points, double step) {
  std::vector<double> length(points.size(), 0.0);
  for (size_t i = 1; i < points.size(); ++i) length[i] = length[i - 1] + (points[i] - points[i - 1]).norm();
  const size_t pieces = std::max<size_t>(1, static_cast<size_t>(std::lround(length.back() / step)));
  std::vector<Vec3> out;
  for (size_t k = 0, i = 1; k <= pieces; ++k) {
    const double at = length.back() * static_cast<double>(k) / static_cast<double>(pieces);
    while (i + 1 < points.size() && length[i] < at) ++i;
    const double u = std::clamp((at - length[i - 1]) / std::max(1e-12, length[i] - length[i - 1]), 0.0, 1.0);
    out.push_back((1 - u) * points[i - 1] + u * points[i]);
  }
  return out;
}

std::vector<Vec3> inward_normals(const HeadModel& model, const std::vector<Vec3>& points) {
  std::vector<Vec3> inward(points.size());
  for (size_t i = 0; i < points.size(); ++i) {
    const Vec3 along = points[std::min(i + 1, points.size() - 1)] - points[i > 0 ? i - 1 : 0];
    inward[i] = model.normal(points[i]).cross(along).normalized();
  }
  return inward;
}

std::vector<double> arc_from(const std::vector<Vec3>& points, const Vec3& middle) {
  std::vector<double> arc(points.size(), 0.0);
  size_t nearest = 0;
  for (size_t i = 0; i < points.size(); ++i) {
    if (i > 0) arc[i] = arc[i - 1] + (points[i] - points[i - 1]).norm();
    if ((points[i] - middle).norm() < (points[nearest] - middle).norm()) nearest = i;
  }
  // The middle usually lies between two samples; project onto the curve's direction for a zero without jumps.
  const size_t a = nearest > 0 ? nearest - 1 : 0, b = std::min(nearest + 1, points.size() - 1);
  const double zero = arc[nearest] + (middle - points[nearest]).dot((points[b] - points[a]).normalized());
  for (double& s : arc) s -= zero;
  return arc;
}

SkinCurve curve_of(const HeadModel& model, std::vector<Vec3> points, const Vec3& middle) {
  SkinCurve curve;
  curve.inward = inward_normals(model, points);
  curve.arc_mm = arc_from(points, middle);
  curve.points = std::move(points);
  return curve;
}

}  // namespace

SkinCurve skin_curve(const HeadModel& model, const std::vector<Vec3>& through, const Vec3& middle, double step_mm) {
  const std::vector<Vec3> distinct = without_repeats(through);
  if (distinct.size() < 2) return {};
  std::vector<Vec3> points = resampled(spline_on_surface(model, distinct), step_mm);
  if (points.size() < 2) return {};
  for (Vec3& p : points) p = onto_surface(model, p);
  return curve_of(model, std::move(points), middle);
}

Vec3 point_at(const SkinCurve& curve, double arc_mm) {
  const auto it = std::lower_bound(curve.arc_mm.begin(), curve.arc_mm.end(), arc_mm);
  const size_t b = std::clamp<size_t>(static_cast<size_t>(it - curve.arc_mm.begin()), 1, curve.size() - 1);
  const double u = std::clamp((arc_mm - curve.arc_mm[b - 1]) / (curve.arc_mm[b] - curve.arc_mm[b - 1]), 0.0, 1.0);
  return (1 - u) * curve.points[b - 1] + u * curve.points[b];
}

SkinCurve moved_inward(const HeadModel& model, const SkinCurve& curve, const std::vector<double>& offset_mm) {
  SkinCurve moved = curve;
  for (size_t i = 0; i < curve.size(); ++i)
    moved.points[i] = onto_surface(model, curve.points[i] + offset_mm[i] * curve.inward[i]);
  moved.inward = inward_normals(model, moved.points);
  return moved;
}

CurveDistance::CurveDistance(const HeadModel& model, const SkinCurve& curve)
    : curve_(curve), radius_mm_(mean_radius_mm(model)) {
  constexpr size_t segments_per_chunk = 4;
  for (size_t i = 0; i + 1 < curve.size(); ++i) {
    const Vec3 along = curve.points[i + 1] - curve.points[i];
    segments_.push_back({curve.points[i], along, 1 / std::max(1e-12, along.squaredNorm())});
  }
  for (size_t first = 0; first < segments_.size(); first += segments_per_chunk) {
    const size_t last = std::min(first + segments_per_chunk, segments_.size());
    const Vec3 centre = curve.points[(first + last) / 2];
    double radius = 0;
    for (size_t i = first; i <= last; ++i) radius = std::max(radius, (curve.points[i] - centre).norm());
    chunks_.push_back({centre, radius, first, last});
  }
}

std::vector<size_t> CurveDistance::near(const Vec3& head_mm, double radius_mm) const {
  double farthest = std::numeric_limits<double>::infinity();
  std::vector<double> away;
  for (const Chunk& chunk : chunks_) {
    away.push_back((chunk.centre - head_mm).norm());
    farthest = std::min(farthest, away.back() + radius_mm);
  }
  std::vector<size_t> near;
  for (size_t i = 0; i < chunks_.size(); ++i)
    if (away[i] - chunks_[i].radius - radius_mm <= farthest) near.push_back(i);
  return near;
}

CurveDistance::Nearest CurveDistance::operator()(const Vec3& head_mm, const std::vector<size_t>& near) const {
  double best = std::numeric_limits<double>::infinity(), best_mm = best;
  size_t segment = 0;
  double share = 0;
  for (const size_t index : near) {
    const Chunk& chunk = chunks_[index];
    if ((chunk.centre - head_mm).squaredNorm() > (best_mm + chunk.radius) * (best_mm + chunk.radius)) continue;
    for (size_t i = chunk.first; i < chunk.last; ++i) {
      const Segment& piece = segments_[i];
      const Vec3 to = head_mm - piece.from;
      const double u = std::clamp(to.dot(piece.along) * piece.per_mm2, 0.0, 1.0);
      const double d2 = (to - u * piece.along).squaredNorm();
      if (d2 < best) best = d2, segment = i, share = u;
    }
    best_mm = std::sqrt(best);
  }
  const Vec3 foot = segments_[segment].from + share * segments_[segment].along;
  const Vec3 inward = (1 - share) * curve_.inward[segment] + share * curve_.inward[segment + 1];
  const double length = skin_length_mm(best_mm, radius_mm_);
  return {(head_mm - foot).dot(inward) >= 0 ? length : -length, share < 0.5 ? segment : segment + 1};
}

}  // namespace stipple
