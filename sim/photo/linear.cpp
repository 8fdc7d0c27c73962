// Linear light by tables. The way back is exact: a piecewise linear guess over the exponent and top mantissa bits of
// the value is at most one code off, and comparing with the true rounding thresholds settles it.
#include <bit>
#include <cmath>
#include <opencv2/core/utility.hpp>
#include <vector>

#include "sim/photo/photo.h"
#include "sim/photo/srgb.h"

namespace stipple {
namespace {

/// Both directions for codes 0..max_code.
struct Tables {
  std::vector<float> linear;  // of each code
  // [k]: from this linear value on the code is at least k. [0] is -infinity, one past the end +infinity.
  std::vector<float> rises_at;
  float max_code;

  explicit Tables(int max_code_) : max_code(static_cast<float>(max_code_)) {
    const double top = max_code_;
    rises_at.push_back(-INFINITY);
    for (int k = 0; k <= max_code_; ++k) linear.push_back(static_cast<float>(linear_of_srgb(k / top)));
    for (int k = 1; k <= max_code_; ++k) rises_at.push_back(static_cast<float>(linear_of_srgb((k - 0.5) / top)));
    rises_at.push_back(INFINITY);
  }
};

const Tables& tables(int depth) {
  static const Tables eight(255), sixteen(65535);
  return depth == CV_8U ? eight : sixteen;
}

/// Encoded value (0..1) of a linear one, to 1e-6: chords over segments that are 1/256 of an octave wide.
class Chords {
 public:
  Chords() {
    for (uint32_t i = 0; i <= count; ++i) {
      const float from = std::bit_cast<float>((first + i) << shift),
                  to = std::bit_cast<float>((first + i + 1) << shift);
      const double slope = (srgb_of_linear(to) - srgb_of_linear(from)) / (double{to} - from);
      segments_.push_back({static_cast<float>(slope), static_cast<float>(srgb_of_linear(from) - slope * from)});
    }
  }
  /// `x` in 0..1.
  float operator()(float x) const {
    const uint32_t bits = std::bit_cast<uint32_t>(std::max(x, smallest)) >> shift;
    const Segment& s = segments_[bits - first];
    return x < smallest ? x * 12.92f : s.slope * x + s.offset;
  }

 private:
  struct Segment {
    float slope, offset;
  };
  static constexpr int shift = 23 - 8;
  static constexpr float smallest = 0x1p-9f;  // below it sRGB is a straight line
  static constexpr uint32_t first = std::bit_cast<uint32_t>(smallest) >> shift;
  static constexpr uint32_t count = (std::bit_cast<uint32_t>(1.0f) >> shift) - first;
  std::vector<Segment> segments_;
};

template <class T>
void decode_row(const T* in, float* out, int n, const float* linear) {
  for (int i = 0; i < n; ++i) out[i] = linear[in[i]];
}

template <class T>
void encode_row(const float* in, T* out, int n, const Tables& t, const Chords& chords) {
  const float* rises_at = t.rises_at.data();
  for (int i = 0; i < n; ++i) {
    const float x = std::min(std::max(0.0f, in[i]), 1.0f);  // in this order a NaN becomes 0
    const int guess = static_cast<int>(chords(x) * t.max_code + 0.5f);
    out[i] = static_cast<T>(guess + (x >= rises_at[guess + 1]) - (x < rises_at[guess]));
  }
}

}  // namespace

cv::Mat3f linear_light(const Photo& photo, const cv::Rect& area) {
  const cv::Mat in = photo.rgb(area);
  cv::Mat3f out(area.size());
  const float* linear = tables(in.depth()).linear.data();
  cv::parallel_for_(cv::Range(0, in.rows), [&](const cv::Range& rows) {
    for (int y = rows.start; y < rows.end; ++y) {
      float* to = out.ptr<float>(y);
      if (in.depth() == CV_8U)
        decode_row(in.ptr<uint8_t>(y), to, 3 * in.cols, linear);
      else
        decode_row(in.ptr<uint16_t>(y), to, 3 * in.cols, linear);
    }
  });
  return out;
}

void store_linear(Photo& photo, const cv::Rect& area, const cv::Mat3f& linear) {
  CV_Assert(linear.size() == area.size());
  cv::Mat out = photo.rgb(area);
  const Tables& t = tables(out.depth());
  static const Chords chords;
  cv::parallel_for_(cv::Range(0, out.rows), [&](const cv::Range& rows) {
    for (int y = rows.start; y < rows.end; ++y) {
      const float* from = linear.ptr<float>(y);
      if (out.depth() == CV_8U)
        encode_row(from, out.ptr<uint8_t>(y), 3 * out.cols, t, chords);
      else
        encode_row(from, out.ptr<uint16_t>(y), 3 * out.cols, t, chords);
    }
  });
}

}  // namespace stipple
