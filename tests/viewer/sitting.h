// An application without a window: ImGui alone, textures that are counted, a made client.
#pragma once
#include <doctest/doctest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <thread>

#include "app/viewer/ui/app.h"
#include "app/viewer/ui/canvas.h"
#include "sim/core/error.h"
#include "sim/phantom/phantom.h"

namespace stipple {

// A small client with its truth as labels, so that walks need no network and take milliseconds.
inline const std::string& client_path() {
  static const std::string path = [] {
    const std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("stipple_ui_" + std::to_string(getpid()));
    std::filesystem::create_directories(folder);
    PhantomParams params;
    params.width_px = 300;
    params.height_px = 400;
    Job job;
    const Phantom phantom = make_phantom(params, job);
    write_photo(phantom.photo, (folder / "client.png").string(), false);
    write_truth(phantom.truth, folder.string());
    return (folder / "client.png").string();
  }();
  return path;
}

// An ImGui context without any back end, and an app whose textures are counted.
struct Sitting {
  explicit Sitting(const std::filesystem::path& state_folder = {}, bool gpu = false)
      : context(ImGui::CreateContext()), app([] {}, counting_store(gpu), state_folder) {
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.DisplaySize = {1280, 720};
    app.fonts = load_fonts(1);
    apply_theme(false, 1);
    unsigned char* pixels = nullptr;
    int width = 0, height = 0;
    io.Fonts->GetTexDataAsRGBA32(&pixels, &width, &height);
  }
  ~Sitting() { ImGui::DestroyContext(context); }

  TextureStore counting_store(bool gpu) {
    TextureStore store;
    store.upload = [this](const cv::Mat&) {
      return reinterpret_cast<ImTextureID>(static_cast<intptr_t>(++live_textures));
    };
    store.release = [this](ImTextureID) { --live_textures; };
    if (gpu)
      store.compose = [this](const Result&) {
        ++composed;
        if (gpu_fails) throw Error(ErrorKind::internal, "GPU", "is gone", "none");
        return reinterpret_cast<ImTextureID>(static_cast<intptr_t>(77));
      };
    return store;
  }
  void frame() {
    ImGui::GetIO().DeltaTime = 1.0F / 60;
    ImGui::NewFrame();
    draw(app, ImGui::GetIO().DisplaySize);
    ImGui::Render();
  }
  /// Frames until neither the worker nor what the last frame asked of it goes on.
  void settle() {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    int idle = 0;
    while (idle < 2 && std::chrono::steady_clock::now() < give_up) {
      frame();
      idle = app.worker.busy() ? 0 : idle + 1;
      if (idle == 0) std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    REQUIRE(!app.worker.busy());
  }
  void key(char letter, bool ctrl = false) {
    ImGuiIO& io = ImGui::GetIO();
    io.KeyCtrl = ctrl;
    io.KeysDown[static_cast<int>(letter)] = true;
    frame();
    io.KeysDown[static_cast<int>(letter)] = false;
    frame();
    io.KeyCtrl = false;
  }
  void drag(ImVec2 from, ImVec2 to) {
    ImGuiIO& io = ImGui::GetIO();
    io.MousePos = from;
    frame();
    io.MouseDown[0] = true;
    frame();
    for (int i = 1; i <= 8; ++i) {
      const float t = static_cast<float>(i) / 8;
      io.MousePos = {from.x + t * (to.x - from.x), from.y + t * (to.y - from.y)};
      frame();
    }
    io.MouseDown[0] = false;
    frame();
  }
  /// The part of the window that shows the picture.
  Mapping map() const {
    const float bar = ImGui::GetFrameHeight() + 24;
    return mapping(app.view, app.before.size, {0, bar}, {1280 - 340, 720 - bar});
  }
  void open_client(const std::string& path = client_path()) {
    // Few dots and no hair cut: what the window does with a client does not hang on either.
    Settings settings;
    settings.plan.density_per_cm2 = 60;
    settings.shave.strength = 0;
    settings.head.labels = (std::filesystem::path(client_path()).parent_path() / "labels.png").string();
    app.document.reset(settings);
    open_path(app, path);
    settle();
    REQUIRE_MESSAGE(app.frame->ready(), app.frame->error);
  }

  int live_textures = 0, composed = 0;
  bool gpu_fails = false;
  ImGuiContext* context;
  App app;
};

}  // namespace stipple
