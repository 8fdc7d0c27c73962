// OpenGL objects as values. All need a current context of OpenGL 3.3 for every call, destruction included.
#pragma once
#include <epoxy/gl.h>

#include <opencv2/core.hpp>
#include <string_view>

namespace stipple {

/// A two-dimensional texture, read by texelFetch; 0 while empty.
class GlTexture {
 public:
  GlTexture() = default;
  /// Without `pixels` the contents are undefined. Throws Error{internal} beyond the largest side the driver has.
  GlTexture(cv::Size size, GLenum internal_format, GLenum format, GLenum type, const void* pixels = nullptr);
  ~GlTexture();
  GlTexture(GlTexture&& other) noexcept;
  GlTexture& operator=(GlTexture&& other) noexcept;
  GLuint id() const { return id_; }
  cv::Size size() const { return size_; }
  explicit operator bool() const { return id_ != 0; }

 private:
  GLuint id_ = 0;
  cv::Size size_;
};

/// One-channel float, and four-channel float of which three are used (three alone need not be drawable).
GlTexture float_texture(cv::Size size);
GlTexture light_texture(cv::Size size);

/// A program from files of shaders/, which are part of the executable; fragments see pigment.glsl.
class GlProgram {
 public:
  /// Throws Error{internal} with the driver's words when it cannot be built.
  GlProgram(std::string_view vertex_file, std::string_view fragment_file);
  ~GlProgram();
  GlProgram(const GlProgram&) = delete;
  GlProgram& operator=(const GlProgram&) = delete;
  /// Makes it current; the setters below speak to it.
  const GlProgram& use() const;
  const GlProgram& set(const char* name, int value) const;
  const GlProgram& set(const char* name, float value) const;
  const GlProgram& set(const char* name, const cv::Vec3f& value) const;
  const GlProgram& set(const char* name, const cv::Point& value) const;
  const GlProgram& set(const char* name, const cv::Rect& value) const;
  /// Binds a texture to unit `unit` and names it in the program.
  const GlProgram& set(const char* name, int unit, const GlTexture& texture) const;

 private:
  GLint at(const char* name) const;
  GLuint id_ = 0;
};

/// What was bound before comes back when this ends, so that drawing leaves no trace in its caller's state.
class GlTarget {
 public:
  GlTarget();
  ~GlTarget();
  GlTarget(const GlTarget&) = delete;
  GlTarget& operator=(const GlTarget&) = delete;
  /// Everything drawn from here on goes to `texture`. Throws Error{internal} when the driver cannot draw into it.
  void draw_into(const GlTexture& texture) const;
  /// One triangle over the whole target with the current program; added to what is there when `add`.
  void fill(bool add = false) const;
  /// Unit quads of four vertices, one an instance, from a vertex array, added up.
  void add_quads(GLuint vertex_array, int count) const;

 private:
  GLuint framebuffer_ = 0, empty_array_ = 0;
  GLint framebuffer_before_ = 0, array_before_ = 0, program_before_ = 0, viewport_before_[4] = {};
};

}  // namespace stipple
