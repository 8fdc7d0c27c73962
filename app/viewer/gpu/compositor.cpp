#include "app/viewer/gpu/compositor.h"

#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <string_view>
#include <vector>

#include "sim/pigment/optics.h"
#include "sim/pigment/scatter.h"
#include "sim/pigment/stamping.h"

namespace stipple {
namespace {

/// A footprint as the vertex shader reads it.
struct Quad {
  float x_px, y_px, mass_px2, cov_xx, cov_xy, cov_yy;
  int32_t x0, y0, width, height;
};

std::vector<Quad> quads_of(const Deposit& deposit, const cv::Rect& area_px) {
  std::vector<Quad> quads;
  quads.reserve(deposit.stamps.size());
  for (const Stamp& s : deposit.stamps) {
    const cv::Rect window = footprint_window(s);
    if ((window & area_px).empty()) continue;
    quads.push_back(
        {s.x_px, s.y_px, s.mass_px2, s.cov_xx, s.cov_xy, s.cov_yy, window.x, window.y, window.width, window.height});
  }
  return quads;
}

/// Linear light of every 16-bit code, by the engine's own table.
GlTexture code_table() {
  Photo ramp;
  ramp.rgb = cv::Mat(256, 256, CV_16UC3);
  for (int i = 0; i < 65536; ++i) {
    const auto code = static_cast<uint16_t>(i);
    ramp.rgb.at<cv::Vec3w>(i / 256, i % 256) = {code, code, code};
  }
  cv::Mat1f light;
  cv::extractChannel(linear_light(ramp, {0, 0, 256, 256}), light, 0);
  return {light.size(), GL_R32F, GL_RED, GL_FLOAT, light.data};
}

cv::Vec3f vec3(const Rgb& v) { return {static_cast<float>(v[0]), static_cast<float>(v[1]), static_cast<float>(v[2])}; }

cv::Size over(cv::Size size, int cell) { return {(size.width + cell - 1) / cell, (size.height + cell - 1) / cell}; }

}  // namespace

Compositor::Compositor()
    : dots_("dot.vert", "dot.frag"),
      absorbed_("full.vert", "absorbed.frag"),
      halve_("full.vert", "halve.frag"),
      double_("full.vert", "double.frag"),
      blur_("full.vert", "blur.frag"),
      composite_("full.vert", "composite.frag"),
      linear_of_(code_table()) {
  GLint array_before = 0;
  glGetIntegerv(GL_VERTEX_ARRAY_BINDING, &array_before);
  glGenVertexArrays(1, &vertex_array_);
  glGenBuffers(1, &vertex_buffer_);
  glBindVertexArray(vertex_array_);
  glBindBuffer(GL_ARRAY_BUFFER, vertex_buffer_);
  const auto at = [](size_t offset) { return reinterpret_cast<const void*>(offset); };
  glVertexAttribPointer(0, 4, GL_FLOAT, GL_FALSE, sizeof(Quad), at(offsetof(Quad, x_px)));
  glVertexAttribPointer(1, 2, GL_FLOAT, GL_FALSE, sizeof(Quad), at(offsetof(Quad, cov_xy)));
  glVertexAttribIPointer(2, 4, GL_INT, sizeof(Quad), at(offsetof(Quad, x0)));
  for (GLuint i = 0; i < 3; ++i) {
    glEnableVertexAttribArray(i);
    glVertexAttribDivisor(i, 1);
  }
  glBindVertexArray(static_cast<GLuint>(array_before));
}

Compositor::~Compositor() {
  glDeleteBuffers(1, &vertex_buffer_);
  glDeleteVertexArrays(1, &vertex_array_);
}

const GlTexture& Compositor::draw(const Treated& treated) {
  follow(treated);
  const GlTarget target;
  if (!shown_ || shown_.size() != photo_.size()) {
    shown_ = GlTexture(photo_.size(), GL_RGBA8, GL_RGBA, GL_UNSIGNED_BYTE);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR_MIPMAP_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
  }
  composite(target, treated, shown_, true);
  glBindTexture(GL_TEXTURE_2D, shown_.id());
  glGenerateMipmap(GL_TEXTURE_2D);
  return shown_;
}

cv::Mat3f Compositor::draw_linear(const Treated& treated) {
  follow(treated);
  const GlTarget target;
  const GlTexture out = light_texture(photo_.size());
  composite(target, treated, out, false);
  cv::Mat4f pixels(out.size());
  glBindTexture(GL_TEXTURE_2D, out.id());
  glPixelStorei(GL_PACK_ALIGNMENT, 1);
  glGetTexImage(GL_TEXTURE_2D, 0, GL_RGBA, GL_FLOAT, pixels.data);
  cv::Mat3f light(pixels.size());
  const int three[] = {0, 0, 1, 1, 2, 2};
  cv::mixChannels(&pixels, 1, &light, 1, three, 3);
  return light;
}

// Draws again what hangs on a changed input.
void Compositor::follow(const Treated& treated) {
  const bool new_base = base_ != treated.base, new_deposit = deposit_ != treated.deposit;
  if (new_base) {
    upload_base(*treated.base);
    base_ = treated.base;
  }
  if (new_base || new_deposit) {
    deposit_.reset();  // stays empty when a step below fails
    const GlTarget target;
    draw_absorbance(target, *treated.deposit, photo_.size());
    if (!area_px_.empty()) draw_halo(target, *treated.deposit);
    deposit_ = treated.deposit;
  }
}

void Compositor::upload_base(const Shaven& base) {
  const cv::Mat& rgb = base.photo.rgb;
  const cv::Mat whole = rgb.isContinuous() ? rgb : rgb.clone();
  const bool deep = rgb.depth() == CV_16U;
  photo_ = GlTexture(rgb.size(), deep ? GL_RGB16UI : GL_RGB8UI, GL_RGB_INTEGER,
                     deep ? GL_UNSIGNED_SHORT : GL_UNSIGNED_BYTE, whole.data);
  code_step_ = deep ? 1 : 257;
  const cv::Mat1b hair = base.hair_matte.empty()          ? cv::Mat1b(rgb.size(), uint8_t{0})
                         : base.hair_matte.isContinuous() ? base.hair_matte
                                                          : base.hair_matte.clone();
  hair_ = GlTexture(hair.size(), GL_R8UI, GL_RED_INTEGER, GL_UNSIGNED_BYTE, hair.data);
}

void Compositor::draw_absorbance(const GlTarget& target, const Deposit& deposit, cv::Size photo) {
  cell_px_ = halo_cell_px(deposit.px_per_mm);
  const int margin_px = static_cast<int>(std::ceil(reach_mm * std::max(deposit.px_per_mm, 0.0)));
  area_px_ = bin_stamps(deposit.stamps, photo, margin_px, max_tile_px / cell_px_ * cell_px_).area_px;
  absorbance_ = float_texture(area_px_.empty() ? cv::Size(1, 1) : area_px_.size());
  const std::vector<Quad> quads = quads_of(deposit, area_px_);
  glBindBuffer(GL_ARRAY_BUFFER, vertex_buffer_);
  glBufferData(GL_ARRAY_BUFFER, static_cast<GLsizeiptr>(quads.size() * sizeof(Quad)), quads.data(), GL_STREAM_DRAW);
  target.draw_into(absorbance_);
  dots_.use().set("area_px", area_px_);
  target.add_quads(vertex_array_, static_cast<int>(quads.size()));
}

// The pyramid of sim/pigment/scatter.cpp, three channels at a time.
void Compositor::draw_halo(const GlTarget& target, const Deposit& deposit) {
  const cv::Size cells = over(area_px_.size(), cell_px_), padded = over(cells, 4) * 4;
  const std::array<GlTexture, 3> levels{light_texture(padded), light_texture(padded / 2), light_texture(padded / 4)};
  target.draw_into(levels[0]);
  absorbed_.use().set("absorbance", 0, absorbance_).set("extinction", vec3(deposit.extinction));
  absorbed_.set("cell_px", cell_px_).set("cells", cv::Point(cells.width, cells.height));
  target.fill();
  for (size_t level = 1; level < 3; ++level) {
    target.draw_into(levels[level]);
    halve_.use().set("finer", 0, levels[level - 1]);
    target.fill();
  }
  GlTexture sum;
  for (size_t level = 3; level-- > 0;) {
    GlTexture here = light_texture(levels[level].size());
    const GlTexture half_blurred = light_texture(levels[level].size());
    target.draw_into(here);
    if (sum) {
      double_.use().set("coarser", 0, sum);
      target.fill();
    } else {
      const float nothing[4] = {};
      glClearBufferfv(GL_COLOR, 0, nothing);
    }
    for (const WideTerm& wide : wide_terms(deposit.px_per_mm / cell_px_, cell_px_)) {
      if (wide.level != static_cast<int>(level)) continue;
      const bool blurs = wide.variance >= least_variance;
      blur_.use().set("radius", blurs ? gaussian_radius(wide.variance) : 0);
      blur_.set("half_precision", blurs ? static_cast<float>(0.5 / wide.variance) : 0.0F);
      target.draw_into(half_blurred);
      blur_.set("image", 0, levels[level]).set("direction", cv::Point(1, 0)).set("weight", cv::Vec3f::all(1));
      target.fill();
      target.draw_into(here);
      blur_.set("image", 0, half_blurred).set("direction", cv::Point(0, 1));
      blur_.set("weight", cv::Vec3f(optics::profile_weight(wide.term, 0), optics::profile_weight(wide.term, 1),
                                    optics::profile_weight(wide.term, 2)));
      target.fill(true);
    }
    sum = std::move(here);
  }
  halo_ = std::move(sum);
}

void Compositor::composite(const GlTarget& target, const Treated& treated, const GlTexture& out, bool encoded) const {
  const Deposit& deposit = *treated.deposit;
  target.draw_into(out);
  composite_.use().set("photo", 0, photo_).set("linear_of", 1, linear_of_).set("hair_matte", 2, hair_);
  composite_.set("absorbance", 3, absorbance_).set("halo", 4, halo_).set("area_px", area_px_);
  composite_.set("code_step", code_step_).set("cell_px", cell_px_).set("encoded", encoded ? 1 : 0);
  composite_.set("extinction", vec3(deposit.extinction)).set("below_share", vec3(deposit.below_share));
  composite_.set("wash", vec3(deposit.wash)).set("skin", vec3(treated.skin));
  composite_.set("matt", static_cast<float>(deposit.matt));
  target.fill();
}

bool is_software_gl() {
  const auto* name = reinterpret_cast<const char*>(glGetString(GL_RENDERER));
  const std::string_view renderer = name ? name : "";
  for (const std::string_view software : {"llvmpipe", "softpipe", "SWR", "swrast"})
    if (renderer.find(software) != renderer.npos) return true;
  return false;
}

}  // namespace stipple
