// Feeds damaged photos to the decoder: whatever the bytes, it returns a photo within the limits or throws Error.
//   fuzz_photo CORPUS_FOLDER [libFuzzer options]
// Seeds of every format are written into the corpus folder, so that none need be kept.
#include <filesystem>
#include <opencv2/core.hpp>
#include <string>

#include "sim/core/error.h"
#include "sim/photo/bytes.h"
#include "sim/photo/checksum.h"
#include "sim/photo/colour.h"
#include "sim/photo/deflate.h"
#include "sim/photo/file.h"
#include "sim/photo/formats.h"
#include "sim/photo/photo.h"

using namespace stipple;

namespace {

constexpr PhotoLimits small_limits{.pixels = 1 << 20, .side_px = 4096};

std::string big_endian(size_t value, int width) {
  std::string bytes;
  while (width--) bytes += static_cast<char>(value >> (8 * width) & 255);
  return bytes;
}

std::string png_chunk(const std::string& kind, const std::string& body) {
  return big_endian(body.size(), 4) + kind + body + big_endian(crc32(kind + body), 4);
}

std::string zlib_of(const std::string& bytes) {
  std::string stream = "\x78\x01";
  deflate_runs(bytes, true, stream);
  return stream + big_endian(adler32(bytes), 4);
}

Photo noise_photo(cv::Size size, int depth, bool with_alpha) {
  Photo photo;
  photo.rgb.create(size, CV_MAKETYPE(depth, 3));
  cv::RNG random(1);
  random.fill(photo.rgb, cv::RNG::UNIFORM, 0, depth == CV_8U ? 256 : 65536);
  if (with_alpha) cv::extractChannel(photo.rgb, photo.alpha, 0);
  return photo;
}

void write_seeds(const std::filesystem::path& folder) {
  const std::string icc =
      make_rgb_profile({{0.680, 0.320}, {0.265, 0.690}, {0.150, 0.060}, {0.3127, 0.3290}}, "Display P3");
  // An EXIF block: orientation 6, then the directory with a 35 mm focal length of 26.
  const std::string exif = "MM" + big_endian(42, 2) + big_endian(8, 4) + big_endian(2, 2) + big_endian(0x01120003, 4) +
                           big_endian(1, 4) + big_endian(6 << 16, 4) + big_endian(0x87690004, 4) + big_endian(1, 4) +
                           big_endian(38, 4) + big_endian(0, 4) + big_endian(1, 2) + big_endian(0xA4050003, 4) +
                           big_endian(1, 4) + big_endian(26 << 16, 4) + big_endian(0, 4);
  int count = 0;
  for (const int depth : {CV_8U, CV_16U})
    for (const bool with_alpha : {false, true})
      for (const char* extension : {"png", "jpg", "tiff", "webp"}) {
        std::string bytes = encode_photo(noise_photo({19, 13}, depth, with_alpha), extension, true, 80);
        if (extension == std::string("jpg")) {
          const std::string app1 = std::string("Exif\0\0", 6) + exif, app2 = std::string("ICC_PROFILE\0\1\1", 14) + icc;
          bytes.insert(2, "\xFF\xE1" + big_endian(app1.size() + 2, 2) + app1);
          bytes.insert(2, "\xFF\xE2" + big_endian(app2.size() + 2, 2) + app2);
        }
        if (extension == std::string("png"))
          bytes.insert(33, png_chunk("eXIf", exif) + png_chunk("iCCP", std::string("p\0\0", 3) + zlib_of(icc)));
        write_file_atomically((folder / ("seed-" + std::to_string(count++))).string(), bytes);
      }
}

/// Makes the checksums of a PNG's chunks right, so that damage reaches the decoder behind them.
void repair_png(std::string& bytes) {
  if (!bytes.starts_with("\x89PNG")) return;
  for (size_t at = 8; at + 12 <= bytes.size();) {
    const size_t length = number_at(bytes, at, 4, ByteOrder::big);
    if (length > bytes.size() - at - 12) return;
    bytes.replace(at + 8 + length, 4, big_endian(crc32(part(bytes, at + 4, 4 + length)), 4));
    at += 12 + length;
  }
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  for (int i = 1; i < *argc; ++i)
    if (std::filesystem::is_directory((*argv)[i])) {
      write_seeds((*argv)[i]);
      break;
    }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  repair_png(bytes);
  try {
    const Photo photo = decode_photo(bytes, "fuzz", small_limits);
    const bool sound = !photo.rgb.empty() && photo.rgb.channels() == 3 &&
                       static_cast<int64_t>(photo.rgb.total()) <= small_limits.pixels &&
                       (photo.alpha.empty() || photo.alpha.size() == photo.rgb.size());
    if (!sound) __builtin_trap();
  } catch (const Error&) {
  }
  return 0;
}
