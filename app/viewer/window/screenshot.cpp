#include "app/viewer/window/screenshot.h"

#include <backends/imgui_impl_opengl3.h>
#include <epoxy/gl.h>

#include <chrono>
#include <opencv2/core.hpp>
#include <thread>

#include "app/viewer/gpu/off_screen.h"
#include "app/viewer/ui/canvas.h"
#include "app/viewer/window/textures.h"
#include "sim/core/error.h"

namespace stipple {
namespace {

// A framebuffer of the asked size, bound for as long as the value lives.
class Canvas {
 public:
  Canvas(int width, int height) {
    glGenFramebuffers(1, &framebuffer_);
    glBindFramebuffer(GL_FRAMEBUFFER, framebuffer_);
    glGenRenderbuffers(1, &colour_);
    glBindRenderbuffer(GL_RENDERBUFFER, colour_);
    glRenderbufferStorage(GL_RENDERBUFFER, GL_RGBA8, width, height);
    glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER, colour_);
  }
  ~Canvas() {
    glDeleteFramebuffers(1, &framebuffer_);
    glDeleteRenderbuffers(1, &colour_);
  }
  Canvas(const Canvas&) = delete;
  Canvas& operator=(const Canvas&) = delete;

 private:
  GLuint framebuffer_ = 0, colour_ = 0;
};

void draw_once(App& app, const ShotRequest& request) {
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = {static_cast<float>(request.width_px), static_cast<float>(request.height_px)};
  io.DeltaTime = 1.0F / 60;
  ImGui_ImplOpenGL3_NewFrame();
  ImGui::NewFrame();
  draw(app, io.DisplaySize);
  ImGui::Render();
  glViewport(0, 0, request.width_px, request.height_px);
  glClear(GL_COLOR_BUFFER_BIT);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
}

bool grid_done(const App& app) {
  for (const GridCell& cell : app.worker.grid()) {
    if (!cell.picture) return false;
  }
  return true;
}

Photo read_back(int width, int height) {
  cv::Mat pixels(height, width, CV_8UC3);
  glPixelStorei(GL_PACK_ALIGNMENT, 1);
  glReadPixels(0, 0, width, height, GL_RGB, GL_UNSIGNED_BYTE, pixels.data);
  Photo shot;
  cv::flip(pixels, shot.rgb, 0);
  return shot;
}

}  // namespace

void open_all(App& app, const ShotRequest& request) {
  for (size_t i = 0; i < request.photos.size(); ++i)
    i == 0 ? open_path(app, request.photos[i]) : add_path(app, request.photos[i], false);
}

void take_screenshot(const ShotRequest& request) {
  const OffScreenContext context;
  require_gl_33();
  const Canvas canvas(request.width_px, request.height_px);
  ImGui::CreateContext();
  ImGui::GetIO().IniFilename = nullptr;
  {
    App app([] {}, gl_textures(request.renderer));
    app.view.dark = request.dark;
    app.view.scale = request.scale;
    app.view.step = request.step;
    app.fonts = load_fonts(request.scale);
    apply_theme(request.dark, request.scale);
    ImGui_ImplOpenGL3_Init("#version 330 core");
    app.document.reset(request.settings);
    open_all(app, request);
    draw_once(app, request);
    while (app.worker.busy()) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    draw_once(app, request);
    app.view.step = request.step;
    app.view.compare = request.compare;
    app.view.tool = request.tool;
    app.view.distance_m = request.distance_m;
    app.view.browsing = request.browse;
    for (int i = 0; i < 2; ++i) draw_once(app, request);
    while (app.worker.busy() || !grid_done(app) || app.thumbnails.busy())
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    for (int i = 0; i < 3; ++i) draw_once(app, request);
    write_photo(read_back(request.width_px, request.height_px), request.out, true);
  }
  ImGui_ImplOpenGL3_Shutdown();
  ImGui::DestroyContext();
}

}  // namespace stipple
