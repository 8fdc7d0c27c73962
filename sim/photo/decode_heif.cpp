// HEIC (and AVIF) through libheif, which turns and crops by the file's own boxes; its EXIF orientation is therefore not
// applied again. More than 8 bits become 16.
#include <libheif/heif.h>

#include <memory>
#include <string>

#include "sim/photo/bytes.h"
#include "sim/photo/colour.h"
#include "sim/photo/formats.h"

namespace stipple {
namespace {

using Context = std::unique_ptr<heif_context, decltype(&heif_context_free)>;
using Handle = std::unique_ptr<heif_image_handle, decltype(&heif_image_handle_release)>;
using Image = std::unique_ptr<heif_image, decltype(&heif_image_release)>;
using Options = std::unique_ptr<heif_decoding_options, decltype(&heif_decoding_options_free)>;

void check(const heif_error& error, const std::string& name) {
  if (error.subcode == heif_suberror_Security_limit_exceeded) fail_reading(name, "is too large", "scale it down first");
  if (error.code != heif_error_Ok) fail_damaged(name, error.message ? error.message : "HEIF error");
}

/// The embedded profile, or one made from the colour code points of the video format.
std::string profile_of(const heif_image_handle* handle, const std::string& name) {
  const size_t size = heif_image_handle_get_raw_color_profile_size(handle);
  if (size > 0 && size <= max_icc_bytes) {
    std::string icc(size, '\0');
    if (heif_image_handle_get_raw_color_profile(handle, icc.data()).code == heif_error_Ok) return icc;
  }
  heif_color_profile_nclx* found = nullptr;
  if (heif_image_handle_get_nclx_color_profile(handle, &found).code != heif_error_Ok || !found) return {};
  const std::unique_ptr<heif_color_profile_nclx, decltype(&heif_nclx_color_profile_free)> nclx(
      found, heif_nclx_color_profile_free);
  if (nclx->transfer_characteristics == heif_transfer_characteristic_ITU_R_BT_2100_0_PQ ||
      nclx->transfer_characteristics == heif_transfer_characteristic_ITU_R_BT_2100_0_HLG)
    fail_reading(name, "is a high dynamic range picture", "export it as a standard JPEG or HEIC");
  const bool known = nclx->color_primaries == heif_color_primaries_SMPTE_EG_432_1 ||
                     nclx->color_primaries == heif_color_primaries_ITU_R_BT_2020_2_and_2100_0;
  if (!known) return {};
  return make_rgb_profile({{nclx->color_primary_red_x, nclx->color_primary_red_y},
                           {nclx->color_primary_green_x, nclx->color_primary_green_y},
                           {nclx->color_primary_blue_x, nclx->color_primary_blue_y},
                           {nclx->color_primary_white_x, nclx->color_primary_white_y}},
                          nclx->color_primaries == heif_color_primaries_SMPTE_EG_432_1 ? "Display P3" : "BT.2020");
}

/// Only what is no orientation: libheif has turned the picture already.
Exif exif_of(const heif_image_handle* handle) {
  Exif exif;
  heif_item_id id = 0;
  if (heif_image_handle_get_list_of_metadata_block_IDs(handle, "Exif", &id, 1) != 1) return exif;
  const size_t size = heif_image_handle_get_metadata_size(handle, id);
  std::string block(size, '\0');
  if (size < 4 || heif_image_handle_get_metadata(handle, id, block.data()).code != heif_error_Ok) return exif;
  const size_t skip = number_at(block, 0, 4, ByteOrder::big);
  exif.focal_length_35mm_mm = read_exif(part(block, 4 + skip)).focal_length_35mm_mm;
  return exif;
}

/// Interleaved samples of `bits` each -> pixels and alpha of 8 or 16 bit over their full range.
void unpack(const uint8_t* plane, int stride, int bits, bool has_alpha, Decoded& decoded, cv::Size size) {
  const int channels = has_alpha ? 4 : 3, depth = bits > 8 ? CV_16U : CV_8U;
  const cv::Mat packed(size, CV_MAKETYPE(depth, channels), const_cast<uint8_t*>(plane), static_cast<size_t>(stride));
  cv::Mat all;
  packed.convertTo(all, depth, bits > 8 ? 65535.0 / ((1 << bits) - 1) : 1.0);
  if (!has_alpha) {
    decoded.pixels = all;
    return;
  }
  cv::extractChannel(all, decoded.alpha, 3);
  decoded.pixels.create(size, CV_MAKETYPE(depth, 3));
  const int from_to[] = {0, 0, 1, 1, 2, 2};
  cv::mixChannels(&all, 1, &decoded.pixels, 1, from_to, 3);
}

}  // namespace

Decoded decode_heif(std::string_view bytes, const std::string& name, const PhotoLimits& limits) {
  const Context context(heif_context_alloc(), heif_context_free);
  heif_context_set_maximum_image_size_limit(context.get(), limits.side_px);
  check(heif_context_read_from_memory_without_copy(context.get(), bytes.data(), bytes.size(), nullptr), name);
  heif_image_handle* primary = nullptr;
  check(heif_context_get_primary_image_handle(context.get(), &primary), name);
  const Handle handle(primary, heif_image_handle_release);
  check_size(heif_image_handle_get_width(primary), heif_image_handle_get_height(primary), name, limits);
  check_size(heif_image_handle_get_ispe_width(primary), heif_image_handle_get_ispe_height(primary), name, limits);

  Decoded decoded;
  decoded.icc = profile_of(primary, name);
  decoded.exif = exif_of(primary);
  const bool deep = heif_image_handle_get_luma_bits_per_pixel(primary) > 8;
  const bool has_alpha = heif_image_handle_has_alpha_channel(primary);
  const heif_chroma layout = deep
                                 ? (has_alpha ? heif_chroma_interleaved_RRGGBBAA_LE : heif_chroma_interleaved_RRGGBB_LE)
                                 : (has_alpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB);
  const Options options(heif_decoding_options_alloc(), heif_decoding_options_free);
  options->strict_decoding = 1;
  heif_image* made = nullptr;
  check(heif_decode_image(primary, &made, heif_colorspace_RGB, layout, options.get()), name);
  const Image image(made, heif_image_release);

  int stride = 0;
  const uint8_t* plane = heif_image_get_plane_readonly(made, heif_channel_interleaved, &stride);
  const cv::Size size(heif_image_get_width(made, heif_channel_interleaved),
                      heif_image_get_height(made, heif_channel_interleaved));
  if (!plane) fail_damaged(name, "no pixels");
  check_size(size.width, size.height, name, limits);
  unpack(plane, stride, heif_image_get_bits_per_pixel_range(made, heif_channel_interleaved), has_alpha, decoded, size);
  return decoded;
}

}  // namespace stipple
