// State of the window and the one function that draws it. Free of GLFW and GL: tests drive it with ImGui alone.
#pragma once
#include <imgui.h>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/viewer/ui/document.h"
#include "app/viewer/ui/theme.h"
#include "app/viewer/ui/worker.h"

namespace stipple {

enum class Step { photo, scalp, hairline, finish, shade, years, share };
enum class Compare { after, wipe, side_by_side, blink, grid };
enum class Grid { shades_years, finishes_shades, hairlines };

/// How pictures become textures; the window gives GL, tests give counters. Sizes follow the pixels.
struct TextureStore {
  std::function<ImTextureID(const cv::Mat& rgb)> upload;  // CV_8UC3
  std::function<void(ImTextureID)> release;
};

/// A picture on its way to the screen, uploaded once per identity.
struct Texture {
  std::weak_ptr<const Photo> photo;
  ImTextureID id = nullptr;
  cv::Size size;
};

/// What is looked at and how: not part of the document, not undone.
struct ViewState {
  Step step = Step::photo;
  Compare compare = Compare::wipe;
  Grid grid = Grid::shades_years;
  double zoom = 0;       // view px per photo px; 0 = fit
  Vec2 centre_px{0, 0};  // photo point in the middle of the canvas, when zoom > 0
  float wipe = 0.5F;     // divider, share of the canvas width
  bool dragging_wipe = false;
  int dragged_point = -1;  // of the hairline
  bool overlay = true, loupe = false, dark = false, client_mode = false, playing = false;
  bool ruler = false;
  std::vector<Vec2> ruler_points;
  double ruler_mm = 25;
  bool browsing = false;
  std::filesystem::path folder;
  std::string selected;
  float scale = 1;
  double time_s = 0;  // for blink and play
};

struct App {
  explicit App(std::function<void()> wake, TextureStore store) : worker(std::move(wake)), textures(std::move(store)) {}
  ~App();
  Document document;
  Worker worker;
  ViewState view;
  Fonts fonts;
  TextureStore textures;
  Texture before, after;
  std::map<const Photo*, Texture> cells;
  std::shared_ptr<const Frame> frame;  // of this draw
  Settings requested;                  // last handed to the worker
  int generation = 0;
  std::vector<std::string> recent;
  std::string project_path;
};

/// Opens a photo or project in the worker.
void open_path(App& app, const std::string& path);
/// Draws the whole window of `size` view px and hands edits to the worker. Returns true while it wants another frame
/// soon.
bool draw(App& app, ImVec2 size);

}  // namespace stipple
