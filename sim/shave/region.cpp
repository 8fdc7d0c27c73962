// The region follows the parser's classes. Seams are wide on bare scalp, where hair thins out, and narrow towards the
// face, where ears and sideburns must keep their edges; beyond the outline they take loose strands along.
#include "sim/shave/region.h"

#include <algorithm>
#include <cmath>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "sim/head/regions.h"

namespace stipple {
namespace {

// Millimetres by which the cut reaches beyond the hair, and over which it fades.
struct Seam {
  double grow_mm, fade_mm;
};
constexpr Seam scalp_seam{1.5, 3.5}, face_seam{0.6, 1.6}, outline_seam{2.0, 2.0};
constexpr double skull_tolerance_mm = 0.5;                     // beyond the model's outline no dots can be placed
constexpr double loose_mm = 4;                                 // hair farther out than this hangs clear of the skull
constexpr double outline_rounding_mm = 1.5;                    // frizz that the new outline does not follow
constexpr double strand_spacing_mm = 2.5, least_cover = 0.28;  // from this cover on scalp counts as haired
constexpr double thinning_mm = 30;  // from hair; farther away a texture of strands is that of a highlight
constexpr double forelock_mm = 15, above_brows_mm = 40;  // strands on the forehead; brows are no hair of the scalp
constexpr double ear_mm = 38;                            // reach of an ear from its tragus
constexpr double skin_gap_mm = 3, background_gap_mm = 4.5;

cv::Mat1f distance_mm(const cv::Mat1b& mask, double px_per_mm) {
  cv::Mat1f distance;
  cv::distanceTransform(~mask, distance, cv::DIST_L2, cv::DIST_MASK_5);
  return cv::Mat1f(distance / px_per_mm);
}

cv::Mat1f blurred(const cv::Mat1b& mask, double sigma_px) {
  cv::Mat1f soft;
  mask.convertTo(soft, CV_32F, 1 / 255.0);
  cv::GaussianBlur(soft, soft, {}, std::max(0.4, sigma_px), 0, cv::BORDER_REPLICATE);
  return soft;
}

/// Hair by its class, and where strands cover much of bare scalp or fall over the forehead.
cv::Mat1b hair_mask(const Head& head, double px_per_mm) {
  cv::Mat1b hair = mask_of(head.classes, {hair_on_scalp});
  if (head.hair_matte.empty() || cv::countNonZero(hair) == 0) return hair;
  const cv::Mat1f to_hair = distance_mm(hair, px_per_mm);
  cv::Mat1b matte;
  cv::resize(head.hair_matte, matte, hair.size(), 0, 0, cv::INTER_AREA);
  const cv::Mat1f cover = blurred(matte, strand_spacing_mm * px_per_mm);
  for (int y = 0; y < hair.rows; ++y)
    for (int x = 0; x < hair.cols; ++x) {
      if (cover(y, x) < least_cover) continue;
      const uint8_t c = head.classes(y, x);
      if (c == bare_scalp && to_hair(y, x) < thinning_mm) hair(y, x) = 255;
      if (c == face_skin && to_hair(y, x) < forelock_mm &&
          head.model.nearest(Vec2(x + 0.5, y + 0.5) * head.work_scale).y() > above_brows_mm)
        hair(y, x) = 255;
    }
  return hair;
}

/// How far each hair pixel stands out beyond the skull [mm], negative within it; -1000 elsewhere.
cv::Mat1f outstanding_mm(const Head& head, const cv::Mat1b& hair) {
  cv::Mat1f out(hair.size(), -1000.0f);
  cv::parallel_for_({0, hair.rows}, [&](const cv::Range& rows) {
    for (int y = rows.start; y < rows.end; ++y)
      for (int x = 0; x < hair.cols; ++x)
        if (hair(y, x))
          out(y, x) = static_cast<float>(head.model.outline_distance_mm(Vec2(x + 0.5, y + 0.5) * head.work_scale));
  });
  return out;
}

void measure_overhang(const cv::Mat1f& outstanding, ShaveRegion& region) {
  std::vector<float> values;
  for (int y = 0; y < outstanding.rows; ++y)
    for (int x = 0; x < outstanding.cols; ++x)
      if (region.hair(y, x)) values.push_back(outstanding(y, x));
  const auto high = values.begin() + static_cast<ptrdiff_t>(0.95 * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), high, values.end());
  region.protrusion_mm = std::max(0.0f, *high);
  region.loose_share =
      static_cast<double>(std::count_if(values.begin(), values.end(), [](float v) { return v > loose_mm; })) /
      static_cast<double>(values.size());
}

/// The head's share of each pixel after the cut: hair within the skull's outline stays head, its frizz does not. Hair
/// that hangs over neck and ears has skin behind it.
cv::Mat1f head_after(const Head& head, const cv::Mat1b& head_mask, const cv::Mat1f& outstanding, double px_per_mm) {
  cv::Mat1b kept = head_mask.clone();
  const cv::Mat1f to_other = distance_mm(mask_of(head.classes, {other}), px_per_mm),
                  to_skin = distance_mm(mask_of(head.classes, {face_skin}), px_per_mm);
  kept.setTo(0, (outstanding > skull_tolerance_mm) & (to_other < to_skin));
  cv::Mat1f soft = blurred(kept, outline_rounding_mm * px_per_mm);
  const auto slope = static_cast<float>(std::max(1.0, 1.8 * outline_rounding_mm * px_per_mm));
  for (float& v : soft) v = std::clamp((v - 0.5f) * slope + 0.5f, 0.0f, 1.0f);
  return soft;
}

/// Ears are redder than the scalp and shade themselves: they say nothing about skin under hair.
void leave_out_ears(const Head& head, cv::Mat1b& skin) {
  for (const Landmark tragus : {tragus_left, tragus_right}) {
    const LandmarkPoint& point = head.landmarks[tragus];
    if (point.confidence < 0.3) continue;
    const Vec2 at = point.photo_px / head.work_scale;
    cv::circle(skin, {cvRound(at.x()), cvRound(at.y())}, cvRound(ear_mm * head.scale.px_per_mm / head.work_scale), 0,
               cv::FILLED);
  }
}

}  // namespace

