// Skin is continued under the hair, the outline restored from the head model, grain and stubble put on top. Before
// anything is drawn, the hair is judged: what is short already stays, and so does what hides too much to be guessed.
#include "sim/shave/shave.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>

#include "sim/shave/grain.h"
#include "sim/shave/lighting.h"
#include "sim/shave/membrane.h"
#include "sim/shave/region.h"
#include "sim/shave/stubble.h"

namespace stipple {
namespace {

constexpr double least_confidence = 0.5;
constexpr double longest_protrusion_mm = 15;
constexpr double skin_texture_mm = 1.2;
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

/// Bilinear reading of maps on the working grid at photo pixels.
class WorkGrid {
 public:
  WorkGrid(cv::Size size, double work_scale) : size_(size), scale_(work_scale) {}
  template <class T>
  T at(const cv::Mat_<T>& map, int photo_x, int photo_y) const {
    const double gx = std::clamp((photo_x + 0.5) / scale_ - 0.5, 0.0, size_.width - 1.0);
    const double gy = std::clamp((photo_y + 0.5) / scale_ - 0.5, 0.0, size_.height - 1.0);
    const int x0 = static_cast<int>(gx), y0 = static_cast<int>(gy);
    const int x1 = std::min(x0 + 1, size_.width - 1), y1 = std::min(y0 + 1, size_.height - 1);
    const auto fx = static_cast<float>(gx - x0), fy = static_cast<float>(gy - y0);
    return (map(y0, x0) * (1 - fx) + map(y0, x1) * fx) * (1 - fy) + (map(y1, x0) * (1 - fx) + map(y1, x1) * fx) * fy;
  }

