// Hair as single strands: grown on the skin, lit, and drawn over the picture.
#pragma once
#include <array>
#include <opencv2/core.hpp>

#include "sim/phantom/light.h"

namespace stipple::phantom {

/// A strand from root to tip; colours are the light it sends to the camera.
struct Strand {
  static constexpr int max_points = 6;
  int count = 0;
  double diameter_mm = 0.07;
  double opacity = 1;
  std::array<Vec3, max_points> points;
  std::array<Rgb, max_points> colours;
};

/// What growing needs to know; the camera lets strands on the far side be left out.
struct Salon {
  const SkinContext& context;
  const DistanceGrid& grid;
  const Lighting& lighting;
  Vec3 camera_mm;
};

/// Hair of the scalp: stubble 0.5 mm, or a fringe of 6-16 mm, at follicle densities of 130-160 per cm2.
std::vector<Strand> scalp_hair(const Salon& salon);
std::vector<Strand> brows_and_lashes(const Salon& salon);
/// A day's beard.
std::vector<Strand> beard(const Salon& salon);

/// The skin met from outside on the way to `centre`, to lattice accuracy, with its normal.
struct Root {
  Vec3 point, normal;
};
Root root_towards(const DistanceGrid& grid, const Vec3& centre, const Vec3& direction);
/// Fills the colours of a strand: a thin cylinder's reflection, darker near the skin where other hair shades it.
/// `packing` 0..1 is how much the surrounding hair shades the root.
void light_strand(const Salon& salon, Strand& strand, const Vec3& normal, const Rgb& albedo, double packing);

/// Draws strands from far to near where no surface hides them; returns the share of each pixel they cover.
cv::Mat1f draw_strands(cv::Mat3f& picture, const std::vector<Strand>& strands, const std::vector<Hit>& hits,
                       const HeadModel& camera);

}  // namespace stipple::phantom
