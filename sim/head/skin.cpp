// Robust colours: the middle of the brightness range of a class carries the body colour of skin; its ends are shine and
// shadow. ITA after DOMAIN 4.4.
#include "sim/head/skin.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "sim/head/regions.h"
#include "sim/photo/srgb.h"

namespace stipple {
namespace {

std::vector<cv::Vec3f> pixels_of(const cv::Mat3f& linear, const cv::Mat1b& mask) {
  std::vector<cv::Vec3f> pixels;
  for (int y = 0; y < mask.rows; ++y)
    for (int x = 0; x < mask.cols; ++x)
      if (mask(y, x)) pixels.push_back(linear(y, x));
  return pixels;
}

/// Median per channel of the pixels whose luminance ranks between two shares.
Rgb middle_colour(std::vector<cv::Vec3f> pixels, double low_share, double high_share) {
  std::sort(pixels.begin(), pixels.end(),
            [](const cv::Vec3f& a, const cv::Vec3f& b) { return luminance(a) < luminance(b); });
  const auto n = static_cast<double>(pixels.size());
  const auto low = pixels.begin() + static_cast<ptrdiff_t>(low_share * n);
  const auto high = std::max(low + 1, pixels.begin() + static_cast<ptrdiff_t>(high_share * n));
  Rgb colour;
  for (int c = 0; c < 3; ++c) {
    std::vector<float> channel;
    for (auto p = low; p != high; ++p) channel.push_back((*p)[c]);
    std::nth_element(channel.begin(), channel.begin() + static_cast<ptrdiff_t>(channel.size() / 2), channel.end());
    colour[c] = channel[channel.size() / 2];
  }
  return colour;
}

/// 255 on pixels as light as the lightest nearby, but for texture: skin between strands of dark hair, not under them.
cv::Mat1b between_strands(const cv::Mat3f& linear) {
  constexpr int reach_px = 4;       // strands are thinner than this on the working grid
  constexpr float darkest = 0.85f;  // of the lightest nearby; bare skin's texture stays above it
  cv::Mat1f light(linear.size()), closed;
  for (int y = 0; y < light.rows; ++y)
    for (int x = 0; x < light.cols; ++x) light(y, x) = static_cast<float>(luminance(linear(y, x)));
  cv::medianBlur(light, light, 3);  // noise has lightest pixels too
  cv::morphologyEx(light, closed, cv::MORPH_CLOSE,
                   cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * reach_px + 1, 2 * reach_px + 1}));
  return cv::Mat1b(light >= darkest * closed);
}

/// Shine has the colour of the light and hides the skin's: such a scalp is lighter than the face, but less coloured.
bool shines(const Vec3& scalp_lab, const Vec3& face_lab) {
  constexpr double lighter = 10, paler = 0.75;  // in L*; of the face's chroma
  return scalp_lab.x() > face_lab.x() + lighter && scalp_lab.tail<2>().norm() < paler * face_lab.tail<2>().norm();
}

}  // namespace

cv::Mat3f linear_from_srgb(const cv::Mat3b& srgb) {
  std::array<float, 256> table{};
  for (size_t i = 0; i < table.size(); ++i) table[i] = static_cast<float>(linear_of_srgb(static_cast<double>(i) / 255));
  cv::Mat3f linear(srgb.size());
  for (int y = 0; y < srgb.rows; ++y)
    for (int x = 0; x < srgb.cols; ++x)
      for (int c = 0; c < 3; ++c) linear(y, x)[c] = table[srgb(y, x)[c]];
  return linear;
}

Vec3 lab_of(const Rgb& linear) {
  Mat3 to_xyz;
  to_xyz << 0.4124564, 0.3575761, 0.1804375, 0.2126729, 0.7151522, 0.0721750, 0.0193339, 0.1191920, 0.9503041;
  const Vec3 relative = (to_xyz * linear.matrix()).cwiseQuotient(Vec3(0.95047, 1.0, 1.08883));
  const Vec3 f =
      relative.unaryExpr([](double t) { return t > 216.0 / 24389 ? std::cbrt(t) : (24389.0 / 27 * t + 16) / 116; });
  return {116 * f.y() - 16, 500 * (f.x() - f.y()), 200 * (f.y() - f.z())};
}

/// Body colour of the scalp. Where hair covers much of it, most of its pixels are strands and their shadows: light
/// then varies far more than it does over skin, and only its lighter part counts.
Rgb scalp_colour(std::vector<cv::Vec3f> pixels) {
  constexpr double uneven = 2.2;  // of the 9th decile over the median; shaded bald heads stay below
  std::vector<double> light;
  for (const cv::Vec3f& p : pixels) light.push_back(luminance(p));
  std::sort(light.begin(), light.end());
  const double median = light[light.size() / 2], high = light[light.size() * 9 / 10];
  return high > uneven * median ? middle_colour(std::move(pixels), 0.8, 0.97)
                                : middle_colour(std::move(pixels), 0.35, 0.8);
}

SkinColour measure_skin(const cv::Mat3f& work_linear, const cv::Mat1b& classes) {
  // A scalp darker than this against the face, neck and ears is no skin but hair.
  constexpr double darkest_of_face = 0.45;
  SkinColour colour;
  const cv::Mat1b bare = mask_of(classes, {bare_scalp});
  std::vector<cv::Vec3f> skin = pixels_of(work_linear, cv::Mat1b(bare & between_strands(work_linear)));
  if (skin.size() * 10 < static_cast<size_t>(cv::countNonZero(bare))) skin = pixels_of(work_linear, bare);
  const std::vector<cv::Vec3f> face = pixels_of(work_linear, mask_of(classes, {face_skin}));
  const bool from_face = skin.size() * 20 < face.size();
  if (!from_face && !skin.empty()) colour.scalp = scalp_colour(std::move(skin));
  Vec3 lab = lab_of(colour.scalp);
  if (!face.empty()) {
    const Rgb of_face = middle_colour(face, 0.35, 0.8);
    const bool hidden = from_face || luminance(colour.scalp) < darkest_of_face * luminance(of_face);
    if (hidden) colour.scalp = of_face;
    if (hidden || shines(lab, lab_of(of_face))) lab = lab_of(of_face);
  }
  std::vector<cv::Vec3f> hair = pixels_of(work_linear, mask_of(classes, {hair_on_scalp}));
  if (!hair.empty()) colour.hair = middle_colour(std::move(hair), 0.0, 0.25);
  colour.ita_degrees = std::atan2(lab.x() - 50, lab.z()) * 180 / std::numbers::pi;
  return colour;
}

}  // namespace stipple
