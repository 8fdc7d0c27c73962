// Flat skin with dots on it: what tests and benches of the pigment room draw on.
#pragma once
#include <cmath>
#include <cstring>
#include <opencv2/core.hpp>

#include "sim/core/random.h"
#include "sim/pigment/flat_skin.h"
#include "sim/pigment/pigment.h"

namespace stipple::scene {

using stipple::dot_at, stipple::flat_head;

/// Dots on `area`, darts thrown with a hard distance of 0.55 of the hexagonal one (DOMAIN 0): as uneven as real work.
inline Field random_field(const Head& head, const cv::Rect& area, double density_per_cm2, uint64_t seed = 1) {
  const double px_per_mm = head.scale.px_per_mm, per_px2 = density_per_cm2 / 100 / (px_per_mm * px_per_mm);
  const double gap_px = 0.55 * std::sqrt(2 / (std::sqrt(3.0) * per_px2));
  const int wanted = static_cast<int>(std::lround(per_px2 * area.area()));
  const int columns = std::max(1, static_cast<int>(area.width / gap_px)),
            rows = std::max(1, static_cast<int>(area.height / gap_px));
  std::vector<std::vector<Vec2>> cells(static_cast<size_t>(columns * rows));
  Field field;
  for (uint64_t i = 0; static_cast<int>(field.dots.size()) < wanted && i < 400ull * static_cast<uint64_t>(wanted + 1);
       ++i) {
    const double u = uniform(seed, i, 0), v = uniform(seed, i, 1);
    const Vec2 at(area.x + u * area.width, area.y + v * area.height);
    const int cx = static_cast<int>(u * columns), cy = static_cast<int>(v * rows);
    bool free = true;
    for (int y = std::max(cy - 1, 0); y <= std::min(cy + 1, rows - 1); ++y)
      for (int x = std::max(cx - 1, 0); x <= std::min(cx + 1, columns - 1); ++x)
        for (const Vec2& other : cells[static_cast<size_t>(y * columns + x)])
          free = free && (other - at).norm() > gap_px;
    if (!free) continue;
    cells[static_cast<size_t>(cy * columns + cx)].push_back(at);
    Dot dot = dot_at(head, at, hash64(seed, i, 2));
    dot.rank = static_cast<float>(1 - uniform(seed, i, 3));
    dot.diameter_factor = static_cast<float>(std::exp(0.18 * normal(seed, i, 4)));
    dot.tone_factor = static_cast<float>(std::exp(0.2 * normal(seed, i, 6)));
    dot.take_factor = static_cast<float>(std::exp(0.2 * normal(seed, i, 8)));
    dot.depth_offset = static_cast<float>(normal(seed, i, 10));
    field.dots.push_back(dot);
  }
  return field;
}

/// A photo of one linear-light colour.
inline Photo flat_photo(cv::Size size, const Rgb& colour, int depth = CV_8U) {
  Photo photo;
  photo.rgb = cv::Mat(size, CV_MAKETYPE(depth, 3));
  store_linear(photo, cv::Rect(cv::Point(0, 0), size),
               cv::Mat3f(size, cv::Vec3f(static_cast<float>(colour[0]), static_cast<float>(colour[1]),
                                         static_cast<float>(colour[2]))));
  return photo;
}

inline Stamp round_stamp(double x, double y, double mass_px2, double sigma_px) {
  const auto variance = static_cast<float>(sigma_px * sigma_px);
  return {static_cast<float>(x), static_cast<float>(y), static_cast<float>(mass_px2), variance, 0, variance};
}

/// Optics as of a healed course, but with channels apart.
inline Deposit deposit_with(std::vector<Stamp> stamps, double px_per_mm) {
  Deposit deposit;
  deposit.stamps = std::move(stamps);
  deposit.extinction = Rgb(0.9, 1.0, 1.1);
  deposit.below_share = Rgb(0.97, 0.9, 0.8);
  deposit.px_per_mm = px_per_mm;
  return deposit;
}

inline bool same_bytes(const cv::Mat& a, const cv::Mat& b) {
  if (a.size() != b.size() || a.type() != b.type()) return false;
  for (int y = 0; y < a.rows; ++y)
    if (std::memcmp(a.ptr(y), b.ptr(y), static_cast<size_t>(a.cols) * a.elemSize()) != 0) return false;
  return true;
}

inline std::vector<Stamp> scattered_stamps(cv::Size size, double px_per_mm, double density_per_cm2, double sigma_mm,
                                           double taken_mm2, uint64_t seed) {
  const Head head = flat_head(size, px_per_mm);
  std::vector<Stamp> stamps;
  for (const Dot& dot : random_field(head, cv::Rect(cv::Point(0, 0), size), density_per_cm2, seed).dots) {
    const double stretch = std::exp(0.5 * normal(dot.id, 0, 1)), angle = 7 * uniform(dot.id, 0, 3);
    const double variance = sigma_mm * sigma_mm * px_per_mm * px_per_mm;
    const double camera = 0.5 * 0.5;  // no photo is sharper
    const double a = variance * stretch + camera, b = variance / stretch + camera;
    const double c = std::cos(angle), s = std::sin(angle);
    stamps.push_back({static_cast<float>(dot.photo_px.x()), static_cast<float>(dot.photo_px.y()),
                      static_cast<float>(taken_mm2 * px_per_mm * px_per_mm), static_cast<float>(a * c * c + b * s * s),
                      static_cast<float>((a - b) * c * s), static_cast<float>(a * s * s + b * c * c)});
  }
  return stamps;
}

}  // namespace stipple::scene
