// Animated WebP, written frame by frame: only encoded frames are kept.
#pragma once
#include <memory>
#include <opencv2/core.hpp>
#include <string>

#include "sim/photo/photo.h"

namespace stipple {

class WebpAnimation {
 public:
  /// All frames have this size, 1 to 16383 px a side.
  explicit WebpAnimation(cv::Size size);
  ~WebpAnimation();
  WebpAnimation(WebpAnimation&&) noexcept;
  /// An 8-bit picture shown for `milliseconds` (> 0). Quality 0..100. Throws Error{internal} when it cannot be encoded.
  void add(const Photo& picture, int milliseconds, float quality = 90);
  /// The file: loops for ever, no metadata. Call once.
  std::string finish();

 private:
  struct Encoder;
  std::unique_ptr<Encoder> encoder_;
};

}  // namespace stipple
