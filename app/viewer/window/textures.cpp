#include "app/viewer/window/textures.h"

#include <epoxy/gl.h>

#include <cmath>
#include <memory>
#include <opencv2/imgproc.hpp>

#include "app/viewer/gpu/compositor.h"
#include "sim/core/error.h"

namespace stipple {
namespace {

ImTextureID as_texture(GLuint id) { return reinterpret_cast<ImTextureID>(static_cast<intptr_t>(id)); }

ImTextureID upload(const cv::Mat& rgb) {
  GLint most = 4096;
  glGetIntegerv(GL_MAX_TEXTURE_SIZE, &most);
  cv::Mat fitting = rgb;
  const int side = std::max(rgb.cols, rgb.rows);
  if (side > most)
    cv::resize(rgb, fitting, {}, static_cast<double>(most) / side, static_cast<double>(most) / side, cv::INTER_AREA);
  if (!fitting.isContinuous()) fitting = fitting.clone();
  GLuint id = 0;
  glGenTextures(1, &id);
  glBindTexture(GL_TEXTURE_2D, id);
  glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGB8, fitting.cols, fitting.rows, 0, GL_RGB, GL_UNSIGNED_BYTE, fitting.data);
  glGenerateMipmap(GL_TEXTURE_2D);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR_MIPMAP_LINEAR);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
  return as_texture(id);
}

GLuint id_of(ImTextureID texture) { return static_cast<GLuint>(reinterpret_cast<intptr_t>(texture)); }

void release(ImTextureID texture) {
  const GLuint id = id_of(texture);
  glDeleteTextures(1, &id);
}

// Levels of detail halve the picture: leaving out the finest ones leaves out what an eye far away does not resolve.
void soften(ImTextureID texture, double finest_px) {
  glBindTexture(GL_TEXTURE_2D, id_of(texture));
  glTexParameterf(GL_TEXTURE_2D, GL_TEXTURE_MIN_LOD, finest_px > 1 ? static_cast<float>(std::log2(finest_px)) : -1000);
}

}  // namespace

bool uses_gpu(Renderer renderer) {
  return renderer == Renderer::gpu || (renderer == Renderer::automatic && !is_software_gl());
}

TextureStore gl_textures(Renderer renderer) {
  TextureStore store{upload, release, soften, {}};
  if (!uses_gpu(renderer)) return store;
  store.compose = [compositor = std::make_shared<Compositor>()](const Result& result) {
    return as_texture(compositor->draw({result.shaven, result.deposit, result.head->skin.scalp}).id());
  };
  return store;
}

void require_gl_33() {
  if (epoxy_gl_version() < 33) {
    throw Error(ErrorKind::internal,
                "OpenGL " + std::to_string(epoxy_gl_version() / 10) + "." + std::to_string(epoxy_gl_version() % 10),
                "the viewer needs OpenGL 3.3",
                "update the graphics driver, or use the `stipple` command line, which needs none");
  }
}

}  // namespace stipple
