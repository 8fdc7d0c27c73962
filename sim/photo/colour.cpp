// Converts rows in parallel with one shared lcms2 transform. A profile is judged by what it does, not by its name: when
// it moves no sample colour by more than one 8-bit step it is sRGB, and the pixels stay bit-identical.
#include "sim/photo/colour.h"

#include <lcms2.h>

#include <memory>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace stipple {
namespace {

struct CloseProfile {
  void operator()(void* p) const { cmsCloseProfile(p); }
};
struct DeleteTransform {
  void operator()(void* t) const { cmsDeleteTransform(t); }
};
using Profile = std::unique_ptr<void, CloseProfile>;
using Transform = std::unique_ptr<void, DeleteTransform>;

/// The lcms pixel format of `channels` in `bytes` per sample.
cmsUInt32Number layout(int channels, int bytes) {
  const cmsUInt32Number n = static_cast<cmsUInt32Number>(channels), b = static_cast<cmsUInt32Number>(bytes);
  const cmsUInt32Number space = channels == 1 ? PT_GRAY : channels == 3 ? PT_RGB : PT_CMYK;
  return COLORSPACE_SH(space) | CHANNELS_SH(n) | BYTES_SH(b);
}

/// The profile when it describes pixels of this many channels.
Profile open_profile(const std::string& icc, int channels) {
  Profile profile(cmsOpenProfileFromMem(icc.data(), static_cast<cmsUInt32Number>(icc.size())));
  if (!profile) return {};
  const cmsProfileClassSignature kind = cmsGetDeviceClass(profile.get());
  if (kind != cmsSigInputClass && kind != cmsSigDisplayClass && kind != cmsSigOutputClass &&
      kind != cmsSigColorSpaceClass)
    return {};
  const cmsColorSpaceSignature wanted = channels == 1 ? cmsSigGrayData : channels == 3 ? cmsSigRgbData : cmsSigCmykData;
  return cmsGetColorSpace(profile.get()) == wanted ? std::move(profile) : Profile{};
}

Transform make_transform(const Profile& from, int channels, int bytes) {
  const Profile srgb(cmsCreate_sRGBProfile());
  // lcms' tables are exact enough for 8-bit colour alone: they sample grey ramps and 16 bits too coarsely. No cache,
  // because threads share the transform.
  const bool exact = bytes == 2 || channels == 1;
  const cmsUInt32Number flags = cmsFLAGS_NOCACHE | (exact ? cmsFLAGS_NOOPTIMIZE : 0u);
  return Transform(cmsCreateTransform(from.get(), layout(channels, bytes), srgb.get(), layout(3, bytes),
                                      INTENT_RELATIVE_COLORIMETRIC, flags));
}

std::string description_of(const Profile& profile) {
  std::array<char, 128> text{};
  cmsGetProfileInfoASCII(profile.get(), cmsInfoDescription, "en", "US", text.data(), text.size() - 1);
  std::string description;
  for (const char* c = text.data(); *c; ++c) description += *c >= ' ' && *c <= '~' ? *c : '?';
  return description.empty() ? "unnamed profile" : description;
}

/// Whether a transform from 8-bit grey or RGB leaves a grid of sample colours where they are.
bool is_identity(const Transform& transform, int channels) {
  constexpr int steps = 9;
  std::vector<uint8_t> in, out;
  for (int i = 0; i < steps * steps * steps; ++i) {
    const int level[3] = {i % steps, i / steps % steps, i / steps / steps};
    for (int c = 0; c < 3; ++c) {
      const auto value = static_cast<uint8_t>(level[channels == 1 ? 0 : c] * 255 / (steps - 1));
      out.push_back(value);
      if (c < channels) in.push_back(value);
    }
  }
  std::vector<uint8_t> moved(out.size());
  cmsDoTransform(transform.get(), in.data(), moved.data(), steps * steps * steps);
  for (size_t i = 0; i < out.size(); ++i)
    if (std::abs(out[i] - moved[i]) > 1) return false;
  return true;
}

/// Applies `row(y)` to all rows in parallel.
template <class Row>
void for_rows(int rows, Row&& row) {
  cv::parallel_for_(cv::Range(0, rows), [&](const cv::Range& range) {
    for (int y = range.start; y < range.end; ++y) row(y);
  });
}

/// What the pixels mean when no profile says it.
void assume_srgb(cv::Mat& pixels) {
  if (pixels.channels() == 3) return;
  cv::Mat rgb(pixels.size(), CV_MAKETYPE(pixels.depth(), 3));
  if (pixels.channels() == 1) {
    cv::cvtColor(pixels, rgb, cv::COLOR_GRAY2RGB);
  } else {
    for_rows(pixels.rows, [&](int y) {
      const auto* ink = pixels.ptr<cv::Vec4b>(y);
      auto* out = rgb.ptr<cv::Vec3b>(y);
      for (int x = 0; x < pixels.cols; ++x)
        for (int c = 0; c < 3; ++c)
          out[x][c] = static_cast<uint8_t>(((255 - ink[x][c]) * (255 - ink[x][3]) + 127) / 255);
    });
  }
  pixels = rgb;
}

}  // namespace

