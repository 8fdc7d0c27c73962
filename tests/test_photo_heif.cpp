// HEIC as phones write it, made here with the encoder that libheif has: orientation boxes, profiles, 10 bits, damage.
#include <doctest/doctest.h>
#include <libheif/heif.h>

#include <cmath>
#include <memory>
#include <opencv2/core.hpp>
#include <string>

#include "sim/photo/colour.h"
#include "sim/photo/formats.h"
#include "sim/photo/photo.h"
#include "tests/photo_samples.h"

using namespace stipple;
using namespace stipple::testing;

namespace {

struct HeicOptions {
  heif_orientation orientation = heif_orientation_normal;
  std::string icc;
  heif_color_primaries primaries = heif_color_primaries_unspecified;
  heif_transfer_characteristics transfer = heif_transfer_characteristic_IEC_61966_2_1;
  std::string exif;
};

template <class T>
using Owned = std::unique_ptr<T, void (*)(T*)>;

/// RGB pixels of 8 bits, or of 16 that become 10, as an image of libheif's.
Owned<heif_image> heif_image_of(const cv::Mat& rgb) {
  const bool deep = rgb.depth() == CV_16U;
  heif_image* image = nullptr;
  heif_image_create(rgb.cols, rgb.rows, heif_colorspace_RGB,
                    deep ? heif_chroma_interleaved_RRGGBB_LE : heif_chroma_interleaved_RGB, &image);
  heif_image_add_plane(image, heif_channel_interleaved, rgb.cols, rgb.rows, deep ? 10 : 8);
  int stride = 0;
  uint8_t* plane = heif_image_get_plane(image, heif_channel_interleaved, &stride);
  cv::Mat target(rgb.size(), rgb.type(), plane, static_cast<size_t>(stride));
  rgb.convertTo(target, rgb.depth(), deep ? 1023.0 / 65535 : 1.0);
  return {image, [](heif_image* i) { heif_image_release(i); }};
}

/// Whether this machine's libheif can write HEIC at all.
bool can_encode_heic() { return heif_have_encoder_for_format(heif_compression_HEVC); }

std::string heic_of(const cv::Mat& rgb, const HeicOptions& wanted) {
  const Owned<heif_context> context(heif_context_alloc(), heif_context_free);
  heif_encoder* made = nullptr;
  REQUIRE(heif_context_get_encoder_for_format(context.get(), heif_compression_HEVC, &made).code == heif_error_Ok);
  const Owned<heif_encoder> encoder(made, heif_encoder_release);
  heif_encoder_set_lossy_quality(made, 98);
  heif_encoder_set_parameter_string(made, "chroma", "444");
  const auto image = heif_image_of(rgb);
  if (!wanted.icc.empty()) heif_image_set_raw_color_profile(image.get(), "prof", wanted.icc.data(), wanted.icc.size());
  const Owned<heif_color_profile_nclx> nclx(heif_nclx_color_profile_alloc(), heif_nclx_color_profile_free);
  nclx->color_primaries = wanted.primaries;
  nclx->transfer_characteristics = wanted.transfer;
  nclx->matrix_coefficients = heif_matrix_coefficients_ITU_R_BT_601_6;
  nclx->full_range_flag = 1;
  if (wanted.icc.empty()) heif_image_set_nclx_color_profile(image.get(), nclx.get());
  const Owned<heif_encoding_options> options(heif_encoding_options_alloc(), heif_encoding_options_free);
  options->image_orientation = wanted.orientation;
  options->output_nclx_profile = nclx.get();
  options->macOS_compatibility_workaround_no_nclx_profile = 0;
  heif_image_handle* handle = nullptr;
  REQUIRE(heif_context_encode_image(context.get(), image.get(), made, options.get(), &handle).code == heif_error_Ok);
  const Owned<heif_image_handle> handle_owner(handle, [](heif_image_handle* h) { heif_image_handle_release(h); });
  if (!wanted.exif.empty())
    heif_context_add_exif_metadata(context.get(), handle, wanted.exif.data(), static_cast<int>(wanted.exif.size()));
  std::string bytes;
  heif_writer writer{1, [](heif_context*, const void* data, size_t size, void* to) -> heif_error {
                       static_cast<std::string*>(to)->append(static_cast<const char*>(data), size);
                       return {heif_error_Ok, heif_suberror_Unspecified, ""};
                     }};
  REQUIRE(heif_context_write(context.get(), &writer, &bytes).code == heif_error_Ok);
  return bytes;
}

double rms(const cv::Mat& a, const cv::Mat& b) {
  REQUIRE(a.size() == b.size());
  REQUIRE(a.type() == b.type());
  return cv::norm(a, b, cv::NORM_L2) / std::sqrt(3.0 * static_cast<double>(a.total()));
}

}  // namespace

