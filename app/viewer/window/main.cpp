// stipple-viewer: the window. GLFW, OpenGL and files live here; what is shown lives in ui/.
#include <CLI/CLI.hpp>
#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>
#include <backends/imgui_impl_glfw.h>
#include <backends/imgui_impl_opengl3.h>
#include <epoxy/gl.h>

#include <cstdio>

#include "app/viewer/window/screenshot.h"
#include "app/viewer/window/textures.h"
#include "sim/core/error.h"

namespace stipple {
namespace {

void on_drop(GLFWwindow* window, int count, const char** paths) {
  App& app = *static_cast<App*>(glfwGetWindowUserPointer(window));
  for (int i = 0; i < count; ++i) i == 0 ? open_path(app, paths[i]) : add_path(app, paths[i], false);
}

float content_scale(GLFWwindow* window) {
  float x = 1, y = 1;
  glfwGetWindowContentScale(window, &x, &y);
  return std::clamp(std::max(x, y), 1.0F, 4.0F);
}

// A new monitor scale needs fresh fonts and a fresh style, never a scaled one scaled again.
void follow_scale(App& app, GLFWwindow* window) {
  const float scale = content_scale(window);
  if (scale == app.view.scale && app.fonts.body) return;
  app.view.scale = scale;
  app.fonts = load_fonts(scale);
  apply_theme(app.view.dark, scale);
  ImGui_ImplOpenGL3_DestroyFontsTexture();
}

// The client's view fills the screen that most of the window is on, and gives the window back where it was.
struct Placement {
  bool full = false;
  int x = 0, y = 0, width = 1440, height = 900;
};

GLFWmonitor* monitor_of(const Placement& window) {
  int count = 0;
  GLFWmonitor** monitors = glfwGetMonitors(&count);
  const int x = window.x + window.width / 2, y = window.y + window.height / 2;
  for (int i = 0; i < count; ++i) {
    int left = 0, top = 0;
    glfwGetMonitorPos(monitors[i], &left, &top);
    const GLFWvidmode* mode = glfwGetVideoMode(monitors[i]);
    if (mode && x >= left && x < left + mode->width && y >= top && y < top + mode->height) return monitors[i];
  }
  return glfwGetPrimaryMonitor();
}

void follow_client_mode(const App& app, GLFWwindow* window, Placement& placement) {
  if (app.view.client_mode == placement.full) return;
  placement.full = app.view.client_mode;
  if (!placement.full)
    return glfwSetWindowMonitor(window, nullptr, placement.x, placement.y, placement.width, placement.height, 0);
  glfwGetWindowPos(window, &placement.x, &placement.y);
  glfwGetWindowSize(window, &placement.width, &placement.height);
  GLFWmonitor* monitor = monitor_of(placement);
  const GLFWvidmode* mode = monitor ? glfwGetVideoMode(monitor) : nullptr;
  if (mode) glfwSetWindowMonitor(window, monitor, 0, 0, mode->width, mode->height, mode->refreshRate);
}

void draw_frame(App& app, GLFWwindow* window, bool& again) {
  follow_scale(app, window);
  ImGui_ImplOpenGL3_NewFrame();
  ImGui_ImplGlfw_NewFrame();
  ImGui::NewFrame();
  again = draw(app, ImGui::GetIO().DisplaySize);
  ImGui::Render();
  int width = 0, height = 0;
  glfwGetFramebufferSize(window, &width, &height);
  glViewport(0, 0, width, height);
  glClear(GL_COLOR_BUFFER_BIT);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
  glfwSwapBuffers(window);
}

// Sleeps until something happens; draws a few frames more after the last event, then idles.
void main_loop(App& app, GLFWwindow* window) {
  int frames_due = 4;
  Placement placement;
  while (!glfwWindowShouldClose(window) && !app.view.quit) {
    if (frames_due > 0) {
      glfwPollEvents();
      --frames_due;
    } else {
      // Unsaved work wants one more look after a few seconds; else nothing moves until somebody does.
      keeping_due(app) ? glfwWaitEventsTimeout(1) : glfwWaitEvents();
      frames_due = 3;
    }
    bool again = false;
    draw_frame(app, window, again);
    follow_client_mode(app, window, placement);
    if (again) frames_due = std::max(frames_due, 1);
  }
}

void run_window(const ShotRequest& request) {
  glfwSetErrorCallback([](int, const char* words) { std::fprintf(stderr, "window: %s\n", words); });
  if (!glfwInit())
    throw Error(ErrorKind::internal, "window", "no display can be opened",
                "run inside a desktop session, or use the `stipple` command line");
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
  glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
  GLFWwindow* window = glfwCreateWindow(1440, 900, "Stipple", nullptr, nullptr);
  if (!window) {
    glfwTerminate();
    throw Error(ErrorKind::internal, "OpenGL", "no OpenGL 3.3 window can be made",
                "update the graphics driver, or use the `stipple` command line");
  }
  glfwMakeContextCurrent(window);
  glfwSwapInterval(1);
  require_gl_33();
  ImGui::CreateContext();
  ImGui::GetIO().IniFilename = nullptr;
  {
    App app([] { glfwPostEmptyEvent(); }, gl_textures(request.renderer), default_state_folder());
    glfwSetWindowUserPointer(window, &app);
    glfwSetDropCallback(window, on_drop);
    ImGui_ImplGlfw_InitForOpenGL(window, true);
    ImGui_ImplOpenGL3_Init("#version 330 core");
    app.view.dark = request.dark;
    app.document.reset(request.settings);
    open_all(app, request);
    main_loop(app, window);
    glfwSetDropCallback(window, nullptr);
  }
  ImGui_ImplOpenGL3_Shutdown();
  ImGui_ImplGlfw_Shutdown();
  ImGui::DestroyContext();
  glfwDestroyWindow(window);
  glfwTerminate();
}

int main_program(int argc, char** argv) {
  CLI::App cli{"Stipple: scalp micropigmentation on the client's own photo"};
  ShotRequest shot;
  static const std::map<std::string, Step> steps{
      {"photo", Step::photo}, {"scalp", Step::scalp}, {"hairline", Step::hairline}, {"finish", Step::finish},
      {"shade", Step::shade}, {"years", Step::years}, {"share", Step::share}};
  static const std::map<std::string, Compare> modes{{"after", Compare::after},
                                                    {"wipe", Compare::wipe},
                                                    {"side", Compare::side_by_side},
                                                    {"blink", Compare::blink},
                                                    {"grid", Compare::grid}};
  static const std::map<std::string, Renderer> renderers{
      {"auto", Renderer::automatic}, {"gpu", Renderer::gpu}, {"cpu", Renderer::cpu}};
  static const std::map<std::string, Tool> tools{{"none", Tool::none},
                                                 {"ruler", Tool::ruler},
                                                 {"brush", Tool::brush},
                                                 {"points", Tool::points},
                                                 {"density", Tool::density}};
  cli.add_option("files", shot.photos, "Photos of one client, or a project, to open");
  cli.add_option("--screenshot", shot.out, "Draw once without a window into this PNG");
  cli.add_option("--width", shot.width_px, "Screenshot width in px")->check(CLI::Range(320, 7680));
  cli.add_option("--height", shot.height_px, "Screenshot height in px")->check(CLI::Range(240, 4320));
  cli.add_option("--scale", shot.scale, "Screenshot scale")->check(CLI::Range(1.0, 4.0));
  cli.add_flag("--dark", shot.dark, "Dark theme");
  cli.add_option("--step", shot.step, "Step to show")->transform(CLI::CheckedTransformer(steps));
  cli.add_option("--compare", shot.compare, "Compare mode")->transform(CLI::CheckedTransformer(modes));
  cli.add_option("--renderer", shot.renderer, "What draws the treatment: auto, gpu or cpu")
      ->transform(CLI::CheckedTransformer(renderers));
  cli.add_option("--tool", shot.tool, "Tool in hand on the screenshot")->transform(CLI::CheckedTransformer(tools));
  cli.add_option("--seen-from", shot.distance_m, "Viewing distance in m on the screenshot")
      ->check(CLI::Range(0.0, 10.0));
  cli.add_flag("--browse", shot.browse, "Screenshot of the file browser");
  std::vector<std::string> values;
  cli.add_option("--set", values, "Start with key=value (see `stipple help settings`)");
  CLI11_PARSE(cli, argc, argv);
  for (const std::string& pair : values) {
    const size_t equals = std::min(pair.find('='), pair.size());
    set_value(shot.settings, pair.substr(0, equals), equals < pair.size() ? pair.substr(equals + 1) : "");
  }
  shot.out.empty() ? run_window(shot) : take_screenshot(shot);
  return 0;
}

}  // namespace
}  // namespace stipple

int main(int argc, char** argv) {
  try {
    return stipple::main_program(argc, argv);
  } catch (const stipple::Error& error) {
    std::fprintf(stderr, "stipple-viewer: %s\n", error.what());
    return error.exit_code();
  }
}
