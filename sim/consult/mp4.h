// MP4 with H.264, which every phone plays.
#pragma once
#include <memory>
#include <opencv2/core.hpp>
#include <string>

namespace stipple {

class Mp4Film {
 public:
  /// All frames have this size; odd sides are padded by a pixel, because H.264 halves its colour planes. Quality
  /// 0..100. Throws Error{internal} when this computer's FFmpeg has no H.264 encoder.
  Mp4Film(cv::Size size, int quality);
  ~Mp4Film();
  /// 8-bit RGB shown for `milliseconds`, in steps of 40: the film runs at 25 frames a second, so that every player
  /// keeps its times.
  void add(const cv::Mat3b& rgb, int milliseconds);
  /// The file; it holds no date, so that the same frames give the same bytes. Call once.
  std::string finish();

 private:
  struct Encoder;
  std::unique_ptr<Encoder> encoder_;
};

}  // namespace stipple
