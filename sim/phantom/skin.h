// Colour and relief of the client's surfaces.
#pragma once
#include "sim/phantom/regions.h"

namespace stipple::phantom {

/// What the pigments of one client look like; all linear light.
struct Complexion {
  Rgb skin, lips, hair, iris, cloth;
  double freckles = 0, age = 0;  // 0..1
};
/// Monk tone 1..10 -> skin whose ITA falls with the tone. Tones 1-4 are set to measured light skin (DOMAIN 4.4).
Complexion complexion_of(int tone, uint64_t seed);

/// Everything that colour and relief at one point depend on.
struct SkinContext {
  const Anatomy& anatomy;
  const Regions& regions;
  const Complexion& complexion;
  PhantomHair hair;
  uint32_t seed;
  double pixel_mm;  // detail below this size is left out
};

/// Share 0..1 of full beard growth; q mirrored to the left half.
double beard_share(const Anatomy& anatomy, const Vec3& q);
/// `hair` is hair_share() at the point.
Rgb skin_albedo(const SkinContext& context, Part part, const Vec3& head_mm, double hair);
/// Unit normal with pores, lines and creases.
Vec3 skin_normal(const SkinContext& context, const Vec3& head_mm, const Vec3& smooth_normal, bool on_scalp);
/// 0..1: how oily and taut the skin is; the scalp and forehead shine more than the cheeks.
double skin_gloss(const SkinContext& context, const Vec3& head_mm, double hair);
Rgb eye_albedo(const SkinContext& context, const Vec3& head_mm);
Rgb cloth_albedo(const SkinContext& context, const Vec3& head_mm);
Vec3 cloth_normal(const SkinContext& context, const Vec3& head_mm, const Vec3& smooth_normal);

}  // namespace stipple::phantom
