// A strand is a thin deviation from the skin around it towards the hair's colour. The skin's own colour is estimated
// everywhere (thin structures closed, shading kept; under dense hair carried in from the skin around), the hair's
// colour is a fixed ratio of it, and each pixel's place on the line between both is the strands' share. What the
// photo's noise and the skin's texture reach counts as skin.
#include "sim/head/matte.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "sim/head/regions.h"
#include "sim/photo/srgb.h"

namespace stipple {
namespace {

constexpr double strand_mm = 1.2, shading_mm = 2.5, carry_mm = 14, reach_mm = 18;
constexpr double least_share = 0.10, full_share = 0.9;  // shares that read as 0 and as 1

double percentile(std::vector<float>& values, double share, double fallback) {
  if (values.empty()) return fallback;
  const auto at = values.begin() + static_cast<ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

cv::Mat1f soft_mask(const cv::Mat1b& mask, double sigma_px) {
  cv::Mat1f soft;
  mask.convertTo(soft, CV_32F, 1 / 255.0);
  cv::GaussianBlur(soft, soft, {}, std::max(0.5, sigma_px), 0, cv::BORDER_REPLICATE);
  return soft;
}

/// Blur on a grid reduced to where sigma is about 3 px: wide kernels are slow.
template <class M>
M wide_blur(const M& image, double sigma_px) {
  const double reduce = std::max(1.0, sigma_px / 3);
  M small, wide;
  cv::resize(image, small, {std::max(1, cvRound(image.cols / reduce)), std::max(1, cvRound(image.rows / reduce))}, 0, 0,
             cv::INTER_AREA);
  cv::GaussianBlur(small, small, {}, sigma_px / reduce, 0, cv::BORDER_REPLICATE);
  cv::resize(small, wide, image.size(), 0, 0, cv::INTER_LINEAR);
  return wide;
}

/// Mean of `image` over nearby places of weight, `fallback` where there is none.
cv::Mat3f carried_in(const cv::Mat3f& image, const cv::Mat1f& weight, double sigma_px, const Rgb& fallback) {
  cv::Mat3f weighted(image.size());
  for (int y = 0; y < image.rows; ++y)
    for (int x = 0; x < image.cols; ++x) weighted(y, x) = image(y, x) * weight(y, x);
  weighted = wide_blur(weighted, sigma_px);
  const cv::Mat1f total = wide_blur(weight, sigma_px);
  const cv::Vec3f far(static_cast<float>(fallback[0]), static_cast<float>(fallback[1]),
                      static_cast<float>(fallback[2]));
  constexpr float far_weight = 1e-2F;
  for (int y = 0; y < image.rows; ++y)
    for (int x = 0; x < image.cols; ++x)
      weighted(y, x) = (weighted(y, x) + far_weight * far) * (1 / (total(y, x) + far_weight));
  return weighted;
}

struct Colours {
  cv::Mat3f skin;        // what the skin would be without hair, work grid, linear light
  cv::Vec3f hair_ratio;  // hair over skin
  cv::Mat1f within;      // 1 on the scalp and near it
};

/// Hair over skin where hair is dense, from the end of the range that differs most from skin. A single dark strand
/// reflects a third of what skin does at most; stubble, through which skin shows, does not count as strands in full.
cv::Vec3f ratio_of_hair(const cv::Mat3f& linear, const cv::Mat3f& skin, const cv::Mat1b& classes) {
  std::array<std::vector<float>, 3> ratios;
  for (int y = 0; y < classes.rows; ++y)
    for (int x = 0; x < classes.cols; ++x)
      if (classes(y, x) == hair_on_scalp)
        for (int c = 0; c < 3; ++c)
          ratios[static_cast<size_t>(c)].push_back(linear(y, x)[c] / std::max(skin(y, x)[c], 1e-4F));
  const bool light = percentile(ratios[1], 0.5, 0.2) > 1.1;
  cv::Vec3f ratio;
  for (int c = 0; c < 3; ++c) {
    const double r = percentile(ratios[static_cast<size_t>(c)], light ? 0.8 : 0.15, 0.2);
    ratio[c] = static_cast<float>(light ? std::max(r, 1.3) : std::clamp(r, 0.05, 0.35));
  }
  return ratio;
}

Colours local_colours(const cv::Mat3f& linear, const Head& head) {
  const double px_per_mm = head.scale.px_per_mm / head.work_scale;
  const cv::Mat1b hair = mask_of(head.classes, {hair_on_scalp}), face = mask_of(head.classes, {face_skin});
  const cv::Mat1b bare = mask_of(head.classes, {bare_scalp}), beyond = mask_of(head.classes, {other, face_skin, hat});

  // Close strands, keep shading.
  const int radius = std::clamp(cvRound(strand_mm * px_per_mm), 1, 15);
  const cv::Mat kernel = cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * radius + 1, 2 * radius + 1});
  Colours colours;
  cv::Mat3f closed, opened;
  cv::morphologyEx(linear, closed, cv::MORPH_CLOSE, kernel);
  cv::morphologyEx(linear, opened, cv::MORPH_OPEN, kernel);
  const cv::Mat1f skin_weight(soft_mask(bare, 1) + 0.2 * soft_mask(face, 1));
  cv::Mat3f carried = carried_in(closed, skin_weight, carry_mm * px_per_mm, head.skin.scalp);
  colours.hair_ratio = ratio_of_hair(linear, carried, head.classes);
  const bool light = colours.hair_ratio[1] > 1;
  if (light) carried = carried_in(opened, skin_weight, carry_mm * px_per_mm, head.skin.scalp);

