// The window without a window: draws into an off-screen EGL context and writes the picture.
#pragma once
#include <string>
#include <vector>

#include "app/viewer/ui/app.h"
#include "app/viewer/window/textures.h"

namespace stipple {

struct ShotRequest {
  std::vector<std::string> photos;
  std::string out;
  int width_px = 1440, height_px = 900;
  float scale = 1;
  bool dark = false;
  Renderer renderer = Renderer::automatic;
  Tool tool = Tool::none;
  double distance_m = 0;
  bool browse = false;
  Step step = Step::scalp;
  Compare compare = Compare::wipe;
  Settings settings;
};

/// The first photo is shown, the others wait in the strip.
void open_all(App& app, const ShotRequest& request);
/// Opens the photos, waits until the worker is done, draws the step and writes a PNG. Throws Error when EGL is missing.
void take_screenshot(const ShotRequest& request);

}  // namespace stipple
