// Median cut (Heckbert 1982), moved onto the means of what each colour stands for; ordered dither (Bayer 1973).
#include "sim/consult/palette.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace stipple {
namespace {

using Colours = std::vector<cv::Vec3b>;

// Differences of green are seen best and of blue least.
constexpr std::array<int, 3> weight{3, 4, 2};
constexpr int cube_bits = 6, cube_side = 1 << cube_bits;
constexpr int refinements = 3;
constexpr int pattern_side = 8;

struct Box {
  Colours::iterator first, last;
  int channel = 0, spread = 0;
};

Box measured(Colours::iterator first, Colours::iterator last) {
  Box box{first, last};
  for (int c = 0; c < 3; ++c) {
    const auto [low, high] =
        std::minmax_element(first, last, [c](const cv::Vec3b& a, const cv::Vec3b& b) { return a[c] < b[c]; });
    const int spread = weight[static_cast<size_t>(c)] * ((*high)[c] - (*low)[c]);
    if (spread > box.spread) box.spread = spread, box.channel = c;
  }
  return box;
}

cv::Vec3b mean_of(Colours::const_iterator first, Colours::const_iterator last) {
  std::array<int64_t, 3> sum{};
  for (auto it = first; it != last; ++it)
    for (int c = 0; c < 3; ++c) sum[static_cast<size_t>(c)] += (*it)[c];
  const int64_t count = std::max<int64_t>(1, last - first);
  cv::Vec3b mean;
  for (int c = 0; c < 3; ++c) mean[c] = static_cast<uint8_t>((sum[static_cast<size_t>(c)] + count / 2) / count);
  return mean;
}

int distance(const cv::Vec3b& a, const cv::Vec3b& b) {
  int sum = 0;
  for (int c = 0; c < 3; ++c) {
    const int d = weight[static_cast<size_t>(c)] * (a[c] - b[c]);
    sum += d * d;
  }
  return sum;
}

size_t nearest(const Colours& palette, const cv::Vec3b& colour) {
  size_t best = 0;
  int least = std::numeric_limits<int>::max();
  for (size_t i = 0; i < palette.size(); ++i)
    if (const int d = distance(palette[i], colour); d < least) least = d, best = i;
  return best;
}

Colours median_cut(Colours& samples, int count) {
  std::vector<Box> boxes{measured(samples.begin(), samples.end())};
  while (static_cast<int>(boxes.size()) < count) {
    // The box whose colours differ most, weighted by how often they are seen.
    const auto worth = [](const Box& b) { return b.spread * std::sqrt(static_cast<double>(b.last - b.first)); };
    const auto widest =
        std::max_element(boxes.begin(), boxes.end(), [&](const Box& a, const Box& b) { return worth(a) < worth(b); });
    if (widest->spread == 0) break;
    const Box box = *widest;
    const auto middle = box.first + (box.last - box.first) / 2;
    std::nth_element(box.first, middle, box.last,
                     [&](const cv::Vec3b& a, const cv::Vec3b& b) { return a[box.channel] < b[box.channel]; });
    *widest = measured(box.first, middle);
    boxes.push_back(measured(middle, box.last));
  }
  Colours palette;
  for (const Box& box : boxes) palette.push_back(mean_of(box.first, box.last));
  return palette;
}

/// Lloyd's steps: each colour moves to the mean of the samples that are nearest to it.
void refine(Colours& palette, const Colours& samples) {
  std::vector<Colours> members(palette.size());
  for (const cv::Vec3b& sample : samples) members[nearest(palette, sample)].push_back(sample);
  for (size_t i = 0; i < palette.size(); ++i)
    if (!members[i].empty()) palette[i] = mean_of(members[i].begin(), members[i].end());
}

/// Threshold of the pattern at a place, -1..1.
float threshold(int x, int y) {
  int rank = 0;
  for (int bit = 0; bit < 3; ++bit) {
    const int bx = x >> bit & 1, by = y >> bit & 1;
    rank = rank << 2 | (bx ^ by) << 1 | by;
  }
  return (static_cast<float>(rank) + 0.5f) / (pattern_side * pattern_side / 2.0f) - 1;
}

/// Half the median distance from a colour to its nearest neighbour, in 8-bit steps.
float usual_grain(const Colours& palette) {
  std::vector<float> steps;
  for (size_t i = 0; i < palette.size(); ++i) {
    int least = std::numeric_limits<int>::max();
    for (size_t j = 0; j < palette.size(); ++j)
      if (i != j) least = std::min(least, distance(palette[i], palette[j]));
    if (palette.size() > 1) steps.push_back(std::sqrt(static_cast<float>(least)));
  }
  if (steps.empty()) return 0;
  std::nth_element(steps.begin(), steps.begin() + static_cast<ptrdiff_t>(steps.size() / 2), steps.end());
  const float length = std::sqrt(static_cast<float>(
      std::transform_reduce(weight.begin(), weight.end(), 0, std::plus<>(), [](int w) { return w * w; })));
  return 0.5f * steps[steps.size() / 2] / length;
}

}  // namespace

std::vector<cv::Vec3b> make_palette(std::vector<cv::Vec3b> samples, int count) {
  Colours palette = median_cut(samples, std::clamp(count, 1, most_palette_colours));
  for (int i = 0; i < refinements; ++i) refine(palette, samples);
  return palette;
}

PaletteIndex::PaletteIndex(std::vector<cv::Vec3b> palette)
    : palette_(std::move(palette)), nearest_(size_t{1} << 3 * cube_bits), grain_(usual_grain(palette_)) {
  constexpr int step = 256 / cube_side;
  size_t at = 0;
  for (int r = 0; r < cube_side; ++r)
    for (int g = 0; g < cube_side; ++g)
      for (int b = 0; b < cube_side; ++b) {
        const auto centre = [](int cell) { return static_cast<uint8_t>(cell * step + step / 2); };
        nearest_[at++] = static_cast<uint8_t>(nearest(palette_, {centre(r), centre(g), centre(b)}));
      }
}

cv::Mat1b PaletteIndex::indices(const cv::Mat3b& rgb) const {
  cv::Mat1b out(rgb.size());
  std::array<int, pattern_side * pattern_side> offset{};
  for (int y = 0; y < pattern_side; ++y)
    for (int x = 0; x < pattern_side; ++x)
      offset[static_cast<size_t>(y * pattern_side + x)] = static_cast<int>(std::lround(grain_ * threshold(x, y)));
  // Each channel has the pattern in another place, so that hues are mixed as well.
  const auto offset_at = [&](int x, int y, int c) {
    return offset[static_cast<size_t>((y + 5 * c) % pattern_side * pattern_side + (x + 3 * c) % pattern_side)];
  };
  for (int y = 0; y < rgb.rows; ++y)
    for (int x = 0; x < rgb.cols; ++x) {
      size_t cell = 0;
      for (int c = 0; c < 3; ++c) {
        const int value = std::clamp(rgb(y, x)[c] + offset_at(x, y, c), 0, 255);
        cell = cell << cube_bits | static_cast<size_t>(value >> (8 - cube_bits));
      }
      out(y, x) = nearest_[cell];
    }
  return out;
}

}  // namespace stipple
