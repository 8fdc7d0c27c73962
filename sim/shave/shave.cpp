// Skin is continued under the hair, the outline restored from the head model, grain and stubble put on top. Before
// anything is drawn, the hair is judged: what is short already stays, and so does what hides too much to be guessed.
#include "sim/shave/shave.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>

#include "sim/shave/backdrop.h"
#include "sim/shave/canvas.h"
#include "sim/shave/future.h"
#include "sim/shave/lighting.h"
#include "sim/shave/region.h"
#include "sim/shave/stubble.h"

namespace stipple {
namespace {

constexpr double least_confidence = 0.5;
constexpr double longest_protrusion_mm = 15;
constexpr double what_if_years = 10;  // that greying and further loss are stated for
constexpr double dark_hair =
    0.85;  // hair that is lighter than this against the skin leaves a bald head or a white fringe
constexpr double black_hair = 0.02;    // linear light
constexpr double stubble_cover = 0.6;  // strands of stubble fill less than this of their pixels, 0.4 to 0.5
constexpr double short_cover = 0.52;   // of real shaved and clipped heads: 0.1 to 0.5; of hair grown out 0.55 to 1

/// The photo on the working grid.
cv::Mat3f working_light(const Photo& photo, const cv::Size& size) {
  Photo small;
  cv::resize(photo.rgb, small.rgb, size, 0, 0, cv::INTER_AREA);
  return linear_light(small, {{0, 0}, size});
}

/// Luminance in single precision, as the working maps are.
float light_of(const cv::Vec3f& c) { return 0.2126f * c[0] + 0.7152f * c[1] + 0.0722f * c[2]; }

/// Luminance of the hair over that of the skin below it, sorted; {1} where there is no hair.
std::vector<float> hair_over_skin(const cv::Mat3f& linear, const cv::Mat3f& skin, const ShaveRegion& region) {
  std::vector<float> ratios;
  for (int y = 0; y < linear.rows; ++y)
    for (int x = 0; x < linear.cols; ++x)
      if (region.hair(y, x) && region.head_share(y, x) > 0.99f)
        ratios.push_back(light_of(linear(y, x)) / std::max(light_of(skin(y, x)), 1e-4f));
  if (ratios.empty()) ratios.push_back(1);
  std::sort(ratios.begin(), ratios.end());
  return ratios;
}

/// Follicles stand where hair stands on the head, thinning out with the seam.
cv::Mat1f follicles(const Head& head, const ShaveRegion& region, const ShaveParams& params) {
  cv::Mat1f density;
  // Towards skin stubble thins out, towards the background it does not: there the head only turns away.
  const cv::Mat1b haired(region.hair | (head.classes == other));
  haired.convertTo(density, CV_32F, params.density_per_cm2 * params.strength / 255);
  cv::GaussianBlur(density, density, {}, std::max(0.5, 1.5 * region.px_per_mm), 0, cv::BORDER_REPLICATE);
  for (int y = 0; y < density.rows; ++y)
    for (int x = 0; x < density.cols; ++x) density(y, x) *= std::min(region.share(y, x), region.head_share(y, x));
  return density;
}

/// Where no follicle can be placed the skin is darkened evenly instead.
void darken_off_model(const ShaveRegion& region, const cv::Mat1f& density, double hair_light, const ShaveParams& params,
                      cv::Mat3f& skin) {
  for (int y = 0; y < skin.rows; ++y)
    for (int x = 0; x < skin.cols; ++x) {
      if (!(region.off_model(y, x) > 0)) continue;
      const Rgb remitted = stubble_remission(density(y, x) * region.off_model(y, x), hair_light, params);
      for (int c = 0; c < 3; ++c) skin(y, x)[c] *= static_cast<float>(remitted[c]);
    }
}

double judged(const Head& head, const ShaveRegion& region) {
  const double length = 1 - smooth_between(0.5 * longest_protrusion_mm, longest_protrusion_mm, region.protrusion_mm);
  const double loose = 1 - smooth_between(0.15, 0.4, region.loose_share);
  const double seen = static_cast<double>(cv::countNonZero(region.bare_skin)) / cv::countNonZero(region.hair);
  // A full head of hair hides nearly all of the scalp that would have to be invented.
  const double bare = static_cast<double>(cv::countNonZero(head.classes == bare_scalp));
  const double bald = bare / (bare + cv::countNonZero(head.classes == hair_on_scalp));
  return length * loose * smooth_between(0.1, 0.3, bald) * smooth_between(0.05, 0.3, seen) *
         smooth_between(0.1, 0.5, head.confidence);
}

/// Mean of the hair matte over the hair.
double strand_cover(const Head& head, const ShaveRegion& region) {
  if (head.hair_matte.empty()) return 1;
  cv::Mat1b matte;
  cv::resize(head.hair_matte, matte, region.hair.size(), 0, 0, cv::INTER_AREA);
  return cv::mean(matte, region.hair)[0] / 255;
}

HairLook look_of(const std::vector<float>& hair_over_skin, const ShaveRegion& region, const Head& head) {
  const double skin = std::max(luminance(head.skin.scalp), 2 * black_hair), black = black_hair / skin;
  const double median = hair_over_skin[hair_over_skin.size() / 2];
  HairLook look;
  // Skin shows through short hair: it takes a small part of the light that dense black hair would take.
  look.cropped = median < 1 && 1 - median < short_cover * (1 - black);
  // Between strands and in highlights on them more light comes back than from a hair itself.
  look.light = hair_over_skin[hair_over_skin.size() / 4];
  look.mean_light = median;
  look.stubble = strand_cover(head, region) < stubble_cover;
  if (look.stubble) look.light = std::min(look.light, luminance(head.skin.hair) / skin);
  return look;
}

void cut(ShaveGround& ground, const ShaveParams& params, Shaven& out, Job& job) {
  const Head& head = ground.head;
  const Photo photo = out.photo;
  const ShaveCanvas canvas = canvas_of(head, cv::Mat1f(ground.region.share * static_cast<float>(params.strength)));
  out.photo.rgb = photo.rgb.clone();
  cv::Mat1f density = follicles(head, ground.region, params);
  density -= density.mul(lost_hair(head, params.further_loss));
  const double hair_light = greyed_light(out.hair->light, params.greying);
  darken_off_model(ground.region, density, hair_light, params, ground.skin);
  draw_ground(out.photo, ground, canvas);
  job.step("shave", 0.6);
  Head bare = head;
  bare.hair_matte = out.hair_matte = matte_after(head.hair_matte, canvas);
  out.photo = composite(out.photo, bare, stubble_deposit(photo, head, density, hair_light, params, job), job);
  keep_outside(photo, canvas, out.photo);
}

/// Hair that stays in the picture greys, and part of it goes.
void let_years_pass(const ShaveGround& ground, const ShaveParams& params, Shaven& out) {
  const Head& head = ground.head;
  cv::Mat1f hair;
  ground.region.hair.convertTo(hair, CV_32F, 1 / 255.0);
  cv::GaussianBlur(hair, hair, {}, std::max(0.5, 0.5 * ground.region.px_per_mm), 0, cv::BORDER_REPLICATE);
  out.photo.rgb = out.photo.rgb.clone();
  if (params.greying > 0) draw_grey(out.photo, ground, hair, params.greying);
  if (params.further_loss <= 0 || !out.hair->cropped) return;  // through long hair no skin can be shown
  const ShaveCanvas canvas = canvas_of(head, cv::Mat1f(ground.region.share.mul(lost_hair(head, params.further_loss))));
  draw_ground(out.photo, ground, canvas);
  out.hair_matte = matte_after(head.hair_matte, canvas);
}

std::string note_on_cut(const Shaven& shaven, bool stays) {
  if (!stays) return "the hair was cut to stubble in the picture; the skin under it is an estimate";
  return shaven.hair->cropped ? "the hair lets the skin show, as stubble does, and stays as it is"
                              : "the hair stays as it is: what lies under it could only be guessed in this photo";
}

std::string note_on_years(const ShaveParams& params, bool loss_shown) {
  char text[200];
  std::snprintf(text, sizeof text,
                "what if: by then %.0f %% of the hair has turned grey and %.0f %% of that on top has been lost%s",
                100 * params.greying, 100 * params.further_loss,
                loss_shown || params.further_loss <= 0 ? "" : ", which cannot be shown under hair this long");
  return text;
}

}  // namespace

std::optional<HairLook> look_of_hair(const Photo& photo, const Head& head) {
  if (!head.found) return {};
  const ShaveRegion region = shave_region(head);
  if (region.hair.empty()) return {};
  const cv::Mat3f linear = working_light(photo, head.classes.size());
  return look_of(hair_over_skin(linear, skin_under_hair(linear, head, region), region), region, head);
}

bool hair_stays(const Shaven& shaven) {
  return shaven.hair && !shaven.hair->cropped && shaven.hair->mean_light < dark_hair &&
         shaven.confidence < least_confidence;
}

ShaveParams at_years(const ShaveParams& params, double years) {
  const double share = std::clamp(years / what_if_years, 0.0, 1.0);
  ShaveParams then = params;
  then.greying *= share, then.further_loss *= share;
  return then;
}

Shaven shave(const Photo& photo, const Head& head, const ShaveParams& params, Job& job) {
  Shaven out{photo, head.hair_matte, 1, {}, {}};
  job.step("shave", 0);
  const bool years_pass = params.greying > 0 || params.further_loss > 0;
  if (!head.found || (params.strength <= 0 && !years_pass)) return out;
  const ShaveRegion region = shave_region(head);
  if (region.hair.empty()) return out;
  out.confidence = judged(head, region);
  const cv::Mat3f linear = working_light(photo, head.classes.size());
  job.step("shave", 0.1);
  ShaveGround ground{head, region, skin_under_hair(linear, head, region), {}};
  out.hair = look_of(hair_over_skin(linear, ground.skin, region), region, head);
  job.step("shave", 0.3);
  const bool stays = out.hair->cropped || out.confidence < least_confidence;
  if (years_pass || !stays) ground.background = backdrop(linear, region.background, region.px_per_mm);
  if (params.strength > 0 && !stays)
    cut(ground, params, out, job);
  else if (years_pass)
    let_years_pass(ground, params, out);
  if (params.strength > 0) out.notes.push_back(note_on_cut(out, stays));
  const bool loss_shown = out.hair->cropped || (params.strength > 0 && !stays);
  if (years_pass) out.notes.push_back(note_on_years(params, loss_shown));
  job.step("shave", 1);
  return out;
}

}  // namespace stipple
