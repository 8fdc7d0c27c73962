// OpenGL 3.3 without a window, through EGL: for screenshots, tests and benches.
#pragma once
#include <epoxy/egl.h>

namespace stipple {

/// A current surfaceless context for as long as the value lives. Throws Error{internal} where there is none.
class OffScreenContext {
 public:
  OffScreenContext();
  ~OffScreenContext();
  OffScreenContext(const OffScreenContext&) = delete;
  OffScreenContext& operator=(const OffScreenContext&) = delete;

 private:
  EGLDisplay display_ = EGL_NO_DISPLAY;
  EGLContext context_ = EGL_NO_CONTEXT;
};

}  // namespace stipple