std::string to_srgb(cv::Mat& pixels, const std::string& icc) {
  const int channels = pixels.channels(), bytes = pixels.depth() == CV_16U ? 2 : 1;
  const Profile profile = icc.empty() ? Profile{} : open_profile(icc, channels);
  const Transform probe = profile ? make_transform(profile, channels, 1) : Transform{};
  if (!probe || (channels != 4 && is_identity(probe, channels))) {
    assume_srgb(pixels);
    return "sRGB";
  }
  const Transform transform = make_transform(profile, channels, bytes);
  if (!transform) {
    assume_srgb(pixels);
    return "sRGB";
  }
  // Three channels are converted in place, so that a large photo is held once.
  cv::Mat rgb = channels == 3 ? pixels : cv::Mat(pixels.size(), CV_MAKETYPE(pixels.depth(), 3));
  for_rows(pixels.rows, [&](int y) {
    cmsDoTransform(transform.get(), pixels.ptr(y), rgb.ptr(y), static_cast<cmsUInt32Number>(pixels.cols));
  });
  pixels = rgb;
  return description_of(profile);
}

std::string make_rgb_profile(const Primaries& primaries, const std::string& description) {
  const auto xy = [](const std::array<double, 2>& p) { return cmsCIExyY{p[0], p[1], 1}; };
  const cmsCIExyY white = xy(primaries.white);
  const cmsCIExyYTRIPLE colours{xy(primaries.red), xy(primaries.green), xy(primaries.blue)};
  const cmsFloat64Number srgb_curve[5] = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
  const std::unique_ptr<cmsToneCurve, decltype(&cmsFreeToneCurve)> curve(
      cmsBuildParametricToneCurve(nullptr, 4, srgb_curve), cmsFreeToneCurve);
  cmsToneCurve* const curves[3] = {curve.get(), curve.get(), curve.get()};
  const Profile profile(cmsCreateRGBProfile(&white, &colours, curves));
  if (!profile) return {};
  const std::unique_ptr<cmsMLU, decltype(&cmsMLUfree)> text(cmsMLUalloc(nullptr, 1), cmsMLUfree);
  cmsMLUsetASCII(text.get(), "en", "US", description.c_str());
  cmsWriteTag(profile.get(), cmsSigProfileDescriptionTag, text.get());
  cmsUInt32Number size = 0;
  if (!cmsSaveProfileToMem(profile.get(), nullptr, &size)) return {};
  std::string bytes(size, '\0');
  if (!cmsSaveProfileToMem(profile.get(), bytes.data(), &size)) return {};
  return bytes;
}

}  // namespace stipple
