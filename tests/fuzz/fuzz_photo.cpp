// Feeds damaged photos to the decoder: whatever the bytes, it returns a photo within the limits or throws Error.
//   fuzz_photo CORPUS_FOLDER [libFuzzer options]
// Seeds of every format are written into the corpus folder, so that none need be kept.
#include <filesystem>
#include <opencv2/core.hpp>
#include <string>

#include "sim/core/error.h"
#include "sim/photo/bytes.h"
#include "sim/photo/colour.h"
#include "sim/photo/file.h"
#include "sim/photo/formats.h"
#include "sim/photo/packing.h"
#include "sim/photo/photo.h"
#include "tests/photo_samples.h"

using namespace stipple;
using namespace stipple::testing;

namespace {

constexpr PhotoLimits small_limits{.pixels = 1 << 20, .side_px = 4096};

void write_seeds(const std::filesystem::path& folder) {
  const std::string icc =
      make_rgb_profile({{0.680, 0.320}, {0.265, 0.690}, {0.150, 0.060}, {0.3127, 0.3290}}, "Display P3");
  const std::string exif = exif_block(6, 26);
  int count = 0;
  for (const int depth : {CV_8U, CV_16U})
    for (const bool with_alpha : {false, true}) {
      Photo photo = made_photo({19, 13}, depth);
      if (with_alpha) cv::extractChannel(photo.rgb, photo.alpha, 0);
      const std::string jpeg = encode_photo(photo, "jpg", true, 80), webp = encode_photo(photo, "webp", true, 80);
      const std::string seeds[] = {
          jpeg_with(jpeg, jpeg_segment(0xE1, std::string("Exif\0\0", 6) + exif) + icc_segments(icc, 300)),
          png_with(encode_photo(photo, "png", true), png_chunk("eXIf", exif) + iccp_chunk(icc)),
          extended_webp(webp, photo.size(), 0x28, webp_chunk("ICCP", icc), webp_chunk("EXIF", exif)),
          made_tiff(photo.rgb, {{274, 6}}, icc),
          encode_photo(photo, "tiff", true),
          jpeg,
          webp};
      for (const std::string& seed : seeds)
        write_file_atomically((folder / ("seed-" + std::to_string(count++))).string(), seed);
    }
}

/// Makes the checksums of a PNG's chunks right, so that damage reaches the decoder behind them.
void repair_png(std::string& bytes) {
  if (!bytes.starts_with("\x89PNG")) return;
  for (size_t at = 8; at + 12 <= bytes.size();) {
    const size_t length = number_at(bytes, at, 4, ByteOrder::big);
    if (length > bytes.size() - at - 12) return;
    bytes.replace(at + 8 + length, 4, bytes_of(crc32(part(bytes, at + 4, 4 + length)), 4));
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
