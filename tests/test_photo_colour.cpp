// Known answers for colour: embedded profiles against published matrices, inks, grey, and linear light.
#include <doctest/doctest.h>
#include <lcms2.h>
#include <turbojpeg.h>

#include <array>
#include <cmath>
#include <opencv2/core.hpp>
#include <optional>
#include <string>

#include "sim/core/random.h"
#include "sim/photo/colour.h"
#include "sim/photo/photo.h"
#include "tests/photo_samples.h"

using namespace stipple;
using namespace stipple::testing;

namespace {

double decoded(double v) { return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4); }
double encoded(double v) { return v <= 0.0031308 ? v * 12.92 : 1.055 * std::pow(v, 1 / 2.4) - 0.055; }

const Primaries display_p3{{0.680, 0.320}, {0.265, 0.690}, {0.150, 0.060}, {0.3127, 0.3290}};

/// Display P3 to sRGB by the published matrix (both D65, both with the sRGB curve); nothing outside the sRGB gamut.
std::optional<std::array<double, 3>> p3_to_srgb(const std::array<double, 3>& p3) {
  constexpr double m[3][3] = {
      {1.2249402, -0.2249402, 0}, {-0.0420570, 1.0420570, 0}, {-0.0196376, -0.0786361, 1.0982736}};
  std::array<double, 3> srgb{};
  for (size_t row = 0; row < 3; ++row) {
    double sum = 0;
    for (size_t c = 0; c < 3; ++c) sum += m[row][c] * decoded(p3[c]);
    if (sum < 0 || sum > 1) return {};
    srgb[row] = encoded(sum);
  }
  return srgb;
}

template <class Pixel>
double largest_p3_error(const cv::Mat& converted, const cv::Mat& p3, double top) {
  double largest = 0;
  int compared = 0;
  for (int y = 0; y < p3.rows; ++y)
    for (int x = 0; x < p3.cols; ++x) {
      const auto from = p3.at<Pixel>(y, x), to = converted.at<Pixel>(y, x);
      const auto expected = p3_to_srgb({from[0] / top, from[1] / top, from[2] / top});
      for (int c = 0; expected && c < 3; ++c, ++compared)
        largest = std::max(largest, std::abs(to[c] - top * (*expected)[static_cast<size_t>(c)]));
    }
  CHECK(compared > 3000);
  return largest;
}

/// A press profile whose ink only darkens: L* = 100 (1 - k) (1 - (c + m + y) / 3).
std::string grey_ink_profile() {
  const cmsHPROFILE profile = cmsCreateProfilePlaceholder(nullptr);
  cmsSetProfileVersion(profile, 2.1);
  cmsSetDeviceClass(profile, cmsSigOutputClass);
  cmsSetColorSpace(profile, cmsSigCmykData);
  cmsSetPCS(profile, cmsSigLabData);
  cmsPipeline* const pipeline = cmsPipelineAlloc(nullptr, 4, 3);
  cmsStage* const table = cmsStageAllocCLut16bit(nullptr, 9, 4, 3, nullptr);
  cmsStageSampleCLut16bit(
      table,
      [](const cmsUInt16Number in[], cmsUInt16Number out[], void*) -> cmsInt32Number {
        const double ink = (in[0] + in[1] + in[2]) / 3.0 / 65535, black = in[3] / 65535.0;
        out[0] = static_cast<cmsUInt16Number>(std::lround(65280 * (1 - black) * (1 - ink)));
        out[1] = out[2] = 0x8000;
        return 1;
      },
      nullptr, 0);
  cmsPipelineInsertStage(pipeline, cmsAT_END, table);
  cmsWriteTag(profile, cmsSigAToB0Tag, pipeline);
  cmsWriteTag(profile, cmsSigAToB1Tag, pipeline);
  cmsUInt32Number size = 0;
  cmsSaveProfileToMem(profile, nullptr, &size);
  std::string bytes(size, '\0');
  cmsSaveProfileToMem(profile, bytes.data(), &size);
  cmsPipelineFree(pipeline);
  cmsCloseProfile(profile);
  return bytes;
}

/// A JPEG of one CMYK colour, as Adobe writes it (255 = bare paper).
std::string cmyk_jpeg(const cv::Vec4b& ink) {
  const cv::Mat4b paper(16, 16, cv::Vec4b::all(255) - ink);
  unsigned char* data = nullptr;
  unsigned long size = 0;
  const tjhandle turbo = tjInitCompress();
  REQUIRE(tjCompress2(turbo, paper.data, 16, 0, 16, TJPF_CMYK, &data, &size, TJSAMP_444, 100, 0) == 0);
  std::string jpeg(reinterpret_cast<const char*>(data), size);
  tjFree(data);
  tjDestroy(turbo);
  return jpeg;
}

}  // namespace

