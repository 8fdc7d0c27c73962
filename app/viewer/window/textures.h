// Textures of photos in OpenGL 3.3.
#pragma once
#include "app/viewer/ui/app.h"

namespace stipple {

/// What draws the treatment: the GPU, the engine on the CPU, or whichever is faster here (a GPU, unless OpenGL itself
/// runs on the CPU).
enum class Renderer { automatic, gpu, cpu };
bool uses_gpu(Renderer renderer);

/// Needs a current context for every call. Pictures beyond the largest texture side are reduced first.
TextureStore gl_textures(Renderer renderer);
/// Throws Error{internal} naming what is missing when the current context is older than OpenGL 3.3.
void require_gl_33();

}  // namespace stipple
