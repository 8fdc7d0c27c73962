// How the room lights the client: a soft key, a fill, the ceiling; shadows and occlusion from the sampled field.
#pragma once
#include "sim/phantom/skin.h"
#include "sim/phantom/trace.h"

namespace stipple::phantom {

/// Directions are unit vectors towards the light in the head frame; colours are irradiance over pi at normal incidence.
struct Lighting {
  Vec3 key, fill, sky;
  Rgb key_colour, fill_colour, sky_colour, bounce_colour;
};
Lighting lighting_of(const HeadModel& camera, double azimuth_degrees);

/// Share of the key light that reaches p, with a penumbra.
double key_light_share(const DistanceGrid& grid, const Vec3& p, const Vec3& n, const Vec3& towards);
/// Share of the ambient light that reaches p.
double openness(const DistanceGrid& grid, const Vec3& p, const Vec3& n);

/// Linear light that leaves the surface towards the camera.
Rgb shade(const SkinContext& context, const DistanceGrid& grid, const Lighting& lighting, double shine, const Hit& hit,
          const Vec3& towards_camera);
/// The room behind the client, out of focus; (u, v) in 0..1 over the picture.
Rgb backdrop(double u, double v, double key_azimuth_degrees, uint64_t seed);

}  // namespace stipple::phantom
