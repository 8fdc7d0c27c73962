// Thin ownership around giflib. A frame holds only the rectangle that changed, and in it only the pixels that did.
#include "sim/consult/gif.h"

#include <gif_lib.h>

#include <cmath>
#include <opencv2/imgproc.hpp>

#include "sim/core/error.h"

namespace stipple {
namespace {

constexpr int unchanged = most_palette_colours;  // transparent

[[noreturn]] void fail(const std::string& detail) {
  throw Error(ErrorKind::internal, "GIF", "cannot be encoded (" + detail + ")", "write a .webp or .mp4");
}

int append(GifFileType* gif, const GifByteType* bytes, int count) {
  static_cast<std::string*>(gif->UserData)->append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(count));
  return count;
}

}  // namespace

struct GifAnimation::Encoder {
  PaletteIndex colours;
  cv::Size size;
  std::string bytes;
  GifFileType* gif = nullptr;
  cv::Mat1b shown;  // indices of the last frame
  int elapsed_ms = 0, elapsed_cs = 0;

  void check(int status) const {
    if (status == GIF_ERROR) fail(GifErrorString(gif->Error) ? GifErrorString(gif->Error) : "unknown");
  }
  void put_control(int centiseconds);
  void put_image(const cv::Mat1b& indices, const cv::Rect& area);
};

void GifAnimation::Encoder::put_control(int centiseconds) {
  const GraphicsControlBlock control{DISPOSE_DO_NOT, false, centiseconds, unchanged};
  GifByteType extension[4];
  check(EGifPutExtension(gif, GRAPHICS_EXT_FUNC_CODE, static_cast<int>(EGifGCBToExtension(&control, extension)),
                         extension));
}

void GifAnimation::Encoder::put_image(const cv::Mat1b& indices, const cv::Rect& area) {
  check(EGifPutImageDesc(gif, area.x, area.y, area.width, area.height, false, nullptr));
  cv::Mat1b rows = indices(area).clone();
  if (!shown.empty()) rows.setTo(unchanged, rows == shown(area));
  for (int y = 0; y < rows.rows; ++y) check(EGifPutLine(gif, rows[y], rows.cols));
}

GifAnimation::GifAnimation(cv::Size size, std::vector<cv::Vec3b> palette)
    : encoder_(new Encoder{PaletteIndex(std::move(palette)), size, {}, nullptr, {}, 0, 0}) {
  Encoder& e = *encoder_;
  int fault = 0;
  e.gif = EGifOpen(&e.bytes, append, &fault);
  if (!e.gif) fail("out of memory");
  EGifSetGifVersion(e.gif, true);
  const std::unique_ptr<ColorMapObject, decltype(&GifFreeMapObject)> map(GifMakeMapObject(256, nullptr),
                                                                         GifFreeMapObject);
  if (!map) fail("out of memory");
  for (size_t i = 0; i < e.colours.palette().size(); ++i) {
    const cv::Vec3b& c = e.colours.palette()[i];
    map->Colors[i] = {c[0], c[1], c[2]};
  }
  e.check(EGifPutScreenDesc(e.gif, size.width, size.height, 8, 0, map.get()));
  // The extension by which all programs know that a GIF loops; a count of 0 means for ever.
  const GifByteType loop[3]{1, 0, 0};
  e.check(EGifPutExtensionLeader(e.gif, APPLICATION_EXT_FUNC_CODE));
  e.check(EGifPutExtensionBlock(e.gif, 11, "NETSCAPE2.0"));
  e.check(EGifPutExtensionBlock(e.gif, 3, loop));
  e.check(EGifPutExtensionTrailer(e.gif));
}

GifAnimation::~GifAnimation() {
  int ignored = 0;
  if (encoder_->gif) EGifCloseFile(encoder_->gif, &ignored);
}

void GifAnimation::add(const cv::Mat3b& rgb, int milliseconds) {
  Encoder& e = *encoder_;
  if (rgb.size() != e.size) fail("a frame of another size");
  const cv::Mat1b indices = e.colours.indices(rgb);
  cv::Rect area({0, 0}, e.size);
  if (!e.shown.empty()) {
    area = cv::boundingRect(cv::Mat1b(indices != e.shown));
    if (area.empty()) area = {0, 0, 1, 1};
  }
  // Rounding follows the sum, so that a long film keeps its length.
  e.elapsed_ms += milliseconds;
  const int end_cs = static_cast<int>(std::lround(e.elapsed_ms / 10.0));
  e.put_control(end_cs - e.elapsed_cs);
  e.elapsed_cs = end_cs;
  e.put_image(indices, area);
  e.shown = indices;
}

std::string GifAnimation::finish() {
  int fault = 0;
  GifFileType* gif = std::exchange(encoder_->gif, nullptr);
  if (EGifCloseFile(gif, &fault) == GIF_ERROR) fail(GifErrorString(fault) ? GifErrorString(fault) : "unknown");
  return std::move(encoder_->bytes);
}

}  // namespace stipple