TEST_CASE("a HEIC is turned once by its own boxes, and its EXIF orientation is not applied on top" *
          doctest::skip(!can_encode_heic())) {
  const Photo upright = made_photo({96, 64});
  for (int orientation = 1; orientation <= 8; ++orientation) {
    CAPTURE(orientation);
    const cv::Mat stored = as_stored(upright.rgb, orientation);
    HeicOptions options;
    options.orientation = static_cast<heif_orientation>(orientation);
    options.exif = exif_block(orientation, 26);
    const Photo photo = decode_photo(heic_of(stored, options), "a");
    CHECK(rms(photo.rgb, upright.rgb) < 2.5);
    CHECK(photo.focal_length_35mm_mm == 26);
    CHECK(photo.profile == "sRGB");
  }
}

TEST_CASE("10-bit HEIC fills 16 bits" * doctest::skip(!can_encode_heic())) {
  const Photo deep = made_photo({96, 64}, CV_16U);
  const Photo photo = decode_photo(heic_of(deep.rgb, {}), "a");
  CHECK(rms(photo.rgb, deep.rgb) < 2.5 * 257);
  double low = 0, high = 0;
  cv::minMaxLoc(photo.rgb.reshape(1), &low, &high);
  CHECK(high > 50'000);
}

TEST_CASE("a HEIC in Display P3 becomes sRGB, by profile or by code points" * doctest::skip(!can_encode_heic())) {
  const Photo p3 = made_photo({96, 64});
  const std::string icc =
      make_rgb_profile({{0.680, 0.320}, {0.265, 0.690}, {0.150, 0.060}, {0.3127, 0.3290}}, "Display P3");
  cv::Mat expected = p3.rgb.clone();
  REQUIRE(to_srgb(expected, icc) == "Display P3");
  HeicOptions by_profile, by_code_points;
  by_profile.icc = icc;
  by_code_points.primaries = heif_color_primaries_SMPTE_EG_432_1;
  for (const HeicOptions& options : {by_profile, by_code_points}) {
    const Photo photo = decode_photo(heic_of(p3.rgb, options), "a");
    CHECK(photo.profile == "Display P3");
    CHECK(rms(photo.rgb, expected) < 2.5);
  }
}

TEST_CASE("HEIC that would be misread or is cut off is an error" * doctest::skip(!can_encode_heic())) {
  const Photo photo = made_photo({96, 64});
  HeicOptions pq;
  pq.transfer = heif_transfer_characteristic_ITU_R_BT_2100_0_PQ;
  const std::string hdr = heic_of(photo.rgb, pq);
  CHECK(contains(error_of([&] { decode_photo(hdr, "h.heic"); }), "unreadable|h.heic: is a high dynamic range picture"));
  const std::string whole = heic_of(photo.rgb, {});
  for (size_t eighth = 1; eighth < 40; ++eighth) {
    CAPTURE(eighth);
    CHECK(
        contains(error_of([&] { decode_photo(whole.substr(0, eighth * whole.size() / 40), "c"); }), "unreadable|c: "));
  }
  const Photo wide = made_photo({4200, 16});
  const std::string too_wide = heic_of(wide.rgb, {});
  CHECK(contains(error_of([&] { decode_photo(too_wide, "w", PhotoLimits{max_photo_pixels, 4096}); }), "too large"));
}