ShaveRegion shave_region(const Head& head) {
  ShaveRegion region;
  const double ppm = region.px_per_mm = head.scale.px_per_mm / head.work_scale;
  if (!(ppm > 0)) return region;
  const cv::Mat1b hair = hair_mask(head, ppm);
  if (cv::countNonZero(hair) == 0) return region;
  region.hair = hair;
  const cv::Mat1b head_mask = mask_of(head.classes, {face_skin, bare_scalp, hair_on_scalp, hat});
  const cv::Mat1f outstanding = outstanding_mm(head, hair), to_hair = distance_mm(hair, ppm),
                  to_head = distance_mm(head_mask, ppm);
  measure_overhang(outstanding, region);
  region.head_share = head_after(head, head_mask, outstanding, ppm);
  region.bare_skin = mask_of(head.classes, {face_skin, bare_scalp}) & (to_hair > skin_gap_mm);
  leave_out_ears(head, region.bare_skin);
  region.background = mask_of(head.classes, {other}) & (to_hair > background_gap_mm) & (to_head > 1.5);
  region.share.create(hair.size());
  region.off_model.create(hair.size());
  for (int y = 0; y < hair.rows; ++y)
    for (int x = 0; x < hair.cols; ++x) {
      const uint8_t c = head.classes(y, x);
      const Seam seam = c == face_skin ? face_seam : c == other ? outline_seam : scalp_seam;
      const bool barred = c == hat;
      region.off_model(y, x) = smooth_between(-1.5, 0.5, outstanding(y, x));
      region.share(y, x) = barred ? 0 : smooth_between(seam.grow_mm + seam.fade_mm, seam.grow_mm, to_hair(y, x));
    }
  return region;
}

}  // namespace stipple
