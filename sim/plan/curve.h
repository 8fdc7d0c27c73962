// A smooth curve on the skin with an inner side: the hairline.
#pragma once
#include <vector>

#include "sim/head/model.h"

namespace stipple {

/// Dense points (about 1 mm apart) on the surface, subject's right to left; `inward` is the tangent of the surface that
/// points behind the line (onto the scalp). `arc_mm` is 0 at the mid-frontal point, negative on the subject's right.
struct SkinCurve {
  std::vector<Vec3> points, inward;
  std::vector<double> arc_mm;

  bool empty() const { return points.empty(); }
  size_t size() const { return points.size(); }
};

/// Smooth curve through `through` (at least two points), sampled every `step_mm`; arc length counts from the sample
/// nearest to `middle`. Throws nothing; coincident points are skipped.
SkinCurve skin_curve(const HeadModel& model, const std::vector<Vec3>& through, const Vec3& middle,
                     double step_mm = 1.0);
/// The same curve with every point moved `offset_mm[i]` inward along the skin.
SkinCurve moved_inward(const HeadModel& model, const SkinCurve& curve, const std::vector<double>& offset_mm);

/// Point of a curve that is not empty at this arc length; beyond its ends, the ends.
Vec3 point_at(const SkinCurve& curve, double arc_mm);

/// Answers "how far behind the line" for many points.
class CurveDistance {
 public:
  CurveDistance(const HeadModel& model, const SkinCurve& curve);
  struct Nearest {
    double behind_mm = 0;  // along the skin; negative before the line
    size_t index = 0;      // nearest sample of the curve
  };
  /// Pieces of the curve one of which is nearest, for every point within `radius_mm` of a place.
  std::vector<size_t> near(const Vec3& head_mm, double radius_mm) const;
  Nearest operator()(const Vec3& head_mm, const std::vector<size_t>& near) const;
  Nearest operator()(const Vec3& head_mm) const { return (*this)(head_mm, near(head_mm, 0)); }

 private:
  struct Segment {
    Vec3 from, along;
    double per_mm2;  // 1 / length^2
  };
  struct Chunk {
    Vec3 centre;  // a sample
    double radius;
    size_t first, last;  // segments [first, last)
  };
  const SkinCurve& curve_;
  double radius_mm_;
  std::vector<Segment> segments_;
  std::vector<Chunk> chunks_;
};

}  // namespace stipple
