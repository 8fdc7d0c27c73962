// Textures of photos in OpenGL 3.3.
#pragma once
#include "app/viewer/ui/app.h"

namespace stipple {

/// Needs a current context for every call. Pictures beyond the largest texture side are reduced first.
TextureStore gl_textures();
/// Throws Error{internal} naming what is missing when the current context is older than OpenGL 3.3.
void require_gl_33();

}  // namespace stipple
