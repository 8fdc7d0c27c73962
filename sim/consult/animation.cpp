// Thin ownership around libwebp's animation encoder. One thread and fixed options, so that the same frames give the
// same bytes.
#include "sim/consult/animation.h"

#include <webp/encode.h>
#include <webp/mux.h>

#include "sim/core/error.h"

namespace stipple {
namespace {

[[noreturn]] void fail(const std::string& detail) {
  throw Error(ErrorKind::internal, "animation", "cannot be encoded (" + detail + ")",
              "write fewer or smaller frames, or a folder of pictures");
}

}  // namespace

struct WebpAnimation::Encoder {
  std::unique_ptr<WebPAnimEncoder, decltype(&WebPAnimEncoderDelete)> webp{nullptr, WebPAnimEncoderDelete};
  cv::Size size;
  int end_ms = 0;
};

WebpAnimation::WebpAnimation(cv::Size size) : encoder_(std::make_unique<Encoder>()) {
  WebPAnimEncoderOptions options;
  if (!WebPAnimEncoderOptionsInit(&options)) fail("another version of libwebp");
  encoder_->size = size;
  encoder_->webp.reset(WebPAnimEncoderNew(size.width, size.height, &options));
  if (!encoder_->webp) fail("frames of " + std::to_string(size.width) + " x " + std::to_string(size.height) + " px");
}

WebpAnimation::~WebpAnimation() = default;
WebpAnimation::WebpAnimation(WebpAnimation&&) noexcept = default;

void WebpAnimation::add(const Photo& picture, int milliseconds, float quality) {
  WebPConfig config;
  if (!WebPConfigPreset(&config, WEBP_PRESET_PHOTO, quality)) fail("another version of libwebp");
  config.method = 3;
  config.use_sharp_yuv = 1;  // dots are finer than the halved colour planes
  WebPPicture frame;
  if (!WebPPictureInit(&frame)) fail("another version of libwebp");
  const std::unique_ptr<WebPPicture, decltype(&WebPPictureFree)> owner(&frame, WebPPictureFree);
  frame.use_argb = 1;
  frame.width = picture.rgb.cols;
  frame.height = picture.rgb.rows;
  if (picture.rgb.type() != CV_8UC3 || picture.size() != encoder_->size ||
      !WebPPictureImportRGB(&frame, picture.rgb.data, static_cast<int>(picture.rgb.step)) ||
      !WebPAnimEncoderAdd(encoder_->webp.get(), &frame, encoder_->end_ms, &config))
    fail(WebPAnimEncoderGetError(encoder_->webp.get()));
  encoder_->end_ms += milliseconds;
}

std::string WebpAnimation::finish() {
  WebPData file;
  WebPDataInit(&file);
  const std::unique_ptr<WebPData, decltype(&WebPDataClear)> owner(&file, WebPDataClear);
  // An empty frame states where the last one ends.
  if (!WebPAnimEncoderAdd(encoder_->webp.get(), nullptr, encoder_->end_ms, nullptr) ||
      !WebPAnimEncoderAssemble(encoder_->webp.get(), &file))
    fail(WebPAnimEncoderGetError(encoder_->webp.get()));
  return {reinterpret_cast<const char*>(file.bytes), file.size};
}

}  // namespace stipple
