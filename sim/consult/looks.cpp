// Based on: an eye of normal sharpness tells apart what is one minute of arc wide; its point spread is near a Gaussian
// with a standard deviation of half of that (Westheimer, 1986).
#include "sim/consult/looks.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <numbers>
#include <opencv2/imgproc.hpp>

#include "sim/consult/house_style.h"
#include "sim/core/error.h"
#include "sim/photo/srgb.h"

namespace stipple {
namespace {

constexpr double minute_of_arc = std::numbers::pi / (180 * 60);
constexpr double nearest_m = 0.1, farthest_m = 20;

Photo stored(const cv::Mat3f& linear) {
  Photo out;
  out.rgb.create(linear.size(), CV_8UC3);
  store_linear(out, cv::Rect({0, 0}, linear.size()), linear);
  return out;
}

cv::Mat3f light_of(const Photo& photo) { return linear_light(photo, cv::Rect({0, 0}, photo.size())); }

}  // namespace

Photo changes(const Photo& before, const Photo& after) {
  // Half of the light taken, as under fresh dark dots, gets the full colour; a hundredth is what noise would do.
  constexpr float least = 0.01F, full = 0.5F, paleness = 0.55F;
  const auto linear = [](double encoded) { return static_cast<float>(linear_of_srgb(encoded)); };
  const Ink& accent = page_ink::accent;
  const cv::Vec3f colour(linear(accent.r), linear(accent.g), linear(accent.b));
  cv::Mat3f light = light_of(before);
  const cv::Mat3f treated = light_of(after);
  light.forEach([&](cv::Vec3f& pixel, const int* at) {
    const float was = (pixel[0] + pixel[1] + pixel[2]) / 3;
    const cv::Vec3f& now = treated(at[0], at[1]);
    const float taken = was > 0 ? 1 - (now[0] + now[1] + now[2]) / (3 * was) : 0;
    const float strength = std::clamp((taken - least) / (full - least), 0.0F, 1.0F);
    const float pale = was + paleness * (1 - was);
    pixel = (1 - strength) * cv::Vec3f::all(pale) + strength * colour;
  });
  return stored(light);
}

Photo seen_from(const Photo& photo, double distance_m, double px_per_mm) {
  const double sigma_px = 0.5 * distance_m * 1000 * minute_of_arc * px_per_mm;
  cv::Mat3f light = light_of(photo);
  if (sigma_px > 0.1) cv::GaussianBlur(light, light, {}, sigma_px, sigma_px, cv::BORDER_REPLICATE);
  return stored(light);
}

Look look_by_name(const std::string& name) {
  if (name == "photo") return {};
  if (name == "changes") return {Look::changes, 0};
  double metres = 0;
  const auto [end, fault] = std::from_chars(name.data(), name.data() + name.size(), metres);
  const bool whole = fault == std::errc() && std::string_view(end, name.data() + name.size()) == "m";
  if (!whole || !(metres >= nearest_m && metres <= farthest_m))
    throw Error(ErrorKind::usage, name.substr(0, 40), "is no way to look at a picture",
                "give photo, changes, or a distance from 0.1m to 20m");
  return {Look::distance, metres};
}

std::string look_caption(const Look& look) {
  if (look.kind == Look::photo) return "";
  if (look.kind == Look::changes) return "What changes";
  char text[32];
  std::snprintf(text, sizeof text, "Seen from %.4g m", look.distance_m);
  return text;
}

}  // namespace stipple
