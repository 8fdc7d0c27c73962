// JPEG through libjpeg-turbo, which decodes straight into the photo's memory. Warnings of the decoder (data that ends
// early, broken codes) refuse the file, but for those that real cameras cause without harm.
// Based on: ITU-T T.81 B.1 (markers); ICC.1:2010 B.4 (profiles in APP2); Adobe TN 5116 (APP14).
#include <turbojpeg.h>

#include <map>
#include <memory>
#include <string>

#include "sim/photo/bytes.h"
#include "sim/photo/formats.h"

namespace stipple {
namespace {

using namespace std::string_view_literals;
using Turbo = std::unique_ptr<void, decltype(&tjDestroy)>;

/// What the application segments before the first scan hold.
struct Segments {
  Exif exif;
  std::string icc;
  bool adobe = false;
};

Segments read_segments(std::string_view bytes) {
  Segments found;
  std::map<uint32_t, std::string_view> icc_parts;
  uint32_t icc_count = 0;
  bool has_exif = false;
  for (size_t at = 2; at + 4 <= bytes.size();) {
    if (number_at(bytes, at, 1, ByteOrder::big) != 0xFF) break;
    const uint32_t marker = number_at(bytes, at + 1, 1, ByteOrder::big);
    if (marker == 0xFF) {  // fill byte
      ++at;
      continue;
    }
    const bool scan_or_end = marker == 0xDA || marker == 0xD9;
    const uint32_t length = number_at(bytes, at + 2, 2, ByteOrder::big);
    if (scan_or_end || length < 2) break;
    const std::string_view body = part(bytes, at + 4, length - 2);
    if (marker == 0xE1 && body.starts_with("Exif\0\0"sv) && !has_exif) {
      found.exif = read_exif(body);
      has_exif = true;
    } else if (marker == 0xE2 && body.starts_with("ICC_PROFILE\0"sv) && body.size() > 14) {
      icc_count = number_at(body, 13, 1, ByteOrder::big);
      icc_parts.emplace(number_at(body, 12, 1, ByteOrder::big), body.substr(14));
    } else if (marker == 0xEE && body.starts_with("Adobe"sv)) {
      found.adobe = true;
    }
    at += 2 + size_t{length};
  }
  // A profile with a part missing is no profile.
  for (uint32_t i = 1; i <= icc_count && icc_parts.size() == icc_count; ++i) found.icc += icc_parts[i];
  return found;
}

bool is_harmless(std::string_view warning) {
  for (const auto known : {"extraneous bytes before marker"sv, "JFIF revision"sv, "Adobe color transform"sv})
    if (warning.find(known) != std::string_view::npos) return true;
  return false;
}

std::string_view reason_of(const Turbo& turbo) { return tjGetErrorStr2(turbo.get()); }

/// Stops at the first warning; a harmless one is passed over by decoding again to the end.
void decompress(const Turbo& turbo, std::string_view bytes, cv::Mat& pixels, int format, const std::string& name) {
  const auto run = [&](int flags) {
    return tjDecompress2(turbo.get(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), pixels.data,
                         pixels.cols, static_cast<int>(pixels.step), pixels.rows, format, flags | TJFLAG_LIMITSCANS);
  };
  if (run(TJFLAG_STOPONWARNING) == 0) return;
  if (is_harmless(reason_of(turbo)) && (run(0) == 0 || is_harmless(reason_of(turbo)))) return;
  fail_damaged(name, std::string(reason_of(turbo)));
}

}  // namespace

Decoded decode_jpeg(std::string_view bytes, const std::string& name, const PhotoLimits& limits) {
  const Turbo turbo(tjInitDecompress(), tjDestroy);
  int width = 0, height = 0, subsampling = 0, colours = 0;
  const int header = tjDecompressHeader3(turbo.get(), reinterpret_cast<const unsigned char*>(bytes.data()),
                                         bytes.size(), &width, &height, &subsampling, &colours);
  if (header != 0 && tjGetErrorCode(turbo.get()) == TJERR_FATAL) fail_damaged(name, std::string(reason_of(turbo)));
  check_size(width, height, name, limits);

  Segments segments = read_segments(bytes);
  Decoded decoded;
  decoded.exif = segments.exif;
  decoded.icc = std::move(segments.icc);
  const bool grey = colours == TJCS_GRAY, cmyk = colours == TJCS_CMYK || colours == TJCS_YCCK;
  decoded.pixels.create(height, width, grey ? CV_8UC1 : cmyk ? CV_8UC4 : CV_8UC3);
  decompress(turbo, bytes, decoded.pixels, grey ? TJPF_GRAY : cmyk ? TJPF_CMYK : TJPF_RGB, name);
  if (cmyk && segments.adobe) cv::bitwise_not(decoded.pixels, decoded.pixels);  // Adobe stores bare paper as 255
  return decoded;
}

}  // namespace stipple
