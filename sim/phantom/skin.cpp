// Skin as base colour times chromophores: melanin in freckles, moles and sun, blood in cheeks, nose, ears and forehead,
// each an absorbance that varies over space; relief as a height field whose gradient tilts the normal.
// Based on: the skin tones of DOMAIN 4.4.
#include "sim/phantom/skin.h"

#include <array>

#include "sim/core/random.h"
#include "sim/phantom/noise.h"
#include "sim/phantom/sdf.h"
#include "sim/photo/srgb.h"

namespace stipple::phantom {
using namespace sdf;

namespace {

const Rgb melanin_absorbance(0.55, 0.85, 1.20), blood_absorbance(0.06, 0.62, 0.50);

Rgb linear_of_lab(double l, double a, double b) {
  // CIE L*a*b* (D65) to XYZ to linear BT.709.
  const double fy = (l + 16) / 116;
  const auto inverse = [](double t) { return t > 6.0 / 29 ? t * t * t : 3 * (36.0 / 841) * (t - 4.0 / 29); };
  const double x = 0.95047 * inverse(fy + a / 500), y = inverse(fy), z = 1.08883 * inverse(fy - b / 200);
  return Rgb(3.2406 * x - 1.5372 * y - 0.4986 * z, -0.9689 * x + 1.8758 * y + 0.0415 * z,
             0.0557 * x - 0.2040 * y + 1.0570 * z)
      .max(0.0);
}

Rgb srgb(int r, int g, int b) {
  return {linear_of_srgb(r / 255.0), linear_of_srgb(g / 255.0), linear_of_srgb(b / 255.0)};
}

double lip_mask(const Anatomy& an, const Vec3& q) {
  if (q.z() < 78) return 0;
  const double x = q.x() / 24.5, width = std::max(0.0, 1 - x * x);
  const double cupid = 1.1 * std::exp(-q.x() * q.x() / 9) - 0.6 * std::exp(-(q.x() - 6) * (q.x() - 6) / 14);
  const double top = -75.6 + (7.6 * an.lips - cupid) * std::sqrt(width),
               bottom = -75.6 - 9.6 * an.lips * std::sqrt(width) * width;
  return smoothstep(-0.5, 1.0, std::min(top - q.y(), q.y() - bottom)) * smoothstep(0.0, 0.12, width);
}

/// Beard area: upper lip, chin, jaw up to the sideburns.
double beard_mask(const Vec3& q) {
  const double edge = q.x() < 30 ? -50 : lerp(-52, -30, smoothstep(30, 70, q.x()));
  const double cheek = 26 * bump(q, {32, -48, 78}, {26, 30, 40});
  return smoothstep(-7, 18, edge - cheek - q.y()) * smoothstep(-10, 18, q.z()) * smoothstep(-152, -128, q.y());
}

double forehead_lines(const Vec3& p, uint32_t seed) {
  // Four grooves across the forehead, wavering and broken.
  if (p.y() < 18 || p.y() > 78 || p.z() < 40) return 0;
  const double waver = 2.5 * noise(p / 26.0, seed) + 1.1 * noise(p / 9.0, seed + 1);
  const double y = p.y() - 30 - waver - 0.0022 * p.x() * p.x(), spacing = 11.5;
  const double nearest = y - spacing * std::round(y / spacing);
  const double broken = smoothstep(-0.35, 0.4, noise(Vec3(p.x() / 22, std::round(y / spacing) * 5.3, 0), seed + 2));
  const double fade = smoothstep(58, 36, std::abs(p.x())) * smoothstep(18, 26, p.y()) * smoothstep(72, 58, p.y());
  return -broken * fade * std::exp(-nearest * nearest / 1.6);
}

double relief_mm(const SkinContext& c, const Vec3& p, bool scalp) {
  const Vec3 q(std::abs(p.x()), p.y(), p.z());
  double h = 0.10 * fractal(p, 9.0, 2, c.pixel_mm, c.seed + 10);
  h += (scalp ? 0.020 : 0.034) * fractal(p, 1.5, 3, 1.2 * c.pixel_mm, c.seed + 20);
  const double age = 0.35 + 0.65 * c.complexion.age;
  h += 0.34 * age * forehead_lines(p, c.seed + 30);
  // Crow's feet fan out from the lateral canthus; a furrow stands on either side of the glabella.
  const Vec3 canthus = lateral_canthus(c.anatomy);
  const Vec3 r = q - canthus;
  if (r.x() > 1 && r.norm() < 26) {
    const double fan = std::atan2(r.y(), r.x()) * 7.5 + 0.8 * noise(p / 7.0, c.seed + 41);
    h -= 0.20 * age * std::pow(0.5 + 0.5 * std::cos(fan * 2), 4) * smoothstep(1, 6, r.x()) *
         smoothstep(26, 12, r.norm());
  }
  h -= 0.25 * age * ridge(q, {7, 6, 98}, {8.5, 22, 101}, 3.0);
  if (q.z() > 78) h += 0.14 * lip_mask(c.anatomy, q) * noise({p.x() / 0.9, p.y() / 7, p.z() / 7}, c.seed + 50);
  return h;
}

template <class Height>
Vec3 tilted(const Vec3& p, const Vec3& n, double step, const Height& height) {
  const double h0 = height(p);
  const Vec3 gradient =
      Vec3(height(p + Vec3(step, 0, 0)) - h0, height(p + Vec3(0, step, 0)) - h0, height(p + Vec3(0, 0, step)) - h0) /
      step;
  return (n - (gradient - n * n.dot(gradient))).normalized();
}

/// Moles: a few seeded dark spots on the head.
double moles(const Vec3& p, uint64_t seed) {
  double m = 0;
  for (uint64_t i = 0; i < 9; ++i) {
    const double azimuth = 2 * std::numbers::pi * uniform(seed, 500 + i, 0), polar = 2.2 * uniform(seed, 500 + i, 1);
    const double radius = 0.5 + 1.0 * uniform(seed, 500 + i, 2) * uniform(seed, 500 + i, 3);
    const Vec3 direction(std::sin(polar) * std::sin(azimuth), std::cos(polar), std::sin(polar) * std::cos(azimuth));
    const double away = (p - p.dot(direction) * direction).norm();
    if (p.dot(direction) > 0 && away < radius + 0.6) m += smoothstep(radius + 0.6, radius - 0.3, away);
  }
  return m;
}

}  // namespace

Complexion complexion_of(int tone, uint64_t seed) {
  // L*, a*, b* per tone: ITA 63, 58, 51, 44, 33, 15, -7, -31, -54, -69 degrees.
  constexpr std::array<std::array<double, 3>, 10> lab{{{75.5, 8.5, 13.0},
                                                       {73.0, 9.5, 14.4},
                                                       {69.8, 10.5, 16.0},
                                                       {66.4, 11.2, 17.0},
                                                       {61.8, 12.0, 18.2},
                                                       {55.2, 13.0, 19.4},
                                                       {47.6, 13.2, 19.0},
                                                       {39.8, 12.4, 17.0},
                                                       {32.2, 10.4, 13.0},
                                                       {26.4, 8.0, 9.2}}};
  const auto& row = lab[static_cast<size_t>(std::clamp(tone, 1, 10) - 1)];
  Complexion c;
  c.skin = linear_of_lab(row[0], row[1], row[2]);
  c.lips = linear_of_lab(row[0] * 0.86, row[1] + 7.5 - 0.5 * tone, row[2] - 1.0);
  const double dark = std::clamp((tone - 1 + 2.5 * (uniform(seed, 1, 1) - 0.5)) / 4.0, 0.0, 1.0);
  c.hair = (1 - dark) * srgb(92, 66, 46) + dark * srgb(30, 25, 23);
  const double brown = std::clamp((tone - 2.0) / 3.0 + uniform(seed, 1, 2) - 0.5, 0.0, 1.0);
  c.iris = (1 - brown) * srgb(118, 134, 138) + brown * srgb(84, 54, 34);
  const std::array<Rgb, 5> cloths{srgb(70, 78, 92), srgb(112, 114, 116), srgb(52, 58, 60), srgb(96, 106, 96),
                                  srgb(206, 204, 199)};
  c.cloth = cloths[static_cast<size_t>(5 * uniform(seed, 1, 3))];
  c.freckles = std::max(0.0, 1.0 - tone / 6.0) * uniform(seed, 1, 4);
  c.age = 0.35 + 0.4 * uniform(seed, 1, 5);
  return c;
}

double beard_share(const Anatomy& an, const Vec3& q) { return beard_mask(q) * (1 - lip_mask(an, q)); }

Rgb skin_albedo(const SkinContext& c, Part part, const Vec3& p, double hair) {
  const Vec3 q(std::abs(p.x()), p.y(), p.z());
  const double light = c.complexion.skin.mean();  // blood shows less on dark skin
  const double visible = std::clamp(0.35 + 1.6 * light, 0.4, 1.0);
  // Blood: patches over everything, more where skin is thin.
  double blood =
      0.05 + 0.11 * fractal(p, 22, 3, c.pixel_mm, c.seed) + 0.07 * fractal(p, 3.2, 3, c.pixel_mm, c.seed + 3);
  blood += 0.34 * bump(q, {44, -38, 62}, {34, 30, 36}) + 0.40 * bump(q, {0, -42, 112}, {20, 18, 20});
  blood += 0.14 * bump(q, {0, 40, 92}, {70, 40, 50}) + 0.12 * bump(q, {0, -108, 92}, {24, 18, 20});
  if (part == Part::ear) blood += 0.34;
  // Melanin: sun on the crown and forehead, freckles, spots.
  double melanin =
      0.09 * fractal(p, 34, 3, c.pixel_mm, c.seed + 60) + 0.06 * fractal(p, 2.2, 2, c.pixel_mm, c.seed + 63);
  melanin += 0.10 * smoothstep(20, 90, p.y()) + 0.20 * bump(q, {30, -20, 86}, {22, 10, 22});
  const double spots = noise(p / 2.6, c.seed + 70);
  melanin += (0.10 + 0.5 * c.complexion.freckles) * smoothstep(0.42, 0.7, spots) *
             smoothstep(-0.3, 0.5, noise(p / 30.0, c.seed + 71));
  if (part == Part::head) melanin += 1.3 * moles(p, c.seed);
  Rgb albedo = c.complexion.skin * (-(melanin * melanin_absorbance + visible * blood * blood_absorbance)).exp();
  // Lips, and the shadow of a shaved beard.
  const double lips = lip_mask(c.anatomy, q);
  albedo = (1 - lips) * albedo + lips * c.complexion.lips * (1 + 0.12 * fractal(p, 2.0, 2, c.pixel_mm, c.seed + 80));
  const double beard = part == Part::head ? 0.26 * beard_share(c.anatomy, q) : 0;
  albedo *= (-beard * Rgb(0.75, 0.60, 0.52)).exp();
  // Follicles under the skin darken what is left of the hair-bearing scalp; lying hair shades its ground.
  const double ground = c.hair == PhantomHair::stubble ? 0.55 : 1.5;
  return albedo * (-ground * hair * (0.3 + 0.7 * hair) * Rgb(0.95, 0.85, 0.8)).exp();
}

Vec3 skin_normal(const SkinContext& c, const Vec3& p, const Vec3& n, bool on_scalp) {
  const double step = std::max(0.12, 0.6 * c.pixel_mm);
  return tilted(p, n, step, [&](const Vec3& at) { return relief_mm(c, at, on_scalp); });
}

double skin_gloss(const SkinContext& c, const Vec3& p, double hair) {
  const Vec3 q(std::abs(p.x()), p.y(), p.z());
  double gloss = 0.35 + 0.65 * smoothstep(35, 75, p.y()) + 0.35 * bump(q, {0, -30, 108}, {18, 40, 30});
  gloss += 0.5 * lip_mask(c.anatomy, q);
  return std::clamp(gloss * (1 + 0.25 * fractal(p, 14, 2, c.pixel_mm, c.seed + 90)), 0.0, 1.2) * (1 - 0.8 * hair);
}

Rgb eye_albedo(const SkinContext& c, const Vec3& p) {
  const double side = p.x() > 0 ? 1 : -1;
  const Vec3 centre(side * eye_centre(c.anatomy).x(), eye_centre(c.anatomy).y(), eye_centre(c.anatomy).z());
  const Vec3 axis = gaze(c.anatomy), r = p - centre;
  const Vec3 across = r - r.dot(axis) * axis;
  const double radius = across.norm(), angle = std::atan2(across.y(), across.x());
  const double fibres = noise({std::cos(angle) * 6, std::sin(angle) * 6, radius * 0.5}, c.seed + 100);
  Rgb iris = c.complexion.iris * (1 + 0.45 * fibres) * (1.25 - 0.35 * smoothstep(2, 5.5, radius));
  iris *= 1 - 0.65 * smoothstep(4.9, 5.8, radius);
  iris *= 1 - 0.97 * smoothstep(2.3, 1.9, radius);
  const double corner = smoothstep(7, 12, std::abs(r.x()));
  const Rgb sclera = Rgb(0.66, 0.62, 0.58) * (-(0.10 + 0.35 * corner) * Rgb(0.15, 0.75, 0.7)).exp();
  const double white = smoothstep(iris_radius_mm - 0.35, iris_radius_mm + 0.35, radius);
  const Rgb ball = (1 - white) * iris + white * sclera;
  const double flesh = 0.8 * smoothstep(11.2, 13.0, std::abs(r.x()));
  return (1 - flesh) * ball + flesh * Rgb(c.complexion.lips);
}

Rgb cloth_albedo(const SkinContext& c, const Vec3& p) {
  return c.complexion.cloth *
         (1 + 0.10 * fractal(p, 1.6, 2, c.pixel_mm, c.seed + 110) + 0.05 * noise(p / 30.0, c.seed + 112));
}

Vec3 cloth_normal(const SkinContext& c, const Vec3& p, const Vec3& n) {
  const double down = smoothstep(-190, -260, p.y());
  return tilted(p, n, 0.8, [&](const Vec3& at) {
    const Vec3 drape(at.x() / 34 + 0.4 * noise(at / 45.0, c.seed + 120), at.y() / 90, at.z() / 40);
    return 7.0 * down * noise(drape, c.seed + 121) + 0.05 * fractal(at, 2.0, 1, c.pixel_mm, c.seed + 122);
  });
}

}  // namespace stipple::phantom
