// Photo -> file. Encoders get bare pixels, so nothing of the client's file (place, time, camera) can leak; the one
// thing added is the note that marks a simulation.
#include <turbojpeg.h>

#include <filesystem>
#include <memory>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <string_view>
#include <vector>

#include "sim/core/error.h"
#include "sim/photo/bytes.h"
#include "sim/photo/file.h"
#include "sim/photo/photo.h"
#include "sim/photo/png.h"

namespace stipple {
namespace {

constexpr std::string_view simulation_note = "Simulation made with Stipple; not a photograph of a result";

[[noreturn]] void fail_encoding(const std::string& name, const std::string& detail) {
  throw Error(ErrorKind::internal, name, "cannot be encoded (" + detail + ")", "choose PNG or a smaller picture");
}

/// The pixels in 8 bits, rounded; shared with the photo when they are so already.
cv::Mat eight_bit(const cv::Mat& m) {
  if (m.depth() == CV_8U) return m;
  cv::Mat out;
  m.convertTo(out, CV_8U, 1.0 / 257);
  return out;
}

/// The note goes right after the JFIF header, where the standard wants it.
void add_jpeg_comment(std::string& jpeg) {
  const size_t app0_end = 4 + (static_cast<size_t>(static_cast<uint8_t>(jpeg[4])) << 8 | static_cast<uint8_t>(jpeg[5]));
  jpeg.insert(app0_end, "\xFF\xFE" + bytes_of(simulation_note.size() + 2, 2) + std::string(simulation_note));
}

std::string encode_jpeg(const Photo& photo, const std::string& name, bool simulation, int quality) {
  const cv::Mat rgb = eight_bit(photo.rgb);
  const std::unique_ptr<void, decltype(&tjDestroy)> turbo(tjInitCompress(), tjDestroy);
  // From quality 95 on, fine coloured detail is worth its bytes.
  const int subsampling = quality >= 95 ? TJSAMP_444 : TJSAMP_420;
  unsigned char* data = nullptr;
  unsigned long size = 0;
  const int result = tjCompress2(turbo.get(), rgb.data, rgb.cols, static_cast<int>(rgb.step), rgb.rows, TJPF_RGB, &data,
                                 &size, subsampling, quality, 0);
  const std::unique_ptr<unsigned char, decltype(&tjFree)> owner(data, tjFree);
  if (result != 0) fail_encoding(name, tjGetErrorStr2(turbo.get()));
  std::string jpeg(reinterpret_cast<const char*>(data), size);
  if (simulation) add_jpeg_comment(jpeg);
  return jpeg;
}

/// Through OpenCV, which wants blue first.
std::string encode_opencv(const Photo& photo, const std::string& name, const char* extension,
                          const std::vector<int>& options, bool force_8_bit) {
  cv::Mat pixels = force_8_bit ? eight_bit(photo.rgb) : photo.rgb, ordered;
  if (photo.alpha.empty()) {
    cv::cvtColor(pixels, ordered, cv::COLOR_RGB2BGR);
  } else {
    const cv::Mat parts[] = {pixels, force_8_bit ? eight_bit(photo.alpha) : photo.alpha};
    ordered.create(pixels.size(), CV_MAKETYPE(pixels.depth(), 4));
    const int from_to[] = {0, 2, 1, 1, 2, 0, 3, 3};
    cv::mixChannels(parts, 2, &ordered, 1, from_to, 4);
  }
  std::vector<uchar> bytes;
  try {
    if (!cv::imencode(extension, ordered, bytes, options)) fail_encoding(name, "the encoder failed");
  } catch (const cv::Exception& e) {
    fail_encoding(name, e.err);
  }
  return {bytes.begin(), bytes.end()};
}

/// `name` stands for the picture in messages.
std::string encode(const Photo& photo, const std::string& name, const std::string& extension, bool simulation,
                   int jpeg_quality) {
  std::string kind = extension.substr(extension.starts_with("."));
  for (char& c : kind) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (jpeg_quality < 1 || jpeg_quality > 100)
    throw Error(ErrorKind::usage, name, "the quality " + std::to_string(jpeg_quality) + " cannot be",
                "choose 1 to 100");
  if (photo.rgb.empty()) throw Error(ErrorKind::usage, name, "the picture has no pixels", "choose another one");
  if (kind == "png") return encode_png(photo.rgb, photo.alpha, simulation ? simulation_note : "");
  if (kind == "jpg" || kind == "jpeg") return encode_jpeg(photo, name, simulation, jpeg_quality);
  if (kind == "tif" || kind == "tiff") return encode_opencv(photo, name, ".tiff", {}, false);
  if (kind == "webp") return encode_opencv(photo, name, ".webp", {cv::IMWRITE_WEBP_QUALITY, jpeg_quality}, true);
  throw Error(ErrorKind::usage, name, "\"" + kind + "\" is no picture format that can be written",
              "end the name in .png, .jpg, .tiff or .webp");
}

}  // namespace

std::string encode_photo(const Photo& photo, const std::string& extension, bool simulation, int jpeg_quality) {
  return encode(photo, "picture", extension, simulation, jpeg_quality);
}

void write_photo(const Photo& photo, const std::string& path, bool simulation, int jpeg_quality) {
  const std::string extension = std::filesystem::path(path).extension().string();
  write_file_atomically(path, encode(photo, path, extension, simulation, jpeg_quality));
}

}  // namespace stipple