 private:
  cv::Size size_;
  double scale_;
};

/// Photo pixels that may change, with a rim of bare skin to measure texture on.
cv::Rect changed_area(const Photo& photo, const Head& head, const ShaveRegion& region) {
  const cv::Rect work = cv::boundingRect(cv::Mat1b(region.share > 0));
  const double scale = head.work_scale, rim = 15 * head.scale.px_per_mm;
  const cv::Point from(cvFloor(work.x * scale - rim), cvFloor(work.y * scale - rim));
  const cv::Point to(cvCeil(work.br().x * scale + rim), cvCeil(work.br().y * scale + rim));
  return cv::Rect(from, to) & cv::Rect({0, 0}, photo.size());
}

struct Canvas {
  cv::Rect area;
  cv::Mat1f share;  // of the new picture per pixel
  cv::Mat1f head;   // of skin against background
};

Canvas canvas_of(const Photo& photo, const Head& head, const ShaveRegion& region, double strength) {
  Canvas canvas;
  canvas.area = changed_area(photo, head, region);
  canvas.share.create(canvas.area.size()), canvas.head.create(canvas.area.size());
  const WorkGrid grid(region.share.size(), head.work_scale);
  cv::parallel_for_({0, canvas.area.height}, [&](const cv::Range& rows) {
    for (int y = rows.start; y < rows.end; ++y)
      for (int x = 0; x < canvas.area.width; ++x) {
        const int px = canvas.area.x + x, py = canvas.area.y + y;
        canvas.share(y, x) = static_cast<float>(strength) * grid.at(region.share, px, py);
        canvas.head(y, x) = grid.at(region.head_share, px, py);
      }
  });
  return canvas;
}

/// Bare skin on the photo's grid, where texture is measured.
cv::Mat1b texture_ground(const Head& head, const ShaveRegion& region, const cv::Rect& area) {
  cv::Mat1b bare(region.bare_skin & (head.classes == bare_scalp));
  if (cv::countNonZero(bare) * 20 < cv::countNonZero(region.bare_skin)) bare = region.bare_skin;
  cv::Mat1b ground(area.size());
  for (int y = 0; y < area.height; ++y)
    for (int x = 0; x < area.width; ++x) {
      const int wx = std::min(static_cast<int>((area.x + x + 0.5) / head.work_scale), bare.cols - 1);
      const int wy = std::min(static_cast<int>((area.y + y + 0.5) / head.work_scale), bare.rows - 1);
      ground(y, x) =
          head.hair_matte.empty() || head.hair_matte(area.y + y, area.x + x) == 0 ? bare(wy, wx) : uint8_t{0};
    }
  return ground;
}

/// Bare skin and background in place of hair; no stubble yet.
void draw_skin(Photo& out, const Head& head, const ShaveRegion& region, const Canvas& canvas, const cv::Mat3f& skin,
               const cv::Mat3f& background) {
  cv::Mat3f light = linear_light(out, canvas.area);
  cv::Mat1f bright(light.size());
  for (int y = 0; y < light.rows; ++y)
    for (int x = 0; x < light.cols; ++x) bright(y, x) = light_of(light(y, x));
  const cv::Mat1f grain = matched_grain(bright, texture_ground(head, region, canvas.area), canvas.area,
                                        skin_texture_mm * head.scale.px_per_mm);
  const WorkGrid grid(skin.size(), head.work_scale);
  cv::parallel_for_({0, light.rows}, [&](const cv::Range& rows) {
    for (int y = rows.start; y < rows.end; ++y)
      for (int x = 0; x < light.cols; ++x) {
        const float share = canvas.share(y, x), on_head = canvas.head(y, x);
        if (share <= 0) continue;
        const int px = canvas.area.x + x, py = canvas.area.y + y;
        const cv::Vec3f bare = grid.at(skin, px, py) * on_head + grid.at(background, px, py) * (1 - on_head);
        light(y, x) = light(y, x) * (1 - share) + bare * (share * std::exp(grain(y, x)));
      }
  });
  store_linear(out, canvas.area, light);
}

/// The light that stubble scatters ends with the seam: pixels outside get their bytes back.
void keep_outside(const Photo& from, const Canvas& canvas, Photo& to) {
  const size_t bytes = to.rgb.elemSize();
  for (int y = 0; y < to.rgb.rows; ++y) {
    const int v = y - canvas.area.y;
    for (int x = 0; x < to.rgb.cols; ++x) {
      const int u = x - canvas.area.x;
      const bool inside = u >= 0 && v >= 0 && u < canvas.area.width && v < canvas.area.height;
      if (!inside || canvas.share(v, u) <= 0) std::memcpy(to.rgb.ptr(y, x), from.rgb.ptr(y, x), bytes);
    }
  }
}

cv::Mat1b matte_after(const Head& head, const Canvas& canvas) {
  cv::Mat1b matte = head.hair_matte.clone();
  if (matte.empty()) return matte;
  for (int y = 0; y < canvas.area.height; ++y)
    for (int x = 0; x < canvas.area.width; ++x) {
      uint8_t& m = matte(canvas.area.y + y, canvas.area.x + x);
      m = cv::saturate_cast<uint8_t>(static_cast<float>(m) * (1 - canvas.share(y, x)));
    }
  return matte;
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

}  // namespace

std::optional<HairLook> look_of_hair(const Photo& photo, const Head& head) {
  if (!head.found) return {};
  const ShaveRegion region = shave_region(head);
  if (region.hair.empty()) return {};
  const cv::Mat3f linear = working_light(photo, head.classes.size());
  return look_of(hair_over_skin(linear, skin_under_hair(linear, head, region), region), region, head);
}

Shaven shave(const Photo& photo, const Head& head, const ShaveParams& params, Job& job) {
  Shaven out{photo, head.hair_matte, 1, {}, {}};
  job.step("shave", 0);
  if (!head.found || params.strength <= 0) return out;
  const ShaveRegion region = shave_region(head);
  if (region.hair.empty()) return out;
  out.confidence = judged(head, region);
  const cv::Mat3f linear = working_light(photo, head.classes.size());
  job.step("shave", 0.1);
  cv::Mat3f skin = skin_under_hair(linear, head, region);
  out.hair = look_of(hair_over_skin(linear, skin, region), region, head);
  const double hair_light = out.hair->light;
  if (out.hair->cropped) {
    out.notes.push_back("the hair lets the skin show, as stubble does, and stays as it is");
    return out;
  }
  if (out.confidence < least_confidence) {
    out.notes.push_back("the hair stays as it is: what lies under it could only be guessed in this photo");
    return out;
  }
  job.step("shave", 0.3);
  const Canvas canvas = canvas_of(photo, head, region, params.strength);
  out.photo.rgb = photo.rgb.clone();
  const cv::Mat1f density = follicles(head, region, params);
  darken_off_model(region, density, hair_light, params, skin);
  draw_skin(out.photo, head, region, canvas, skin, membrane(linear, region.background));
  job.step("shave", 0.6);
  Head bare = head;
  bare.hair_matte = out.hair_matte = matte_after(head, canvas);
  out.photo = composite(out.photo, bare, stubble_deposit(photo, head, density, hair_light, params, job), job);
  keep_outside(photo, canvas, out.photo);
  out.notes.push_back("the hair was cut to stubble in the picture; the skin under it is an estimate");
  job.step("shave", 1);
  return out;
}

}  // namespace stipple
