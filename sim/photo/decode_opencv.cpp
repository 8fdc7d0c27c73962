// PNG, TIFF and WebP: their containers are walked here for the size, colour profile and orientation, and only files
// that passed go on to OpenCV's decoder.
// Based on: PNG specification (W3C 2003) and its eXIf extension; TIFF 6.0; WebP container specification (Google).
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "sim/photo/bytes.h"
#include "sim/photo/formats.h"
#include "sim/photo/packing.h"

namespace stipple {
namespace {

using namespace std::string_view_literals;

/// In place: cv::cvtColor would hold a large photo twice.
void swap_red_and_blue(cv::Mat& pixels) {
  const auto swap_row = [](auto* row, int pixels_in_row) {
    for (int x = 0; x < pixels_in_row; ++x) std::swap(row[3 * x], row[3 * x + 2]);
  };
  for (int y = 0; y < pixels.rows; ++y) {
    if (pixels.depth() == CV_8U)
      swap_row(pixels.ptr<uint8_t>(y), pixels.cols);
    else
      swap_row(pixels.ptr<uint16_t>(y), pixels.cols);
  }
}

/// Decodes with OpenCV as stored, and sorts its blue-first channels into `decoded`. The size must be the one promised.
void decode_pixels(std::string_view bytes, cv::Size size, const std::string& name, Decoded& decoded) {
  const cv::Mat coded(1, static_cast<int>(bytes.size()), CV_8UC1, const_cast<char*>(bytes.data()));
  cv::Mat pixels;
  try {
    pixels = cv::imdecode(coded, cv::IMREAD_UNCHANGED);
  } catch (const cv::Exception&) {
    pixels.release();  // reported below like every other refusal of the decoder
  }
  if (pixels.empty()) fail_damaged(name, "the pixels cannot be decoded");
  if (pixels.size() != size) fail_damaged(name, "its size is not the one it states");
  if (pixels.depth() != CV_8U && pixels.depth() != CV_16U)
    fail_reading(name, "holds floating-point pixels", "save it with 8 or 16 bits per channel");
  if (pixels.channels() == 4) {
    cv::extractChannel(pixels, decoded.alpha, 3);
    cv::cvtColor(pixels, decoded.pixels, cv::COLOR_BGRA2RGB);
  } else if (pixels.channels() == 2) {
    cv::extractChannel(pixels, decoded.pixels, 0);
    cv::extractChannel(pixels, decoded.alpha, 1);
  } else {
    if (pixels.channels() == 3) swap_red_and_blue(pixels);
    decoded.pixels = pixels;
  }
}

/// From the header chunk, which must come first.
cv::Size png_size(std::string_view bytes, const std::string& name, const PhotoLimits& limits) {
  if (part(bytes, 12, 4) != "IHDR") fail_damaged(name, "it does not start with its size");
  const uint32_t width = number_at(bytes, 16, 4, ByteOrder::big), height = number_at(bytes, 20, 4, ByteOrder::big);
  check_size(width, height, name, limits);
  return {static_cast<int>(width), static_cast<int>(height)};
}

/// Name, zero byte, method 0, zlib stream.
std::string profile_of_iccp(std::string_view body) {
  const size_t name_end = body.find('\0');
  if (name_end == std::string_view::npos || number_at(body, name_end + 1, 1, ByteOrder::big) != 0) return {};
  return inflate_zlib(part(body, name_end + 2), max_icc_bytes).value_or("");
}

/// The picture of the first frame of an animation as a WebP file of its own; nothing when there is no frame.
std::string first_frame(std::string_view animation_frame, cv::Size& size) {
  if (animation_frame.size() < 16) return {};
  const auto side = [&](size_t at) {
    return static_cast<int>(number_at(animation_frame, at, 3, ByteOrder::little)) + 1;
  };
  size = {side(6), side(9)};
  const std::string_view chunks = animation_frame.substr(16);
  const auto little = [](size_t value, int width) { return bytes_of(value, width, ByteOrder::little); };
  const char alpha_flag = chunks.starts_with("ALPH") ? '\x10' : '\0';
  std::string body = "WEBPVP8X" + little(10, 4) + alpha_flag + std::string(3, '\0') +
                     little(static_cast<size_t>(size.width - 1), 3) + little(static_cast<size_t>(size.height - 1), 3);
  body += chunks;
  return "RIFF" + little(body.size(), 4) + body;
}

/// What the chunks of a WebP say.
struct WebpContents {
  cv::Size size;
  std::string_view icc, exif, first_frame;
  bool complete = false;
};

cv::Size webp_size(std::string_view kind, std::string_view body) {
  const auto number = [&](size_t at, size_t width) {
    return static_cast<int>(number_at(body, at, width, ByteOrder::little));
  };
  if (kind == "VP8X") return {number(4, 3) + 1, number(7, 3) + 1};
  if (kind == "VP8L") return {(number(1, 4) & 0x3FFF) + 1, (number(1, 4) >> 14 & 0x3FFF) + 1};
  if (kind == "VP8 ") return {number(6, 2) & 0x3FFF, number(8, 2) & 0x3FFF};
  return {};
}

WebpContents read_webp(std::string_view bytes) {
  WebpContents found;
  const size_t end = size_t{number_at(bytes, 4, 4, ByteOrder::little)} + 8;
  found.complete = end <= bytes.size();
  for (size_t at = 12; at + 8 <= std::min(end, bytes.size());) {
    const std::string_view kind = bytes.substr(at, 4);
    const size_t length = number_at(bytes, at + 4, 4, ByteOrder::little);
    const std::string_view body = part(bytes, at + 8, length);
    if (body.size() < length) found.complete = false;
    if (found.size.empty()) found.size = webp_size(kind, body);
    if (kind == "ICCP") found.icc = body;
    if (kind == "EXIF") found.exif = body;
    if (kind == "ANMF" && found.first_frame.empty()) found.first_frame = body;
    at += 8 + length + length % 2;
  }
  return found;
}

/// Overwrites the first value of a BYTE, SHORT or LONG field by one below 256.
void set_first_number(std::string& tiff_bytes, const TiffBlock& tiff, const TiffField& field, uint8_t value) {
  const size_t width = field.type == 1 ? 1 : field.type == 3 ? 2 : 4;
  tiff_bytes.replace(field.at, width, width, '\0');
  tiff_bytes[field.at + (tiff.order == ByteOrder::big ? width - 1 : 0)] = static_cast<char>(value);
}

void refuse_unusual_tiff(const TiffBlock& tiff, const std::string& name) {
  const size_t main = tiff.first_directory;
  const auto number = [&](uint32_t tag, uint32_t otherwise) {
    return field_number(tiff, find_field(tiff, main, tag), 0, otherwise);
  };
  constexpr uint32_t subfile_type = 254, bits = 258, photometric = 262, sample_format = 339, dng_version = 50706;
  const bool raw =
      (number(subfile_type, 0) & 1) || find_field(tiff, main, dng_version) || tiff.bytes.substr(8).starts_with("CR");
  if (raw) fail_reading(name, "is a camera's raw file", "export it as JPEG or TIFF first");
  if (number(sample_format, 1) != 1)
    fail_reading(name, "holds pixels that are no unsigned integers", "save it with 8 or 16 bits per channel");
  const uint32_t depth = number(bits, 1);
  if (depth != 1 && depth != 4 && depth != 8 && depth != 16)
    fail_reading(name, "has " + std::to_string(depth) + " bits per channel", "save it with 8 or 16");
  const uint32_t colours = number(photometric, 2);
  if (colours != 0 && colours != 1 && colours != 2 && colours != 3 && colours != 6)
    fail_reading(name, "is neither RGB nor grey", "save it as RGB");
}

}  // namespace

Decoded decode_png(std::string_view bytes, const std::string& name, const PhotoLimits& limits) {
  Decoded decoded;
  bool complete = false, is_srgb = false, has_pixels = false;
  const cv::Size size = png_size(bytes, name, limits);
  // The decoder gets the chunks that make the picture and no others: fewer ways in, and no chatter about the rest.
  std::string picture(bytes.substr(0, 8));
  for (size_t at = 8; at + 12 <= bytes.size() && !complete;) {
    const size_t length = number_at(bytes, at, 4, ByteOrder::big);
    if (length > bytes.size() - at - 12) break;
    const std::string_view kind = bytes.substr(at + 4, 4), body = bytes.substr(at + 8, length);
    if (kind == "sRGB") is_srgb = true;
    if (kind == "iCCP" && decoded.icc.empty()) decoded.icc = profile_of_iccp(body);
    if (kind == "eXIf") decoded.exif = read_exif(body);
    if (kind == "IDAT") has_pixels = true;
    complete = kind == "IEND";
    if (kind == "IHDR" || kind == "PLTE" || kind == "tRNS" || kind == "IDAT" || complete) {
      if (crc32(bytes.substr(at + 4, 4 + length)) != number_at(bytes, at + 8 + length, 4, ByteOrder::big))
        fail_damaged(name, "a checksum is wrong");
      picture += bytes.substr(at, 12 + length);
    }
    at += 12 + length;
  }
  if (!complete || !has_pixels) fail_damaged(name, "it ends early");
  if (is_srgb) decoded.icc.clear();
  decode_pixels(picture, size, name, decoded);
  return decoded;
}

Decoded decode_tiff(std::string_view bytes, const std::string& name, const PhotoLimits& limits) {
  constexpr uint32_t width_tag = 256, height_tag = 257, orientation_tag = 274, tile_width_tag = 322,
                     tile_height_tag = 323, extra_samples_tag = 338, icc_tag = 34675;
  const auto tiff = open_tiff(bytes);
  if (!tiff) fail_reading(name, "is a TIFF of a kind that is not supported", "save it as a plain TIFF or PNG");
  const auto field = [&](uint32_t tag) { return find_field(*tiff, tiff->first_directory, tag); };
  const uint32_t width = field_number(*tiff, field(width_tag), 0, 0);
  const uint32_t height = field_number(*tiff, field(height_tag), 0, 0);
  check_size(width, height, name, limits);
  check_size(field_number(*tiff, field(tile_width_tag), 0, 1), field_number(*tiff, field(tile_height_tag), 0, 1), name,
             limits);
  refuse_unusual_tiff(*tiff, name);

  Decoded decoded;
  decoded.exif = read_exif(bytes);
  const auto icc = field(icc_tag);
  if (icc && (icc->type == 1 || icc->type == 7) && icc->count <= max_icc_bytes)
    decoded.icc = bytes.substr(icc->at, icc->count);
  // OpenCV would turn the picture in some depths and multiply colour by unassociated alpha in others; a copy that
  // states neither keeps it from both.
  const auto orientation = field(orientation_tag), extra_samples = field(extra_samples_tag);
  const bool alpha_apart = field_number(*tiff, extra_samples, 0, 0) == 2;
  std::string neutral;
  if (decoded.exif.orientation != 1 || alpha_apart) {
    neutral = bytes;
    if (decoded.exif.orientation != 1) set_first_number(neutral, *tiff, *orientation, 1);
    if (alpha_apart) set_first_number(neutral, *tiff, *extra_samples, 0);
    bytes = neutral;
  }
  decode_pixels(bytes, {static_cast<int>(width), static_cast<int>(height)}, name, decoded);
  return decoded;
}

Decoded decode_webp(std::string_view bytes, const std::string& name, const PhotoLimits& limits) {
  WebpContents contents = read_webp(bytes);
  check_size(contents.size.width, contents.size.height, name, limits);
  if (!contents.complete) fail_damaged(name, "it ends early");
  Decoded decoded;
  decoded.exif = read_exif(contents.exif);
  if (contents.icc.size() <= max_icc_bytes) decoded.icc = contents.icc;
  std::string frame;
  if (!contents.first_frame.empty()) {
    frame = first_frame(contents.first_frame, contents.size);
    check_size(contents.size.width, contents.size.height, name, limits);
    bytes = frame;
  }
  decode_pixels(bytes, contents.size, name, decoded);
  return decoded;
}

}  // namespace stipple
