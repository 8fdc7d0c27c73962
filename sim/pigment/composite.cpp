// The CPU reference of the optics: pigment under the photo's own light. Two passes over tiles: the first sums how much
// light the dots take, which skin then spreads (scatter); the second draws each tile on a copy of the photo. Nothing of
// the frame's size is kept but the photo and its copy.
// Based on: DESIGN 4; shaders/pigment.glsl has the formulas and their sources.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <opencv2/core/utility.hpp>

#include "sim/pigment/lanes.h"
#include "sim/pigment/optics.h"
#include "sim/pigment/pigment.h"
#include "sim/pigment/scatter.h"
#include "sim/pigment/stamping.h"

namespace stipple {
namespace {

constexpr float least_taken = 1.0f / 2048;  // an eighth of an 8-bit code in the brightest light

/// Constants of the deposit as the inner loop wants them.
struct Optics {
  std::array<float, 3> extinction, below_share, wash, narrow_weight, skin;
  float matt;
};

/// One row of a tile.
struct Row {
  std::array<float, max_tile_px> absorbance, hair, shine, shine_kept, cover, darkest;
  std::array<std::array<float, max_tile_px>, 3> halo, light, share;
};

Optics optics_of(const Deposit& deposit, const Head& head) {
  Optics o;
  for (int c = 0; c < 3; ++c) {
    const auto i = static_cast<size_t>(c);
    o.extinction[i] = static_cast<float>(deposit.extinction[c]);
    o.below_share[i] = static_cast<float>(deposit.below_share[c]);
    o.wash[i] = static_cast<float>(deposit.wash[c]);
    o.narrow_weight[i] = optics::profile_weight(0, c);
    o.skin[i] = static_cast<float>(head.skin.scalp[c]);
  }
  o.matt = static_cast<float>(deposit.matt);
  return o;
}

/// Local cover 0..1 is what the wide terms of red say. A matt lotion is put on where pigment is, fading out with it.
STIPPLE_VECTOR_CODE
void shine_of(const Optics& o, int count, Row& row) {
  for (size_t i = 0; i < static_cast<size_t>(count); ++i) {
    row.cover[i] = row.halo[0][i] / (1 - o.narrow_weight[0]);
    const float treated = optics::min(row.cover[i] * 20.0f, 1.0f);
    row.shine_kept[i] = 1 - o.matt * treated * treated;
    row.shine[i] =
        optics::shine_share(row.light[0][i], row.light[1][i], row.light[2][i], o.skin[0], o.skin[1], o.skin[2]);
  }
}

STIPPLE_VECTOR_CODE
void remit(const Optics& o, int count, Row& row) {
  row.darkest.fill(1);
  for (size_t c = 0; c < 3; ++c) {
    for (size_t i = 0; i < static_cast<size_t>(count); ++i) {
      const float here = optics::transmittance(row.absorbance[i], o.extinction[c]);
      const float around = optics::scattered_transmittance(here, o.narrow_weight[c], row.halo[c][i]);
      const float remitted =
          optics::remission(here, around, o.below_share[c]) * optics::wash_remission(o.wash[c], row.cover[i]);
      row.darkest[i] = optics::min(row.darkest[i], remitted);
      row.share[c][i] = optics::kept_share(row.shine[i], row.hair[i], remitted, row.shine_kept[i]);
    }
  }
}

/// The light of a row as the camera bends it.
STIPPLE_VECTOR_CODE
void expose(int count, Row& row) {
  auto& [red, green, blue] = row.light;
  for (size_t i = 0; i < static_cast<size_t>(count); ++i) {
    const float light = optics::luminance(red[i], green[i], blue[i]);
    const float kept =
        optics::luminance(red[i] * row.share[0][i], green[i] * row.share[1][i], blue[i] * row.share[2][i]);
    const float gain = optics::highlight_gain(light, kept);
    for (size_t c = 0; c < 3; ++c) row.light[c][i] = optics::composite_light(row.light[c][i], row.share[c][i], gain);
  }
}

/// Reads row `y` of a tile: light, absorbance, halo, hair.
void load(const cv::Mat3f& light, const float* absorbance, const Halo& halo, const cv::Point& in_area,
          const cv::Mat1b& hair_matte, const cv::Rect& tile, int y, Row& row) {
  const cv::Vec3f* in = light[y];
  const uint8_t* matte = hair_matte.empty() ? nullptr : hair_matte[tile.y + y] + tile.x;
  for (int x = 0; x < tile.width; ++x) {
    const auto i = static_cast<size_t>(x);
    for (size_t c = 0; c < 3; ++c) row.light[c][i] = in[x][static_cast<int>(c)];
    row.absorbance[i] = absorbance[static_cast<ptrdiff_t>(y) * tile_stride_px + x];
    row.hair[i] = matte ? static_cast<float>(matte[x]) / 255 : 0.0f;
  }
  for (int c = 0; c < 3; ++c)
    halo.row(c, in_area.y + y, in_area.x, tile.width, row.halo[static_cast<size_t>(c)].data());
}

/// Everything the tiles are drawn from.
struct Scene {
  const Photo& photo;
  const Head& head;
  const Deposit& deposit;
  TileBins bins;
  Halo halo;
  Optics optics;
};

/// The light of one tile with its pigment, and which pixels change: where pigment takes less than `least_taken` of the
/// light the photo stays as it is.
struct TileLight {
  cv::Mat3f light;
  std::array<bool, max_tile_px * max_tile_px> touched;
  bool any = false;
};

void light_tile(const Scene& scene, int index, TileLight& out) {
  const cv::Rect tile = scene.bins.tile(index);
  const cv::Point in_area = tile.tl() - scene.bins.area_px.tl();
  alignas(64) std::array<float, tile_buffer_size> absorbance;
  sum_absorbance(scene.deposit.stamps, scene.bins.stamps_of(index), tile, absorbance.data());
  out.light = linear_light(scene.photo, tile);
  Row row;
  for (int y = 0; y < tile.height; ++y) {
    load(out.light, absorbance.data(), scene.halo, in_area, scene.head.hair_matte, tile, y, row);
    shine_of(scene.optics, tile.width, row);
    remit(scene.optics, tile.width, row);
    expose(tile.width, row);
    for (int x = 0; x < tile.width; ++x) {
      const auto i = static_cast<size_t>(x);
      const bool changes = row.darkest[i] < 1 - least_taken && row.hair[i] < 1;
      out.touched[static_cast<size_t>(y * tile.width + x)] = changes;
      out.any = out.any || changes;
      out.light(y, x) = cv::Vec3f(row.light[0][i], row.light[1][i], row.light[2][i]);
    }
  }
}

/// Tiles in parallel, row by row so that the job can be cancelled; `draw(index)` draws one.
template <class Draw>
void for_each_tile(const TileBins& bins, Job& job, Draw&& draw) {
  for (int row = 0; row < bins.rows; ++row) {
    job.step("composite", 0.4 + 0.6 * row / bins.rows);
    cv::parallel_for_(cv::Range(row * bins.columns, (row + 1) * bins.columns), [&](const cv::Range& range) {
      for (int t = range.start; t < range.end; ++t) draw(t);
    });
  }
}

Scene scene_of(const Photo& photo, const Head& head, const Deposit& deposit, Job& job) {
  job.step("composite", 0);
  const int cell_px = halo_cell_px(deposit.px_per_mm);
  const int margin_px = static_cast<int>(std::ceil(reach_mm * std::max(deposit.px_per_mm, 0.0)));
  Scene scene{photo, head, deposit, {}, {}, optics_of(deposit, head)};
  scene.bins = bin_stamps(deposit.stamps, photo.size(), margin_px, max_tile_px / cell_px * cell_px);
  job.step("composite", 0.1);
  if (scene.bins.count() > 0) scene.halo = scatter(deposit, scene.bins);
  return scene;
}

}  // namespace

Photo composite(const Photo& photo, const Head& head, const Deposit& deposit, Job& job) {
  Photo out = photo;
  out.rgb = photo.rgb.clone();
  const Scene scene = scene_of(photo, head, deposit, job);
  const size_t pixel_bytes = photo.rgb.elemSize();
  for_each_tile(scene.bins, job, [&](int index) {
    TileLight lit;
    light_tile(scene, index, lit);
    if (!lit.any) return;
    const cv::Rect tile = scene.bins.tile(index);
    store_linear(out, tile, lit.light);
    for (int y = 0; y < tile.height; ++y)
      for (int x = 0; x < tile.width; ++x)
        if (!lit.touched[static_cast<size_t>(y * tile.width + x)])
          std::memcpy(out.rgb.ptr(tile.y + y, tile.x + x), photo.rgb.ptr(tile.y + y, tile.x + x), pixel_bytes);
  });
  return out;
}

cv::Mat3f composite_light(const Photo& photo, const Head& head, const Deposit& deposit, Job& job) {
  cv::Mat3f out = linear_light(photo, cv::Rect({0, 0}, photo.size()));
  const Scene scene = scene_of(photo, head, deposit, job);
  for_each_tile(scene.bins, job, [&](int index) {
    TileLight lit;
    light_tile(scene, index, lit);
    lit.light.copyTo(out(scene.bins.tile(index)));
  });
  return out;
}

}  // namespace stipple
