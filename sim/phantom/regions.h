// Where hair grows: the mature hairline of the anatomy and what hair loss has left of it, as functions of the direction
// from the origin of the head frame.
#pragma once
#include <vector>

#include "sim/phantom/phantom.h"
#include "sim/phantom/shape.h"

namespace stipple::phantom {

/// A closed curve round the vertex: polar angle from +y as a smooth function of the azimuth (0 forward, positive to the
/// subject's left).
class PolarCurve {
 public:
  /// Knots in ascending azimuth within [-pi, pi).
  explicit PolarCurve(std::vector<Vec2> azimuth_polar);
  double operator()(double azimuth) const;

 private:
  std::vector<Vec2> knots_;
  std::vector<double> slopes_;
};

struct Regions {
  PolarCurve hairline;  // border of scalp and face skin, all round the head (DOMAIN 1.4)
  PolarCurve fringe;    // upper border of the hair that Norwood 5-6 leaves
  uint64_t seed = 1;
};

/// The mid-frontal point lies 70 mm above the glabella along the skin.
Regions regions_of(const Anatomy& anatomy, uint64_t seed);

/// Distance to the hairline along the skin [mm, to first order], positive on the scalp.
double mm_inside_hairline(const Regions& regions, const Vec3& head_mm);
/// Share 0..1 of the full hair density that is left at this point of the scalp.
double hair_share(const Regions& regions, PhantomHair hair, const Vec3& head_mm);
/// The skin in the direction given by azimuth and polar angle.
Vec3 skin_point(const Anatomy& anatomy, double azimuth, double polar);
/// Points of the hairline from the subject's right sideburn over the forehead to the left one.
std::vector<Vec3> frontal_hairline(const Anatomy& anatomy, const Regions& regions);

}  // namespace stipple::phantom
