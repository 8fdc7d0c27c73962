// State of the window and the one function that draws it. Free of GLFW and GL: tests drive it with ImGui alone.
#pragma once
#include <imgui.h>

#include <array>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/viewer/ui/document.h"
#include "app/viewer/ui/session.h"
#include "app/viewer/ui/swatch.h"
#include "app/viewer/ui/theme.h"
#include "app/viewer/ui/thumbnails.h"
#include "app/viewer/ui/worker.h"
#include "sim/head/corrections.h"

namespace stipple {

enum class Step { photo, scalp, hairline, finish, shade, years, share };
enum class Compare { after, wipe, side_by_side, blink, grid };
enum class Grid { shades_years, finishes_shades, hairlines };
enum class Tool { none, ruler, brush, points, density };
enum class Light { photo, daylight, indoor };

/// How pictures become textures; the window gives GL, tests give counters. Sizes follow the pixels.
struct TextureStore {
  std::function<ImTextureID(const cv::Mat& rgb)> upload;  // CV_8UC3
  std::function<void(ImTextureID)> release;
  /// Shows nothing finer than that many pixels of the picture; may be empty.
  std::function<void(ImTextureID, double finest_px)> soften = {};
  /// Draws a result's picture on the GPU and owns it until the next call; empty where the worker draws it. Throws Error
  /// when the GPU cannot, after which the worker does.
  std::function<ImTextureID(const Result&)> compose = {};
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
  bool mirror = false;     // a dragged point of the hairline takes its opposite along
  bool overlay = true, loupe = false, dark = false, client_mode = false, playing = false;
  Tool tool = Tool::none;
  std::vector<Vec2> ruler_points;
  double ruler_mm = 25;
  Brush brush = Brush::scalp;
  double density_factor = 0.5;  // that the brush of the finish gives
  double brush_radius = 0.02;   // share of the photo's longer side
  std::vector<Vec2> stroke_px;  // being drawn
  int dragged_landmark = -1;
  double distance_m = 0;  // that the client is looked at from; 0 shows the photo as it is
  Light light = Light::photo;
  bool browsing = false, adding = false, quit = false;  // adding: what is chosen is another photo of this client
  std::filesystem::path folder;
  std::string selected;
  float scale = 1;
  Excerpt in_sight;   // what the canvas showed last
  double time_s = 0;  // for blink and play
};

/// A folder as the file browser shows it.
struct FolderEntry {
  std::filesystem::path path;
  bool folder = false;
};
struct Listing {
  std::filesystem::path folder;
  double read_s = 0;
  std::vector<FolderEntry> entries;
};

/// One of several photos of a client, with what belongs to its pixels alone. All else is chosen once for all.
struct ClientPhoto {
  std::string path;    // absolute; the file may be gone where the project holds the photo itself
  int stored = 0;      // which photo of the project that was opened or saved last; 0 = none, a file alone
  Places places = {};  // as long as another photo is shown
  std::optional<Document> history = {};  // its steps, as long as another photo is shown
};

/// Photos, and the project they come from and are saved to.
struct Consultation {
  std::vector<ClientPhoto> photos;                   // at least one while something is open
  size_t shown = 0;                                  // of photos
  std::shared_ptr<const Project> project = nullptr;  // as last read or written
  std::string project_path, passphrase;              // "" where there is none yet; a passphrase keeps it locked
  bool anew = true;                                  // another client's, or this one's from the file again
};

/// A photo that was taken out, and where it was.
struct RemovedPhoto {
  ClientPhoto photo;
  size_t index = 0;
};

/// A locked project that waits for its passphrase.
struct Unlocking {
  std::string path;
  std::optional<Leftover> leftover;
  std::array<char, 256> typed{};
  int ticket = 0;  // of the try that is under way
  bool wrong = false;
};

struct App {
  /// `state_folder` holds recent files and unsaved work; empty keeps nothing.
  App(const std::function<void()>& wake, TextureStore store, const std::filesystem::path& state_folder = {});
  ~App();
  Document document;
  Worker worker;
  ViewState view;
  Fonts fonts;
  TextureStore textures;
  Texture before, after, part;  // part: of the picture after, newer than the rest
  Result composed;              // that `after` was drawn from, where the GPU draws it
  std::map<const Photo*, Texture> cells, thumbnail_textures;
  Swatches swatches;
  std::vector<Texture> swatch_textures;
  Thumbnails thumbnails;
  Listing listing;
  std::shared_ptr<const Frame> frame;  // of this draw
  Settings requested;                  // last handed to the worker
  bool previewed = false;              // only a part of the picture was asked for
  int opened = 0;                      // ticket of what is shown
  Consultation now;
  std::vector<RemovedPhoto> removed;                   // since the last save, the last one behind
  bool removed_last = false;                           // nothing was edited since
  std::optional<std::pair<int, Consultation>> coming;  // what an opening will show, by its ticket
  std::optional<Work> saved;                           // what a file holds; nothing where no file holds it
  std::optional<Unlocking> unlocking;
  std::map<const Photo*, Texture> strip_textures;
  Session session;
  std::vector<Leftover> leftovers;   // unsaved work of earlier runs, offered at the start
  std::optional<Leftover> going_on;  // the one that is being opened
};

/// Opens a photo or project in the worker. Another photo keeps shade, density and years, not what belongs to the last
/// one's pixels.
void open_path(App& app, const std::string& path);
/// Adds another photo of the same client unless it is there already, and shows it when asked.
void add_path(App& app, const std::string& path, bool show = true);
void show_photo(App& app, size_t index);
/// Takes a photo out of the consultation, unless it is the only one; undo() brings it back until the next save.
void remove_photo(App& app, size_t index);
/// One step back: an edit, or a photo that was taken out.
void undo(App& app);
bool can_undo(const App& app);
/// Goes on with unsaved work of an earlier run.
void open_leftover(App& app, const Leftover& leftover);
/// Tries the passphrase that was typed.
void unlock(App& app);
/// Takes over what the worker has opened, once it is there.
void take_opened(App& app);
/// All that a save would write now, and whether a file lacks any of it.
Work work_of(const App& app);
bool unsaved(const App& app);
/// The project as a save would write it. Throws Error when a photo cannot be read.
Project project_of(const App& app);
/// Stores unsaved work where the next start finds it, after a rest.
void keep_work(App& app, double rest_s = 5);
/// Draws the whole window of `size` view px and hands edits to the worker. Returns true while it wants another frame
/// soon.
bool draw(App& app, ImVec2 size);
/// Whether there is a picture after, or a first draft of one.
inline bool shows_after(const App& app) { return app.after.id || app.part.id; }
/// True while edits wait to be kept, which the next draw after a few seconds of rest does.
bool keeping_due(const App& app);

}  // namespace stipple
