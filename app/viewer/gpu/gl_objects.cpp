#include "app/viewer/gpu/gl_objects.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "sim/core/error.h"

namespace stipple {
namespace {

struct ShaderText {
  std::string_view file, text;
};
constexpr ShaderText shader_texts[] = {
#include "shader_texts.inc"
};

std::string_view text_of(std::string_view file) {
  const auto* found = std::find_if(std::begin(shader_texts), std::end(shader_texts),
                                   [&](const ShaderText& t) { return t.file == file; });
  if (found == std::end(shader_texts))
    throw Error(ErrorKind::internal, std::string(file), "no such shader", "build again");
  return found->text;
}

Error gpu_error(const std::string& subject, const std::string& problem) {
  return {ErrorKind::internal, subject, problem, "update the graphics driver, or start with --renderer cpu"};
}

GLuint compiled(GLenum kind, std::string_view file) {
  std::string text = "#version 330 core\n";
  if (kind == GL_FRAGMENT_SHADER) text += text_of("pigment.glsl");
  text += text_of(file);
  const GLuint shader = glCreateShader(kind);
  const char* begin = text.c_str();
  glShaderSource(shader, 1, &begin, nullptr);
  glCompileShader(shader);
  GLint done = 0;
  glGetShaderiv(shader, GL_COMPILE_STATUS, &done);
  if (done) return shader;
  std::array<char, 1000> words{};
  glGetShaderInfoLog(shader, static_cast<GLsizei>(words.size()), nullptr, words.data());
  glDeleteShader(shader);
  throw gpu_error(std::string(file), std::string("the driver does not build it: ") + words.data());
}

}  // namespace

GlTexture::GlTexture(cv::Size size, GLenum internal_format, GLenum format, GLenum type, const void* pixels)
    : size_(size) {
  GLint most = 0;
  glGetIntegerv(GL_MAX_TEXTURE_SIZE, &most);
  if (std::max(size.width, size.height) > most)
    throw gpu_error("OpenGL", "no texture has " + std::to_string(std::max(size.width, size.height)) + " px a side");
  glGenTextures(1, &id_);
  glBindTexture(GL_TEXTURE_2D, id_);
  glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
  glTexImage2D(GL_TEXTURE_2D, 0, static_cast<GLint>(internal_format), size.width, size.height, 0, format, type, pixels);
  for (const GLenum filter : {GLenum{GL_TEXTURE_MIN_FILTER}, GLenum{GL_TEXTURE_MAG_FILTER}})
    glTexParameteri(GL_TEXTURE_2D, filter, GL_NEAREST);
  for (const GLenum wrap : {GLenum{GL_TEXTURE_WRAP_S}, GLenum{GL_TEXTURE_WRAP_T}})
    glTexParameteri(GL_TEXTURE_2D, wrap, GL_CLAMP_TO_EDGE);
}

GlTexture::~GlTexture() {
  if (id_) glDeleteTextures(1, &id_);
}
GlTexture::GlTexture(GlTexture&& other) noexcept : id_(std::exchange(other.id_, 0)), size_(other.size_) {}
GlTexture& GlTexture::operator=(GlTexture&& other) noexcept {
  std::swap(id_, other.id_);
  std::swap(size_, other.size_);
  return *this;
}

GlTexture float_texture(cv::Size size) { return {size, GL_R32F, GL_RED, GL_FLOAT}; }
GlTexture light_texture(cv::Size size) { return {size, GL_RGBA32F, GL_RGBA, GL_FLOAT}; }

GlProgram::GlProgram(std::string_view vertex_file, std::string_view fragment_file) : id_(glCreateProgram()) {
  for (const auto& [kind, file] :
       {std::pair(GLenum{GL_VERTEX_SHADER}, vertex_file), std::pair(GLenum{GL_FRAGMENT_SHADER}, fragment_file)}) {
    const GLuint shader = compiled(kind, file);
    glAttachShader(id_, shader);
    glDeleteShader(shader);  // lives as long as the program
  }
  glLinkProgram(id_);
  GLint done = 0;
  glGetProgramiv(id_, GL_LINK_STATUS, &done);
  if (!done) throw gpu_error(std::string(fragment_file), "the driver does not link it");
}

GlProgram::~GlProgram() { glDeleteProgram(id_); }

const GlProgram& GlProgram::use() const {
  glUseProgram(id_);
  return *this;
}
GLint GlProgram::at(const char* name) const { return glGetUniformLocation(id_, name); }
const GlProgram& GlProgram::set(const char* name, int value) const {
  glUniform1i(at(name), value);
  return *this;
}
const GlProgram& GlProgram::set(const char* name, float value) const {
  glUniform1f(at(name), value);
  return *this;
}
const GlProgram& GlProgram::set(const char* name, const cv::Vec3f& value) const {
  glUniform3f(at(name), value[0], value[1], value[2]);
  return *this;
}
const GlProgram& GlProgram::set(const char* name, const cv::Point& value) const {
  glUniform2i(at(name), value.x, value.y);
  return *this;
}
const GlProgram& GlProgram::set(const char* name, const cv::Rect& value) const {
  glUniform4i(at(name), value.x, value.y, value.width, value.height);
  return *this;
}
const GlProgram& GlProgram::set(const char* name, int unit, const GlTexture& texture) const {
  glActiveTexture(GL_TEXTURE0 + static_cast<GLenum>(unit));
  glBindTexture(GL_TEXTURE_2D, texture.id());
  glUniform1i(at(name), unit);
  glActiveTexture(GL_TEXTURE0);
  return *this;
}

GlTarget::GlTarget() {
  glGetIntegerv(GL_DRAW_FRAMEBUFFER_BINDING, &framebuffer_before_);
  glGetIntegerv(GL_VERTEX_ARRAY_BINDING, &array_before_);
  glGetIntegerv(GL_CURRENT_PROGRAM, &program_before_);
  glGetIntegerv(GL_VIEWPORT, viewport_before_);
  glGenFramebuffers(1, &framebuffer_);
  glGenVertexArrays(1, &empty_array_);
  for (const GLenum off : {GLenum{GL_SCISSOR_TEST}, GLenum{GL_DEPTH_TEST}, GLenum{GL_CULL_FACE}, GLenum{GL_BLEND}})
    glDisable(off);
}

GlTarget::~GlTarget() {
  glDisable(GL_BLEND);
  glBindFramebuffer(GL_FRAMEBUFFER, static_cast<GLuint>(framebuffer_before_));
  glBindVertexArray(static_cast<GLuint>(array_before_));
  glUseProgram(static_cast<GLuint>(program_before_));
  glViewport(viewport_before_[0], viewport_before_[1], viewport_before_[2], viewport_before_[3]);
  glDeleteFramebuffers(1, &framebuffer_);
  glDeleteVertexArrays(1, &empty_array_);
}

void GlTarget::draw_into(const GlTexture& texture) const {
  glBindFramebuffer(GL_FRAMEBUFFER, framebuffer_);
  glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, texture.id(), 0);
  if (glCheckFramebufferStatus(GL_FRAMEBUFFER) != GL_FRAMEBUFFER_COMPLETE)
    throw gpu_error("OpenGL", "cannot draw into float textures");
  glViewport(0, 0, texture.size().width, texture.size().height);
}

void GlTarget::fill(bool add) const {
  if (add) {
    glEnable(GL_BLEND);
    glBlendEquation(GL_FUNC_ADD);
    glBlendFunc(GL_ONE, GL_ONE);
  }
  glBindVertexArray(empty_array_);
  glDrawArrays(GL_TRIANGLES, 0, 3);
  glDisable(GL_BLEND);
}

void GlTarget::add_quads(GLuint vertex_array, int count) const {
  const float nothing[4] = {};
  glClearBufferfv(GL_COLOR, 0, nothing);
  glEnable(GL_BLEND);
  glBlendEquation(GL_FUNC_ADD);
  glBlendFunc(GL_ONE, GL_ONE);
  glBindVertexArray(vertex_array);
  glDrawArraysInstanced(GL_TRIANGLE_STRIP, 0, 4, count);
  glDisable(GL_BLEND);
}

}  // namespace stipple
