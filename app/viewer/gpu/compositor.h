// The optics on the GPU: dots as instanced footprints into absorbance, spread through skin, under the photo's own
// light. The same text (shaders/pigment.glsl) and the same steps as the CPU reference, which exports are made with.
#pragma once
#include <memory>
#include <opencv2/core.hpp>

#include "app/viewer/gpu/gl_objects.h"
#include "sim/pigment/pigment.h"
#include "sim/shave/shave.h"

namespace stipple {

/// What is drawn. Identity of the pointers is equality: what has not changed is not drawn again.
struct Treated {
  std::shared_ptr<const Shaven> base;
  std::shared_ptr<const Deposit> deposit;
  Rgb skin{0.45, 0.28, 0.2};  // Head::skin.scalp
};

/// Needs a current context of OpenGL 3.3 for every call, destruction included. Throws Error{internal} when the driver
/// lacks what it needs.
class Compositor {
 public:
  Compositor();
  ~Compositor();
  Compositor(const Compositor&) = delete;
  Compositor& operator=(const Compositor&) = delete;
  /// 8-bit sRGB at the photo's size with mipmaps, valid until the next call or the compositor's end.
  const GlTexture& draw(const Treated& treated);
  /// The same in linear light, read back: what tests hold against composite_light().
  cv::Mat3f draw_linear(const Treated& treated);

 private:
  void follow(const Treated& treated);
  void upload_base(const Shaven& base);
  void draw_absorbance(const GlTarget& target, const Deposit& deposit, cv::Size photo);
  void draw_halo(const GlTarget& target, const Deposit& deposit);
  void composite(const GlTarget& target, const Treated& treated, const GlTexture& out, bool encoded) const;

  GlProgram dots_, absorbed_, halve_, double_, blur_, composite_;
  GLuint vertex_array_ = 0, vertex_buffer_ = 0;
  GlTexture linear_of_, photo_, hair_, absorbance_, halo_, shown_;
  int code_step_ = 257, cell_px_ = 1;
  cv::Rect area_px_;
  std::shared_ptr<const Shaven> base_;
  std::shared_ptr<const Deposit> deposit_;
};

/// True when OpenGL itself runs on the CPU, where the engine's own renderer is faster.
bool is_software_gl();

}  // namespace stipple
