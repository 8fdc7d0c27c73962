#include "app/viewer/window/textures.h"

#include <epoxy/gl.h>

#include <opencv2/imgproc.hpp>

#include "sim/core/error.h"

namespace stipple {
namespace {

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
  return reinterpret_cast<ImTextureID>(static_cast<intptr_t>(id));
}

void release(ImTextureID texture) {
  const GLuint id = static_cast<GLuint>(reinterpret_cast<intptr_t>(texture));
  glDeleteTextures(1, &id);
}

}  // namespace

TextureStore gl_textures() { return {upload, release}; }

void require_gl_33() {
  if (epoxy_gl_version() < 33) {
    throw Error(ErrorKind::internal,
                "OpenGL " + std::to_string(epoxy_gl_version() / 10) + "." + std::to_string(epoxy_gl_version() % 10),
                "the viewer needs OpenGL 3.3",
                "update the graphics driver, or use the `stipple` command line, which needs none");
  }
}

}  // namespace stipple
