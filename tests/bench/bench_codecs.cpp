// Our way in and out of files against the bare libraries, in the same run: 12 MP, interleaved, medians.
//   bench_codecs [megapixels] [rounds]
#include <sys/resource.h>
#include <turbojpeg.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "sim/photo/photo.h"

using namespace stipple;

namespace {

double milliseconds(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

double peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

/// Soft shapes with fine grain: compresses like a photo (JPEG at quality 92 to about 0.25 bytes per pixel).
Photo made_photo(double megapixels) {
  const int width = static_cast<int>(std::sqrt(megapixels * 1e6 * 4 / 3)), height = width * 3 / 4;
  cv::Mat3f coarse(height / 40, width / 40), smooth;
  cv::RNG random(7);
  random.fill(coarse, cv::RNG::UNIFORM, 40, 220);
  cv::resize(coarse, smooth, {width, height}, 0, 0, cv::INTER_CUBIC);
  cv::Mat1f fine(height, width), grain;
  random.fill(fine, cv::RNG::NORMAL, 0, 12);
  cv::GaussianBlur(fine, grain, {}, 0.8);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) smooth(y, x) += cv::Vec3f::all(grain(y, x));
  Photo photo;
  smooth.convertTo(photo.rgb, CV_8UC3);
  return photo;
}

void plain_decode(const std::string& jpeg) {
  int width = 0, height = 0, subsampling = 0, colours = 0;
  const auto* data = reinterpret_cast<const unsigned char*>(jpeg.data());
  const tjhandle turbo = tjInitDecompress();
  tjDecompressHeader3(turbo, data, jpeg.size(), &width, &height, &subsampling, &colours);
  cv::Mat rgb(height, width, CV_8UC3);
  tjDecompress2(turbo, data, jpeg.size(), rgb.data, width, 0, height, TJPF_RGB, 0);
  tjDestroy(turbo);
}

void plain_encode(const cv::Mat& rgb, int quality, int subsampling) {
  unsigned char* data = nullptr;
  unsigned long size = 0;
  const tjhandle turbo = tjInitCompress();
  tjCompress2(turbo, rgb.data, rgb.cols, 0, rgb.rows, TJPF_RGB, &data, &size, subsampling, quality, 0);
  tjFree(data);
  tjDestroy(turbo);
}

}  // namespace

int main(int argc, char** argv) {
  const double megapixels = argc > 1 ? std::atof(argv[1]) : 12;
  const int rounds = argc > 2 ? std::max(1, std::atoi(argv[2])) : 5;
  Photo photo = made_photo(megapixels);
  const std::string jpeg = encode_photo(photo, "jpg", true, 92), png = encode_photo(photo, "png", true);
  const cv::Rect all({}, photo.size());
  std::vector<uchar> out, level_1;
  cv::imencode(".png", photo.rgb, level_1);
  std::printf("%d x %d, JPEG %.2f MB, PNG %.2f MB (libpng level 1: %.2f MB)\n", photo.rgb.cols, photo.rgb.rows,
              static_cast<double>(jpeg.size()) / 1e6, static_cast<double>(png.size()) / 1e6,
              static_cast<double>(level_1.size()) / 1e6);

  // Ours first, then what it is measured against; libpng's default is so slow that one round must do.
  struct Contest {
    const char* name;
    std::function<void()> ours, reference;
    int rounds;
  };
  const cv::Mat3f linear = linear_light(photo, all);
  const cv::Mat copy = photo.rgb.clone();
  const std::vector<Contest> contests{
      {"JPEG decode / libturbojpeg", [&] { decode_photo(jpeg, "a"); }, [&] { plain_decode(jpeg); }, rounds},
      {"JPEG encode q92 / libturbojpeg", [&] { encode_photo(photo, "jpg", true, 92); },
       [&] { plain_encode(photo.rgb, 92, TJSAMP_420); }, rounds},
      {"JPEG encode q95 / libturbojpeg", [&] { encode_photo(photo, "jpg", true, 95); },
       [&] { plain_encode(photo.rgb, 95, TJSAMP_444); }, rounds},
      {"PNG encode / libpng level 1", [&] { encode_photo(photo, "png", true); },
       [&] { cv::imencode(".png", photo.rgb, out); }, rounds},
      {"PNG encode / libpng default", [&] { encode_photo(photo, "png", true); },
       [&] {
         cv::imencode(".png", photo.rgb, out, {cv::IMWRITE_PNG_COMPRESSION, 6, cv::IMWRITE_PNG_STRATEGY, 0});
       },
       1},
      {"linear light / copy of the pixels", [&] { linear_light(photo, all); }, [&] { photo.rgb.copyTo(copy); }, rounds},
      {"store linear / copy of the pixels", [&] { store_linear(photo, all, linear); }, [&] { photo.rgb.copyTo(copy); },
       rounds}};
  for (const Contest& contest : contests) {
    std::vector<double> ours, reference;
    for (int i = 0; i < contest.rounds; ++i) {
      ours.push_back(milliseconds(contest.ours));
      reference.push_back(milliseconds(contest.reference));
    }
    std::sort(ours.begin(), ours.end());
    std::sort(reference.begin(), reference.end());
    const double a = ours[ours.size() / 2], b = reference[reference.size() / 2];
    std::printf("%-36s %8.1f ms %8.1f ms  ratio %.3f\n", contest.name, a, b, a / b);
  }
  std::printf("peak memory of this run %.0f MiB\n", peak_mib());
  return 0;
}
