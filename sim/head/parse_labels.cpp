// Label images: Class numbers drawn by hand or written by another program. Indexed PNG files carry the numbers as
// palette positions, which decoders replace by colours; the palette is read from the file to turn them back.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <string_view>
#include <vector>

#include "sim/core/error.h"
#include "sim/head/parse.h"
#include "sim/head/regions.h"
#include "sim/photo/file.h"

namespace stipple {
namespace {

constexpr int64_t max_label_bytes = 200'000'000;

uint32_t big_endian(std::string_view bytes, size_t at) {
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<uint8_t>(bytes[at + i]);
  return value;
}

/// The chunk named `type` of a PNG, or nothing.
std::string_view png_chunk(std::string_view png, std::string_view type) {
  for (size_t at = 8; at + 12 <= png.size();) {
    const size_t length = big_endian(png, at);
    if (length > png.size() - at - 12) break;
    if (png.substr(at + 4, 4) == type) return png.substr(at + 8, length);
    at += length + 12;
  }
  return {};
}

Error not_labels(const std::string& path, const std::string& problem) {
  return {ErrorKind::unreadable, path, problem, "use a grey or indexed PNG with the classes 0, 1, 2, 3 and 5"};
}

/// Refuses sizes no photo may have before anything is decoded.
void check_header(const std::string& bytes, const std::string& path) {
  if (bytes.size() < 33 || std::string_view(bytes).substr(0, 8) != "\x89PNG\r\n\x1a\n")
    throw not_labels(path, "not a PNG");
  const uint64_t width = big_endian(bytes, 16), height = big_endian(bytes, 20);
  if (width * height > static_cast<uint64_t>(max_photo_pixels) || width > max_photo_side_px ||
      height > max_photo_side_px)
    throw not_labels(path, "larger than any photo may be");
}

cv::Mat1b indices_of(const cv::Mat& bgr, std::string_view palette) {
  cv::Mat1b indices(bgr.size(), uint8_t{0});
  for (int y = 0; y < bgr.rows; ++y)
    for (int x = 0; x < bgr.cols; ++x) {
      const cv::Vec3b& c = bgr.at<cv::Vec3b>(y, x);
      for (size_t i = 0; i + 2 < palette.size(); i += 3)
        if (static_cast<uint8_t>(palette[i]) == c[2] && static_cast<uint8_t>(palette[i + 1]) == c[1] &&
            static_cast<uint8_t>(palette[i + 2]) == c[0]) {
          indices(y, x) = static_cast<uint8_t>(i / 3);
          break;
        }
    }
  return indices;
}

cv::Mat1b read_labels(const std::string& path) {
  const std::string bytes = read_file(path, max_label_bytes);
  check_header(bytes, path);
  const std::vector<uchar> buffer(bytes.begin(), bytes.end());
  const bool indexed = bytes[25] == 3;
  const cv::Mat image = cv::imdecode(buffer, indexed ? cv::IMREAD_COLOR : cv::IMREAD_UNCHANGED);
  if (image.empty()) throw not_labels(path, "damaged PNG");
  if (indexed) return indices_of(image, png_chunk(bytes, "PLTE"));
  if (image.type() != CV_8UC1) throw not_labels(path, "a colour or 16-bit picture");
  return image;
}

}  // namespace

Parsed parse_labels(const std::string& path, const cv::Size& photo_size, const cv::Size& work_size) {
  const cv::Mat1b labels = read_labels(path);
  const double shape =
      static_cast<double>(labels.cols) * photo_size.height / (static_cast<double>(labels.rows) * photo_size.width);
  if (std::abs(shape - 1) > 0.02)
    throw Error(ErrorKind::usage, path, "the label image has another shape than the photo",
                "draw it on the photo itself");

  // Shares of each class under a working pixel.
  Parsed parsed;
  parsed.by_hand = true;
  int known = 0;
  for (size_t c = 0; c < parsed_classes.size(); ++c) {
    cv::Mat1b mask = mask_of(labels, {parsed_classes[c]});
    known += cv::countNonZero(mask);
    cv::resize(mask, mask, work_size, 0, 0, cv::INTER_AREA);
    mask.convertTo(parsed.probability[c], CV_32F, 1 / 255.0);
  }
  if (known != static_cast<int>(labels.total())) throw not_labels(path, "holds values that are no class");
  return parsed;
}

}  // namespace stipple
