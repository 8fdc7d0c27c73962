// Animated GIF, written frame by frame.
#pragma once
#include <memory>
#include <string>

#include "sim/consult/palette.h"

namespace stipple {

class GifAnimation {
 public:
  /// All frames have this size, 1 to 16383 px a side, and share these colours.
  GifAnimation(cv::Size size, std::vector<cv::Vec3b> palette);
  ~GifAnimation();
  /// 8-bit RGB shown for `milliseconds` (the format counts in 10 ms). Throws Error{internal} when it cannot be encoded.
  void add(const cv::Mat3b& rgb, int milliseconds);
  /// The file: loops for ever, no metadata. Call once.
  std::string finish();

 private:
  struct Encoder;
  std::unique_ptr<Encoder> encoder_;
};

}  // namespace stipple
