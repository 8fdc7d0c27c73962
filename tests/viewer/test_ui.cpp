// The whole window driven in process: no display, no GL. Scripted walks, undo against snapshots, and a monkey.
// STIPPLE_MONKEY_EVENTS sets how many random events are sent (100000 for the long soak).
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "app/viewer/ui/app.h"
#include "app/viewer/ui/canvas.h"
#include "sim/core/random.h"
#include "sim/phantom/phantom.h"

using namespace stipple;

namespace {

// A small client with its truth as labels, so that walks need no network and take milliseconds.
const std::string& client_path() {
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
struct Session {
  Session() : context(ImGui::CreateContext()), app([] {}, counting_store()) {
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.DisplaySize = {1280, 720};
    app.fonts = load_fonts(1);
    apply_theme(false, 1);
    unsigned char* pixels = nullptr;
    int width = 0, height = 0;
    io.Fonts->GetTexDataAsRGBA32(&pixels, &width, &height);
  }
  ~Session() { ImGui::DestroyContext(context); }

  TextureStore counting_store() {
    return {[this](const cv::Mat&) { return reinterpret_cast<ImTextureID>(static_cast<intptr_t>(++live_textures)); },
            [this](ImTextureID) { --live_textures; }};
  }
  void frame() {
    ImGui::GetIO().DeltaTime = 1.0F / 60;
    ImGui::NewFrame();
    draw(app, ImGui::GetIO().DisplaySize);
    ImGui::Render();
  }
  void settle() {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    do {
      frame();
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    } while (app.worker.busy() && std::chrono::steady_clock::now() < give_up);
    frame();
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
  void open_client() {
    Settings settings;
    settings.head.labels = (std::filesystem::path(client_path()).parent_path() / "labels.png").string();
    app.document.reset(settings);
    open_path(app, client_path());
    settle();
    REQUIRE_MESSAGE(app.frame->result.after, app.frame->error);
  }

  int live_textures = 0;
  ImGuiContext* context;
  App app;
};

}  // namespace

TEST_CASE("a photo opens to a before and an after, and the flow moves on to the scalp") {
  Session session;
  session.frame();
  session.open_client();
  CHECK(session.app.view.step == Step::scalp);
  CHECK(session.app.before.id);
  CHECK(session.app.after.id);
  for (char step = '1'; step <= '7'; ++step) {
    session.key(step);
    CHECK(session.app.view.step == static_cast<Step>(step - '1'));
  }
}

TEST_CASE("a file that cannot be opened says so and keeps the window alive") {
  Session session;
  open_path(session.app, "/nonexistent/photo.jpg");
  session.settle();
  CHECK(session.app.frame->error.find("photo.jpg") != std::string::npos);
  CHECK(!session.app.before.id);
}

TEST_CASE("dragging a hairline point is one step: undo returns to the snapshot before it, redo to the one after") {
  Session session;
  session.open_client();
  session.app.view.step = Step::hairline;
  session.app.view.compare = Compare::after;
  session.settle();
  const Settings before = session.app.document.live();
  REQUIRE(session.app.frame->result.plan->hairline_px.size() > 2);
  const float bar = ImGui::GetFrameHeight() + 24;
  const Mapping map = mapping(session.app.view, session.app.before.size, {0, bar}, {1280 - 340, 720 - bar});
  const auto& line = session.app.frame->result.plan->hairline_px;
  const ImVec2 at = map.to_view(line[5 * (line.size() - 1) / 10]);
  session.drag(at, {at.x, at.y - 20});
  const Settings after = session.app.document.live();
  CHECK(!(after == before));
  CHECK(!after.plan.line_points.empty());
  session.key('Z', true);
  CHECK(session.app.document.live() == before);
  session.key('Y', true);
  CHECK(session.app.document.live() == after);
}

TEST_CASE("the ruler turns two clicks into a stated scale") {
  Session session;
  session.open_client();
  session.app.view.ruler = true;
  session.app.view.compare = Compare::after;
  session.app.view.ruler_mm = 50;
  for (const float x : {400.0F, 500.0F}) session.drag({x, 300}, {x, 300});
  session.settle();
  CHECK(!session.app.document.live().head.marker.empty());
  CHECK(session.app.frame->result.head->scale.source == "marker");
}

TEST_CASE("undo and redo walk through random edits exactly as snapshots say") {
  Document document;
  std::vector<Settings> snapshots{document.live()};
  for (uint64_t i = 0; i < 200; ++i) {
    Settings settings = document.live();
    settings.plan.density_per_cm2 = 20 + 200 * uniform(3, i, 0);
    settings.pigment.years = 5 * uniform(3, i, 1);
    document.edit(settings);
    document.commit();
    snapshots.push_back(settings);
  }
  for (size_t i = snapshots.size() - 1; i-- > 0;) {
    CHECK(document.undo());
    CHECK(document.live() == snapshots[i]);
  }
  CHECK(!document.undo());
  for (size_t i = 1; i < snapshots.size(); ++i) {
    CHECK(document.redo());
    CHECK(document.live() == snapshots[i]);
  }
}

TEST_CASE("a monkey at mouse and keyboard breaks nothing and leaks no texture") {
  Session session;
  session.open_client();
  const char* asked = std::getenv("STIPPLE_MONKEY_EVENTS");
  const uint64_t events = asked ? std::strtoull(asked, nullptr, 10) : 3000;
  ImGuiIO& io = ImGui::GetIO();
  const std::string keys = "1234567AWDBGLF0ZY";
  for (uint64_t i = 0; i < events; ++i) {
    const double what = uniform(11, i, 0);
    if (what < 0.5)
      io.MousePos = {static_cast<float>(1280 * uniform(11, i, 1)), static_cast<float>(720 * uniform(11, i, 2))};
    if (what > 0.4 && what < 0.6) io.MouseDown[0] = !io.MouseDown[0];
    if (what > 0.6 && what < 0.7) io.MouseWheel = static_cast<float>(uniform(11, i, 3) * 4 - 2);
    const int key = keys[static_cast<size_t>(uniform(11, i, 4) * static_cast<double>(keys.size()))];
    io.KeyCtrl = (key == 'Z' || key == 'Y');
    if (what > 0.7) io.KeysDown[key] = !io.KeysDown[key];
    session.frame();
    session.app.view.browsing = false;  // the file system is not the monkey's business
    CHECK(session.live_textures < 64);
    CHECK(std::isfinite(session.app.view.zoom));
  }
  session.app.worker.cancel();
}