  cv::Mat3f near;
  cv::GaussianBlur(light ? opened : closed, near, {}, std::max(0.8, shading_mm * px_per_mm / 2), 0,
                   cv::BORDER_REPLICATE);
  const cv::Mat1f dense = soft_mask(hair, px_per_mm);
  colours.skin = near;
  for (int y = 0; y < near.rows; ++y)
    for (int x = 0; x < near.cols; ++x)
      colours.skin(y, x) = near(y, x) * (1 - dense(y, x)) + carried(y, x) * dense(y, x);

  // Strands fall over the forehead: the skin near the scalp belongs to the matte's ground.
  cv::Mat1f from_scalp;
  cv::distanceTransform(beyond, from_scalp, cv::DIST_L2, cv::DIST_MASK_3);
  colours.within = cv::Mat1f(head.classes.size(), 0.0F);
  for (int y = 0; y < near.rows; ++y)
    for (int x = 0; x < near.cols; ++x)
      if (is_scalp(head.classes(y, x)) || face(y, x))
        colours.within(y, x) =
            std::clamp(static_cast<float>(2 - from_scalp(y, x) / (reach_mm / 2 * px_per_mm)), 0.0F, 1.0F);
  return colours;
}

/// Photo rows seen as linear light with the work grid's maps interpolated to them.
class PhotoRows {
 public:
  PhotoRows(const Photo& photo, const Colours& colours, double work_scale)
      : photo_(photo), colours_(colours), work_scale_(work_scale) {
    table_.resize(photo.rgb.depth() == CV_16U ? 65536 : 256);
    for (size_t i = 0; i < table_.size(); ++i)
      table_[i] = static_cast<float>(linear_of_srgb(static_cast<double>(i) / static_cast<double>(table_.size() - 1)));
  }

  /// Share of strands before noise is taken off, -1 where the matte has no ground.
  float share(int x, int y) const {
    const double gx = std::clamp((x + 0.5) / work_scale_ - 0.5, 0.0, colours_.within.cols - 1.0);
    const double gy = std::clamp((y + 0.5) / work_scale_ - 0.5, 0.0, colours_.within.rows - 1.0);
    const int x0 = static_cast<int>(gx), y0 = static_cast<int>(gy);
    if (colours_.within(y0, x0) <= 0) return -1;
    const int x1 = std::min(x0 + 1, colours_.within.cols - 1), y1 = std::min(y0 + 1, colours_.within.rows - 1);
    const auto fx = static_cast<float>(gx - x0), fy = static_cast<float>(gy - y0);
    const cv::Vec3f skin = (colours_.skin(y0, x0) * (1 - fx) + colours_.skin(y0, x1) * fx) * (1 - fy) +
                           (colours_.skin(y1, x0) * (1 - fx) + colours_.skin(y1, x1) * fx) * fy;
    const cv::Vec3f pixel = linear(x, y);
    float along = 0, length = 1e-8F;
    for (int c = 0; c < 3; ++c) {
      const float span = skin[c] * (1 - colours_.hair_ratio[c]);
      along += (skin[c] - pixel[c]) * span;
      length += span * span;
    }
    return std::clamp(along / length, 0.0F, 1.0F) * colours_.within(y0, x0);
  }

 private:
  cv::Vec3f linear(int x, int y) const {
    if (photo_.rgb.depth() == CV_16U) {
      const auto& p = photo_.rgb.at<cv::Vec3w>(y, x);
      return {table_[p[0]], table_[p[1]], table_[p[2]]};
    }
    const auto& p = photo_.rgb.at<cv::Vec3b>(y, x);
    return {table_[p[0]], table_[p[1]], table_[p[2]]};
  }

  const Photo& photo_;
  const Colours& colours_;
  double work_scale_;
  std::vector<float> table_;
};

/// Share that texture and noise of bare skin reach: a high percentile over bare scalp, where strands are the exception.
double texture_share(const PhotoRows& rows, const Head& head) {
  std::vector<float> shares;
  for (int y = 0; y < head.classes.rows; y += 2)
    for (int x = 0; x < head.classes.cols; x += 2)
      if (head.classes(y, x) == bare_scalp) {
        const auto at = [&](int i) { return static_cast<int>((i + 0.5) * head.work_scale); };
        const float s =
            rows.share(std::min(at(x), head.photo_size.width - 1), std::min(at(y), head.photo_size.height - 1));
        if (s >= 0) shares.push_back(s);
      }
  return percentile(shares, 0.6, 0.05);
}

}  // namespace

cv::Mat1b hair_matte(const Photo& photo, const cv::Mat3f& work_linear, const Head& head, Job& job) {
  const Colours colours = local_colours(work_linear, head);
  job.step("measuring skin and hair", 0.8);
  const PhotoRows rows(photo, colours, head.work_scale);
  const double zero = std::clamp(2 * texture_share(rows, head), least_share, 0.45);
  const auto gain = static_cast<float>(255 / (full_share - zero)), offset = static_cast<float>(zero);
  cv::Mat1b matte(photo.size(), uint8_t{0});
  cv::parallel_for_({0, matte.rows}, [&](const cv::Range& range) {
    for (int y = range.start; y < range.end; ++y)
      for (int x = 0; x < matte.cols; ++x) {
        const float share = rows.share(x, y);
        if (share > offset) matte(y, x) = cv::saturate_cast<uint8_t>((share - offset) * gain);
      }
  });
  return matte;
}

}  // namespace stipple