TEST_CASE("Display P3 becomes sRGB by the published matrix, in every container") {
  const std::string icc = make_rgb_profile(display_p3, "Display P3");
  const Photo p3 = made_photo({64, 64});
  const auto check = [&](const std::string& bytes, const cv::Mat& before) {
    const Photo photo = decode_photo(bytes, "a");
    CHECK(photo.profile == "Display P3");
    CHECK(largest_p3_error<cv::Vec3b>(photo.rgb, before, 255) <= 1.0);  // half a code of rounding, half of lcms' tables
  };
  check(png_with(encode_photo(p3, "png", false), iccp_chunk(icc)), p3.rgb);
  check(made_tiff(p3.rgb, {}, icc), p3.rgb);
  const std::string jpeg = encode_photo(p3, "jpg", false, 100), webp = encode_photo(p3, "webp", false, 90);
  check(jpeg_with(jpeg, icc_segments(icc, 60'000)), decode_photo(jpeg, "a").rgb);
  check(jpeg_with(jpeg, icc_segments(icc, 100)), decode_photo(jpeg, "a").rgb);
  check(extended_webp(webp, p3.size(), 0x20, webp_chunk("ICCP", icc), ""), decode_photo(webp, "a").rgb);

  const Photo deep = made_photo({64, 64}, CV_16U);
  const Photo converted = decode_photo(png_with(encode_photo(deep, "png", false), iccp_chunk(icc)), "a");
  // Profiles store numbers in steps of 1/65536; three of them, off by half a step each, on the slope 12.92 near black.
  CHECK(largest_p3_error<cv::Vec3w>(converted.rgb, deep.rgb, 65535) <= 0.5 + 12.92 * 3 * 0.5);
}

TEST_CASE("grey stays grey and white stays white under a wide profile") {
  Photo photo;
  photo.rgb.create(1, 256, CV_8UC3);
  for (int v = 0; v < 256; ++v) photo.rgb.at<cv::Vec3b>(0, v) = cv::Vec3b::all(static_cast<uint8_t>(v));
  const std::string icc = make_rgb_profile(display_p3, "Display P3");
  const Photo converted = decode_photo(png_with(encode_photo(photo, "png", false), iccp_chunk(icc)), "a");
  CHECK(cv::norm(converted.rgb, photo.rgb, cv::NORM_INF) <= 1);
  CHECK(converted.rgb.at<cv::Vec3b>(0, 255) == cv::Vec3b::all(255));
}

TEST_CASE("an sRGB profile leaves every pixel as it is") {
  const Primaries bt709{{0.64, 0.33}, {0.30, 0.60}, {0.15, 0.06}, {0.3127, 0.3290}};
  const std::string icc = make_rgb_profile(bt709, "some sRGB");
  for (const int depth : {CV_8U, CV_16U}) {
    const Photo photo = made_photo({64, 64}, depth);
    const Photo back = decode_photo(png_with(encode_photo(photo, "png", false), iccp_chunk(icc)), "a");
    CHECK(same(back.rgb, photo.rgb));
    CHECK(back.profile == "sRGB");
  }
}

TEST_CASE("damaged profiles and profiles for other channels are ignored") {
  const Photo photo = made_photo({64, 64});
  const std::string png = encode_photo(photo, "png", false), icc = make_rgb_profile(display_p3, "Display P3");
  const auto decoded_with = [&](const std::string& profile) {
    return decode_photo(png_with(png, iccp_chunk(profile)), "a");
  };
  CHECK(same(decoded_with(grey_ink_profile()).rgb, photo.rgb));
  CHECK(same(decoded_with("").rgb, photo.rgb));
  CHECK(same(decoded_with("no profile at all").rgb, photo.rgb));
  CHECK(same(decoded_with(icc.substr(0, 200)).rgb, photo.rgb));
  // A part that is missing makes the whole profile of a JPEG void.
  const std::string jpeg = encode_photo(photo, "jpg", false);
  const std::string last_part_missing = icc_segments(icc, 300).substr(icc.size() % 300 + 18);
  CHECK(same(decode_photo(jpeg_with(jpeg, last_part_missing), "a").rgb, decode_photo(jpeg, "a").rgb));
  // Whatever byte is changed, a picture of the same size comes out.
  for (uint64_t i = 0; i < 250; ++i) {
    std::string hostile = icc;
    for (uint64_t k = 0; k < 3; ++k)
      hostile[static_cast<size_t>(uniform(1, i, 2 * k) * static_cast<double>(icc.size()))] =
          static_cast<char>(hash64(1, i, 2 * k + 1));
    cv::Mat pixels = photo.rgb(cv::Rect(0, 0, 8, 8)).clone();
    to_srgb(pixels, hostile);
    REQUIRE(pixels.size() == cv::Size(8, 8));
    REQUIRE(pixels.type() == CV_8UC3);
  }
}

TEST_CASE("the profile of a grey picture sets its tones") {
  cv::Mat grey(1, 256, CV_8UC1);
  for (int v = 0; v < 256; ++v) grey.at<uint8_t>(0, v) = static_cast<uint8_t>(v);
  cmsToneCurve* const straight = cmsBuildGamma(nullptr, 1.0);
  const cmsHPROFILE profile = cmsCreateGrayProfile(cmsD50_xyY(), straight);
  cmsUInt32Number size = 0;
  cmsSaveProfileToMem(profile, nullptr, &size);
  std::string icc(size, '\0');
  cmsSaveProfileToMem(profile, icc.data(), &size);
  cmsCloseProfile(profile);
  cmsFreeToneCurve(straight);
  const Photo photo = decode_photo(made_tiff(grey, {}, icc), "a");
  for (int v = 0; v < 256; ++v)
    for (int c = 0; c < 3; ++c) CHECK(std::abs(photo.rgb.at<cv::Vec3b>(0, v)[c] - 255 * encoded(v / 255.0)) <= 1.0);
}

TEST_CASE("CMYK pictures follow their profile, or plain inks without one") {
  const cv::Vec4b ink(51, 102, 153, 64);
  const cv::Vec3b plain = decode_photo(cmyk_jpeg(ink), "a").rgb.at<cv::Vec3b>(8, 8);
  const cv::Vec3b managed =
      decode_photo(jpeg_with(cmyk_jpeg(ink), icc_segments(grey_ink_profile(), 60'000)), "a").rgb.at<cv::Vec3b>(8, 8);
  const double lightness = 100 * (1 - 64 / 255.0) * (1 - (51 + 102 + 153) / 3.0 / 255);
  const double grey = 255 * encoded(std::pow((lightness + 16) / 116, 3));
  for (int c = 0; c < 3; ++c) {
    CHECK(std::abs(plain[c] - 255 * (1 - ink[c] / 255.0) * (1 - ink[3] / 255.0)) <= 2);
    CHECK(std::abs(managed[c] - grey) <= 2);
  }
}

TEST_CASE("linear light follows the sRGB definition, and every code survives the round trip") {
  for (const int depth : {CV_8U, CV_16U}) {
    const int codes = depth == CV_8U ? 256 : 65536;
    Photo photo;
    photo.rgb.create(1, codes, CV_MAKETYPE(depth, 3));
    for (int v = 0; v < codes; ++v) {
      if (depth == CV_8U)
        photo.rgb.at<cv::Vec3b>(0, v) = cv::Vec3b::all(static_cast<uint8_t>(v));
      else
        photo.rgb.at<cv::Vec3w>(0, v) = cv::Vec3w::all(static_cast<uint16_t>(v));
    }
    const cv::Rect all(0, 0, codes, 1);
    const cv::Mat3f linear = linear_light(photo, all);
    for (int v = 0; v < codes; v += codes / 256)
      CHECK(linear(0, v)[1] == static_cast<float>(decoded(v / (codes - 1.0))));
    Photo back = photo;
    back.rgb = cv::Mat::zeros(photo.rgb.size(), photo.rgb.type());
    store_linear(back, all, linear);
    CHECK(same(back.rgb, photo.rgb));
  }
}

TEST_CASE("storing rounds to the nearest code and clamps") {
  for (const int depth : {CV_8U, CV_16U}) {
    const double top = depth == CV_8U ? 255 : 65535;
    const int n = 200'000;
    Photo photo;
    photo.rgb.create(1, n, CV_MAKETYPE(depth, 3));
    cv::Mat3f linear(1, n);
    for (int i = 0; i < n; ++i)
      for (int c = 0; c < 3; ++c)
        linear(0, i)[c] =
            static_cast<float>(std::pow(uniform(3, static_cast<uint64_t>(i), static_cast<uint64_t>(c)), 3));
    store_linear(photo, {0, 0, n, 1}, linear);
    double largest = 0;
    for (int i = 0; i < n; ++i)
      for (int c = 0; c < 3; ++c) {
        const double code = depth == CV_8U ? photo.rgb.at<cv::Vec3b>(0, i)[c] : photo.rgb.at<cv::Vec3w>(0, i)[c];
        largest = std::max(largest, std::abs(code - top * encoded(linear(0, i)[c])));
      }
    CHECK(largest <= 0.5 + top * 1e-7);  // the sRGB definition's own two branches meet only to 1e-7
  }
  Photo photo = made_photo({4, 2});
  const cv::Mat before = photo.rgb.clone();
  cv::Mat3f odd(1, 2);
  odd(0, 0) = cv::Vec3f(-1, 2, NAN);
  odd(0, 1) = cv::Vec3f(-INFINITY, INFINITY, 1);
  store_linear(photo, {1, 1, 2, 1}, odd);
  CHECK(photo.rgb.at<cv::Vec3b>(1, 1) == cv::Vec3b(0, 255, 0));
  CHECK(photo.rgb.at<cv::Vec3b>(1, 2) == cv::Vec3b(0, 255, 255));
  CHECK(same(photo.rgb.row(0), before.row(0)));
}
