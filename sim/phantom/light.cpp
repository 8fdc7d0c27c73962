// Shading of skin, eyes and cloth. Light that enters skin leaves it a little farther on, most of all red: the
// terminator is wrapped and the normal smoothed by channel. The shine is a rough dielectric's reflection of key and
// room. Based on: d'Eon & Luebke, GPU Gems 3 ch. 14 (normals blended by channel); Walter et al. 2007 (GGX); Karis 2014
// (environment term); Quilez (soft shadows and occlusion by distance fields).
#include "sim/phantom/light.h"

#include <numbers>

#include "sim/phantom/noise.h"
#include "sim/phantom/sdf.h"

namespace stipple::phantom {
namespace {

constexpr double rad = std::numbers::pi / 180;

double ggx(double n_h, double roughness) {
  const double a2 = std::pow(roughness, 4), d = n_h * n_h * (a2 - 1) + 1;
  return a2 / (std::numbers::pi * d * d);
}

/// Reflection of one light by a rough dielectric, including the cosine, per unit of irradiance over pi.
double reflection(const Vec3& n, const Vec3& v, const Vec3& l, double roughness) {
  const double n_l = n.dot(l), n_v = std::max(n.dot(v), 0.05);
  if (n_l <= 0) return 0;
  const Vec3 h = (v + l).normalized();
  const double fresnel = 0.028 + 0.972 * std::pow(1 - std::max(h.dot(v), 0.0), 5);
  const double k = 0.5 * roughness * roughness;
  const double visible = 0.25 / ((n_l * (1 - k) + k) * (n_v * (1 - k) + k));
  return std::numbers::pi * fresnel * ggx(std::max(n.dot(h), 0.0), roughness) * visible * n_l;
}

/// Reflectance of the whole surroundings at this roughness.
double surroundings_reflectance(double n_v, double roughness) {
  const double r0 = 1 - roughness, a = std::min(r0 * r0, std::exp2(-9.28 * n_v)) * r0 + 0.0425 - 0.0275 * roughness;
  return std::max(0.028 * (-1.04 * a + 1.04 - 0.572 * roughness) + 1.04 * a + 0.022 * roughness - 0.04, 0.004);
}

Rgb surroundings(const Lighting& l, const Vec3& direction) {
  const double up = 0.5 + 0.5 * direction.dot(l.sky);
  const double window = std::exp(-8.0 * (1 - direction.dot(l.key)));
  return l.bounce_colour * (1 - up) + l.sky_colour * up * up + 0.9 * window * l.key_colour;
}

Rgb ambient(const Lighting& l, const Vec3& n) {
  const double up = 0.5 + 0.5 * n.dot(l.sky);
  return l.bounce_colour * (1 - up) + l.sky_colour * up;
}

}  // namespace

Lighting lighting_of(const HeadModel& camera, double azimuth_degrees) {
  const Mat3 to_head = camera.head_to_camera.transpose();
  const auto direction = [&](double azimuth, double elevation) {
    return Vec3(to_head * Vec3(std::sin(azimuth) * std::cos(elevation), -std::sin(elevation),
                               -std::cos(azimuth) * std::cos(elevation)));
  };
  Lighting l;
  l.key = direction(azimuth_degrees * rad, 40 * rad);
  l.fill = direction(azimuth_degrees > 0 ? -55 * rad : 55 * rad, 12 * rad);
  l.sky = direction(0, 62 * rad);
  l.key_colour = 0.86 * Rgb(1.0, 0.955, 0.89);
  l.fill_colour = 0.14 * Rgb(0.93, 0.97, 1.0);
  l.sky_colour = 0.46 * Rgb(0.97, 0.99, 1.0);
  l.bounce_colour = 0.16 * Rgb(1.0, 0.93, 0.85);
  return l;
}

double key_light_share(const DistanceGrid& grid, const Vec3& p, const Vec3& n, const Vec3& towards) {
  constexpr double sharpness = 7.0;  // penumbra: 1/7 of the way to the blocker
  double share = 1, t = 3.0;
  const Vec3 start = p + 1.2 * n;
  for (int i = 0; i < 48 && t < 330; ++i) {
    const double d = grid(start + t * towards);
    share = std::min(share, 0.5 + 0.5 * sharpness * d / t);
    if (share <= 0) return 0;
    t += std::clamp(d, 2.0, 20.0);
  }
  share = std::clamp(share, 0.0, 1.0);
  return share * share * (3 - 2 * share);
}

double openness(const DistanceGrid& grid, const Vec3& p, const Vec3& n) {
  double closed = 0, weight = 1;
  for (const double h : {1.5, 4.0, 9.0, 20.0, 42.0}) {
    closed += weight * std::max(0.0, h - grid(p + h * n)) / h;
    weight *= 0.72;
  }
  return std::clamp(1 - 0.42 * closed, 0.08, 1.0);
}

namespace {

Rgb shade_skin(const SkinContext& c, const DistanceGrid& grid, const Lighting& l, double shine, const Hit& hit,
               const Vec3& v) {
  const bool on_head = hit.part == Part::head, scalp = on_head && mm_inside_hairline(c.regions, hit.point) > 0;
  const double hair = scalp ? hair_share(c.regions, c.hair, hit.point) : 0;
  const Rgb albedo = skin_albedo(c, hit.part, hit.point, hair);
  const Vec3 fine = skin_normal(c, hit.point, hit.normal, scalp);
  // Red sees a smoother surface than blue.
  const std::array<Vec3, 3> normals{(0.45 * fine + 0.55 * hit.normal).normalized(),
                                    (0.80 * fine + 0.20 * hit.normal).normalized(), fine};
  const double shadow = key_light_share(grid, hit.point, hit.normal, l.key),
               open = openness(grid, hit.point, hit.normal);
  const Rgb wrap = hit.part == Part::ear ? Rgb(0.42, 0.22, 0.16) : Rgb(0.30, 0.16, 0.11);
  const Rgb lit(std::pow(shadow, 0.72), shadow, std::pow(shadow, 1.08));
  Rgb diffuse;
  for (int i = 0; i < 3; ++i) {
    const Vec3& n = normals[static_cast<size_t>(i)];
    const double w = wrap[i];
    const double key = std::max(0.0, (n.dot(l.key) + w) / ((1 + w) * (1 + w)));
    const double fill = std::max(0.0, (n.dot(l.fill) + 0.5) / 2.25);
    // Light that bounces between folds of skin takes its colour: occlusion is never black (Jimenez 2016).
    const double a = albedo[i], o = open;
    const double tinted = std::max(o, ((2.04 * a - 0.33) * o - (4.80 * a - 0.64)) * o * o + (2.76 * a + 0.69) * o);
    diffuse[i] = key * lit[i] * l.key_colour[i] + tinted * (fill * l.fill_colour[i] + ambient(l, n)[i]);
  }
  const double gloss = shine * skin_gloss(c, hit.point, hair);
  const double rough = 0.52 - 0.20 * gloss, n_v = std::max(fine.dot(v), 0.0);
  const Vec3 mirrored = 2 * fine.dot(v) * fine - v;
  const double key = 0.65 * reflection(fine, v, l.key, rough) + 0.35 * reflection(fine, v, l.key, 0.7 * rough);
  const Rgb shiny = (0.35 + 1.3 * gloss) * (key * shadow * l.key_colour +
                                            open * surroundings_reflectance(n_v, rough) * surroundings(l, mirrored));
  return albedo * diffuse + shiny;
}

Rgb shade_eye(const SkinContext& c, const DistanceGrid& grid, const Lighting& l, const Hit& hit, const Vec3& v) {
  // Lids shade the ball; the cornea bulges and mirrors key and room.
  const double open = 0.25 + 0.75 * openness(grid, hit.point + 1.0 * hit.normal, hit.normal);
  const double shadow = key_light_share(grid, hit.point + 2.0 * hit.normal, hit.normal, l.key);
  const double key = std::max(0.0, (hit.normal.dot(l.key) + 0.4) / 1.96);
  const Rgb diffuse = 0.75 * key * shadow * l.key_colour + 0.8 * open * ambient(l, hit.normal);
  const Vec3 axis = gaze(c.anatomy);
  const double on_iris = sdf::smoothstep(0.86, 0.93, hit.normal.dot(axis));
  const Vec3 n = (hit.normal + on_iris * 0.55 * (hit.normal - axis)).normalized();
  const Vec3 mirrored = 2 * n.dot(v) * n - v;
  const double glint = sdf::smoothstep(0.955, 0.975, mirrored.dot(l.key));
  const Rgb wet = (0.55 * glint * std::max(shadow, 0.3) + 0.0) * l.key_colour +
                  open * surroundings_reflectance(std::max(n.dot(v), 0.0), 0.12) * surroundings(l, mirrored);
  return eye_albedo(c, hit.point) * diffuse + wet;
}

Rgb shade_cloth(const SkinContext& c, const DistanceGrid& grid, const Lighting& l, const Hit& hit, const Vec3& v) {
  const Vec3 n = cloth_normal(c, hit.point, hit.normal);
  const double shadow = key_light_share(grid, hit.point, hit.normal, l.key),
               open = openness(grid, hit.point, hit.normal);
  const Rgb diffuse = shadow * std::max(0.0, n.dot(l.key) * 0.9 + 0.1) * l.key_colour +
                      open * (std::max(0.0, n.dot(l.fill)) * l.fill_colour + ambient(l, n));
  const double fuzz = 0.12 * std::pow(1 - std::max(n.dot(v), 0.0), 3);
  return cloth_albedo(c, hit.point) * (1 + fuzz) * diffuse;
}

}  // namespace

Rgb shade(const SkinContext& c, const DistanceGrid& grid, const Lighting& l, double shine, const Hit& hit,
          const Vec3& v) {
  switch (hit.part) {
    case Part::eye:
      return shade_eye(c, grid, l, hit, v);
    case Part::garment:
      return shade_cloth(c, grid, l, hit, v);
    default:
      return shade_skin(c, grid, l, shine, hit, v);
  }
}

Rgb backdrop(double u, double v, double azimuth, uint64_t seed) {
  // A wall that falls off from the window's side, with the blurred edge of a door frame.
  const double side = azimuth > 0 ? u : 1 - u;
  const double fall = 0.30 + 0.16 * side - 0.10 * v;
  const Rgb wall = Rgb(1.0, 0.975, 0.935) * fall;
  const double frame = 0.24 + 0.1 * static_cast<double>(seed % 7) / 7;
  const double door = sdf::smoothstep(frame + 0.05, frame - 0.05, 1 - side);
  const double light = 1 + 0.10 * door - 0.10 * sdf::smoothstep(0.72, 0.92, v);
  return wall * light;
}

}  // namespace stipple::phantom
