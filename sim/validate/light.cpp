// Light of two photos, by reweighted least squares (Huber) over the mean light of small pieces of skin.
#include "sim/validate/light.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <vector>

namespace stipple {
namespace {

constexpr int least_blocks = 4;
constexpr double slope_sd = 0.25;  // how much light is likely to change over a head's breadth from photo to photo
constexpr double least_noise = 0.02, huber = 1.5;
constexpr double gain_correlation = 4;  // neighbouring pieces err alike: so many count as one

struct Block {
  Vec3 place;  // 1, x, y
  std::array<double, 3> log_ratio;
};

std::vector<Block> blocks_of(const cv::Mat3f& before, const cv::Mat3f& later, const cv::Mat1b& skin, int block_px,
                             const LightGain& gain) {
  std::vector<Block> blocks;
  for (int y = 0; y + block_px <= skin.rows; y += block_px)
    for (int x = 0; x + block_px <= skin.cols; x += block_px) {
      const cv::Rect box(x, y, block_px, block_px);
      const cv::Mat1b inside = skin(box);
      if (cv::countNonZero(inside) < 0.7 * box.area()) continue;
      const cv::Scalar a = cv::mean(before(box), inside), b = cv::mean(later(box), inside);
      Block block;
      block.place = {1, (x + 0.5 * block_px - gain.centre.x) / gain.unit_px,
                     (y + 0.5 * block_px - gain.centre.y) / gain.unit_px};
      bool lit = true;
      for (int c = 0; c < 3; ++c) {
        lit = lit && a[c] > 1e-4 && b[c] > 1e-4;
        block.log_ratio[static_cast<size_t>(c)] = lit ? std::log(b[c] / a[c]) : 0;
      }
      if (lit) blocks.push_back(block);
    }
  return blocks;
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

/// One channel's plane; returns the variance of its constant.
double fit(const std::vector<Block>& blocks, size_t channel, Vec3& plane) {
  std::vector<double> ratios;
  for (const Block& block : blocks) ratios.push_back(block.log_ratio[channel]);
  plane = {median(ratios), 0, 0};
  double variance = 0;
  for (int round = 0; round < 12; ++round) {
    std::vector<double> errors;
    for (const Block& block : blocks) errors.push_back(std::abs(block.log_ratio[channel] - plane.dot(block.place)));
    const double noise = std::max(least_noise, 1.4826 * median(errors));
    Mat3 normal = Vec3(0, 1, 1).asDiagonal() * (1 / (slope_sd * slope_sd));
    Vec3 right = Vec3::Zero();
    for (size_t i = 0; i < blocks.size(); ++i) {
      const double weight =
          std::min(1.0, huber * noise / std::max(errors[i], 1e-9)) / (noise * noise * gain_correlation);
      normal += weight * blocks[i].place * blocks[i].place.transpose();
      right += weight * blocks[i].log_ratio[channel] * blocks[i].place;
    }
    plane = normal.ldlt().solve(right);
    variance = normal.inverse()(0, 0);
  }
  return variance;
}

}  // namespace

double LightGain::at(int channel, double x, double y) const {
  return plane[static_cast<size_t>(channel)].dot(Vec3(1, (x - centre.x) / unit_px, (y - centre.y) / unit_px));
}

LightGain match_light(const cv::Mat3f& before, const cv::Mat3f& later, const cv::Mat1b& skin, int block_px,
                      cv::Point2d centre) {
  LightGain gain;
  gain.centre = centre;
  gain.unit_px = std::max(1.0, 0.5 * std::max(skin.cols, skin.rows));
  const std::vector<Block> blocks = blocks_of(before, later, skin, block_px, gain);
  if (static_cast<int>(blocks.size()) < least_blocks) return gain;
  gain.blocks = static_cast<int>(blocks.size());
  for (size_t c = 0; c < 3; ++c) {
    const double variance = fit(blocks, c, gain.plane[c]);
    if (c == 1) gain.log_sd = std::sqrt(variance);  // green carries most of the darkness
  }
  return gain;
}

}  // namespace stipple
