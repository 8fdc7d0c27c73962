// Zones of density: the soft front edge, the plateau, the way into the client's own hair, and the borders that fade.
// Every mask acts through a distance along the skin, so that its stair steps never show. Based on: DOMAIN 1.4
// (transition zone), 2.4 (finishes), 2.5 (negative space, feathered first millimetres).
#include "sim/plan/zones.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "sim/core/error.h"
#include "sim/plan/painted.h"
#include "sim/plan/presets.h"

namespace stipple {
namespace {

constexpr double border_rounding_mm = 1.5;
constexpr double smallest_patch_cm2 = 0.3, largest_patch_cm2 = 80, largest_crown_cm2 = 150;
// Of a bare patch's border on the head as seen, hair must be so much, and of all of it, background and the photo's edge
// included, so much.
constexpr double enclosed_share = 0.85, least_hair_share = 0.4;
// Under longer hair dots are set until skin between strands passes for hair: denser than a shaven look's, which must
// keep skin between them. By the four pairs of real work, which are darker still.
constexpr double longer_hair_factor = 1.6;

cv::Mat1b class_mask(const ZoneInput& in, uint8_t wanted) {
  return cv::Mat1b(rounded_mask(in.grid, cv::Mat1b(in.classes == wanted), border_rounding_mm) & in.grid.on_head);
}

// Forehead between the planned line and the scalp: the parser's border there is a judgement, the line decides.
cv::Mat1b forehead_strip(const ZoneInput& in, const cv::Mat1b& scalp) {
  const float scatter = static_cast<float>(edge_profile(in.params).scatter_mm);
  const float reach = static_cast<float>(face_tolerance_mm(in.head)) + scatter + 6;
  const cv::Mat1f to_scalp = skin_distance_mm(in.grid, scalp);
  return cv::Mat1b((in.classes == face_skin) & (in.behind_line_mm > -scatter) & (in.behind_line_mm < none_mm) &
                   (in.line_part == LinePart::front) & (to_scalp < reach) & in.grid.on_head);
}

// Share 0..1 of the plateau at the front edge: a few single dots before the line, then the soft zone.
float edge_share(float behind_mm, const EdgeProfile& edge, double plateau) {
  const float scatter = static_cast<float>(edge.scatter_mm);
  const float first = static_cast<float>(edge.edge_density_per_cm2 / std::max(1e-9, plateau));
  const float rise = smooth_ramp(0.5f * scatter, static_cast<float>(std::max(edge.transition_mm, 0.3)), behind_mm);
  return smooth_ramp(-scatter, 0.5f * scatter + 1e-3f, behind_mm) * (first + (1 - first) * rise);
}

// Distances turned into shares, pixel by pixel.
template <class Share>
void multiply(cv::Mat1f& density, Share&& share) {
  cv::parallel_for_(cv::Range(0, density.rows), [&](const cv::Range& rows) {
    for (int y = rows.start; y < rows.end; ++y)
      for (int x = 0; x < density.cols; ++x)
        if (density(y, x) > 0) density(y, x) *= share(y, x);
  });
}

cv::Mat1f plateau_inside(const ZoneInput& in, const cv::Mat1b& region) {
  cv::Mat1f density(region.size(), 0.f);
  density.setTo(in.params.density_per_cm2, region);
  return density;
}

void fade_at_open_borders(cv::Mat1f& density, const Zones& zones) {
  const float feather = static_cast<float>(std::max(1.0, zones.in.params.feather_mm));
  multiply(density, [&](int y, int x) { return smooth_ramp(0, feather, zones.to_forbidden_mm(y, x)); });
}

void thin_under_own_hair(cv::Mat1f& density, const Zones& zones) {
  const ZoneInput& in = zones.in;
  if (cv::countNonZero(zones.hair & (density > 0)) == 0) return;
  const cv::Mat1f into_hair = skin_distance_mm(in.grid, cv::Mat1b(~zones.hair & (density > 0)));
  const float feather = static_cast<float>(std::max(1.0, in.params.feather_mm));
  const float left_out = static_cast<float>(1 - in.params.under_hair_share);
  multiply(density, [&](int y, int x) { return 1 - left_out * smooth_ramp(0, feather, into_hair(y, x)); });
}

cv::Mat1f shaven_density(const Zones& zones) {
  const ZoneInput& in = zones.in;
  cv::Mat1f density = plateau_inside(in, cv::Mat1b(zones.scalp | zones.strip));
  const EdgeProfile edge = edge_profile(in.params);
  multiply(density, [&](int y, int x) { return edge_share(in.behind_line_mm(y, x), edge, in.params.density_per_cm2); });
  fade_at_open_borders(density, zones);
  thin_under_own_hair(density, zones);
  return density;
}

// Share of the scalp that strands cover, averaged over about 5 mm of skin, working grid, 0..1.
cv::Mat1f hair_cover(const ZoneInput& in) {
  cv::Mat1b matte;
  if (in.head.hair_matte.empty())
    matte = cv::Mat1b(in.classes == hair_on_scalp);
  else
    cv::resize(in.head.hair_matte, matte, in.classes.size(), 0, 0, cv::INTER_AREA);
  cv::Mat1f cover;
  matte.convertTo(cover, CV_32F, 1.0 / 255);
  cv::GaussianBlur(cover, cover, {}, std::clamp(2.5 * in.grid.px_per_mm, 0.5, 30.0), 0, cv::BORDER_REPLICATE);
  return cover;
}

// Islands of bare scalp whose border is hair nearly all around (alopecia areata, a bald crown).
cv::Mat1b enclosed_patches(const ZoneInput& in, double largest_cm2) {
  const cv::Mat1b bare = class_mask(in, bare_scalp), hair(in.classes == hair_on_scalp);
  cv::Mat1i label;
  cv::Mat stats, centroids;
  const int count = cv::connectedComponentsWithStats(bare, label, stats, centroids, 8, CV_32S);
  std::vector<double> area_cm2(static_cast<size_t>(count)), border(area_cm2), hairy(area_cm2), open(area_cm2);
  const int around = std::max(1, static_cast<int>(std::lround(2 * border_rounding_mm * in.grid.px_per_mm)));
  for (int y = 0; y < label.rows; ++y)
    for (int x = 0; x < label.cols; ++x) {
      const auto l = static_cast<size_t>(label(y, x));
      if (l == 0) continue;
      area_cm2[l] += in.grid.area_mm2(y, x) / 100;
      for (const cv::Point& step : {cv::Point(1, 0), {-1, 0}, {0, 1}, {0, -1}}) {
        const int ny = y + step.y, nx = x + step.x, fy = y + around * step.y, fx = x + around * step.x;
        if (ny >= 0 && nx >= 0 && ny < label.rows && nx < label.cols && label(ny, nx) == label(y, x)) continue;
        const bool in_photo = fy >= 0 && fx >= 0 && fy < label.rows && fx < label.cols;
        border[l] += 1;
        hairy[l] += in_photo && hair(fy, fx);
        open[l] += !in_photo || in.classes(fy, fx) == other;
      }
    }
  cv::Mat1b patches(label.size(), uint8_t{0});
  for (int y = 0; y < label.rows; ++y)
    for (int x = 0; x < label.cols; ++x) {
      const auto l = static_cast<size_t>(label(y, x));
      if (l > 0 && area_cm2[l] > smallest_patch_cm2 && area_cm2[l] < largest_cm2 &&
          hairy[l] > std::max(enclosed_share * (border[l] - open[l]), least_hair_share * border[l]))
        patches(y, x) = 255;
    }
  return patches;
}

// Density under longer hair: where skin shows between strands, a little into bare skin beside them, and all over bare
// patches that hair surrounds.
cv::Mat1f longer_hair_density(const Zones& zones) {
  const ZoneInput& in = zones.in;
  cv::Mat1f density = plateau_inside(in, zones.scalp);
  density *= std::min(longer_hair_factor, most_density_per_cm2 / in.params.density_per_cm2);
  const cv::Mat1b filled(zones.hair | enclosed_patches(in, largest_crown_cm2));
  const cv::Mat1f beside_hair = skin_distance_mm(in.grid, filled), cover = hair_cover(in);
  const EdgeProfile edge = edge_profile(in.params);
  const float feather = static_cast<float>(std::max(1.0, in.params.feather_mm));
  const float dense_share = static_cast<float>(in.params.under_hair_share);
  multiply(density, [&](int y, int x) {
    const float skin_shows = 1 - smooth_ramp(0.75f, 1.f, cover(y, x));
    return edge_share(in.behind_line_mm(y, x), edge, in.params.density_per_cm2) *
           (1 - smooth_ramp(0, feather, beside_hair(y, x))) * (dense_share + (1 - dense_share) * skin_shows);
  });
  fade_at_open_borders(density, zones);
  return density;
}

// Plateau inside a region, fading outwards to its border over at most a third of its own depth.
cv::Mat1f faded_region(const ZoneInput& in, const cv::Mat1b& region) {
  cv::Mat1f density = plateau_inside(in, region);
  const cv::Mat1f inside = skin_distance_mm(in.grid, cv::Mat1b(~region));
  double deepest = 0;
  cv::minMaxLoc(inside, nullptr, &deepest, nullptr, nullptr, region & (inside < none_mm));
  const double fade = deepest > 0 ? std::min(in.params.feather_mm, deepest / 3) : 0;
  multiply(density, [&](int y, int x) { return smooth_ramp(0, static_cast<float>(fade) + 1e-3f, inside(y, x)); });
  return density;
}

cv::Mat1f scar_density(const ZoneInput& in) {
  if (in.zone.empty())
    throw Error(ErrorKind::usage, "zone", "the scar finish needs the scar's outline",
                "draw it, or give it as \"x,y x,y x,y ...\" in photo px");
  return faded_region(in, cv::Mat1b(in.zone & in.grid.on_head));
}

// A patch is filled to its rim and blends a few millimetres into the hair around it.
cv::Mat1f patch_density(const Zones& zones) {
  const ZoneInput& in = zones.in;
  if (!in.zone.empty()) return faded_region(in, cv::Mat1b(in.zone & zones.scalp));
  const cv::Mat1f outside = skin_distance_mm(in.grid, enclosed_patches(in, largest_patch_cm2));
  cv::Mat1f density = plateau_inside(in, zones.scalp);
  const float blend = static_cast<float>(std::max(0.5, 0.5 * in.params.feather_mm));
  multiply(density, [&](int y, int x) { return 1 - smooth_ramp(0, blend, outside(y, x)); });
  return density;
}

// A zone drawn for the other finishes limits them too, fading inside its outline.
void limit_to_zone(cv::Mat1f& density, const ZoneInput& in) {
  if (in.zone.empty()) return;
  const cv::Mat1f inside = skin_distance_mm(in.grid, cv::Mat1b(~in.zone));
  const float feather = static_cast<float>(std::max(0.5, in.params.feather_mm));
  multiply(density, [&](int y, int x) { return smooth_ramp(0, feather, inside(y, x)); });
}

// What was painted by hand has the last word.
void apply_painted(cv::Mat1f& density, const ZoneInput& in) {
  const std::vector<DensityStroke> strokes = parse_painted_density(in.params.painted_density);
  if (strokes.empty()) return;
  const cv::Mat1f factors = density_factors(strokes, in.head, density.size(), in.grid.px_per_mm);
  multiply(density, [&](int y, int x) { return factors(y, x); });
  cv::min(density, most_density_per_cm2, density);
}

}  // namespace

float smooth_ramp(float from, float to, float value) {
  const float t = std::clamp((value - from) / (to - from), 0.f, 1.f);
  return t * t * (3 - 2 * t);
}

SkinRegions regions_of(const ZoneInput& in) {
  const cv::Mat1b scalp((in.classes == bare_scalp) | (in.classes == hair_on_scalp));
  SkinRegions regions;
  regions.hair = class_mask(in, hair_on_scalp);
  regions.scalp = cv::Mat1b(rounded_mask(in.grid, scalp, border_rounding_mm) & in.grid.on_head);
  regions.strip = forehead_strip(in, regions.scalp);
  // Before the front line the line itself ends the treatment; elsewhere every face, neck and ear does.
  const cv::Mat1b before_line((in.line_part >= LinePart::temple) & (in.behind_line_mm < 0));
  const cv::Mat1b forbidden((in.classes == face_skin) & ~regions.scalp & ~before_line & ~regions.strip &
                            in.grid.on_head);
  regions.to_forbidden_mm = skin_distance_mm(in.grid, forbidden);
  return regions;
}

cv::Mat1f zone_density_per_cm2(const Zones& zones) {
  const ZoneInput& in = zones.in;
  cv::Mat1f density;
  switch (in.params.finish) {
    case Finish::automatic:
    case Finish::shaven:
      density = shaven_density(zones);
      break;
    case Finish::density:
      density = longer_hair_density(zones);
      break;
    case Finish::scar:
      density = scar_density(in);
      break;
    case Finish::patches:
      density = patch_density(zones);
      break;
  }
  if (in.params.finish == Finish::shaven || in.params.finish == Finish::density) limit_to_zone(density, in);
  apply_painted(density, in);
  return density;
}

}  // namespace stipple
