// The whole window driven in process: no display, no GL. Scripted walks, undo against snapshots, and a monkey.
// STIPPLE_MONKEY_EVENTS sets how many random events are sent (100000 for the long soak).
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <sstream>

#include "sim/core/random.h"
#include "tests/viewer/sitting.h"

using namespace stipple;

TEST_CASE("a photo opens to a before and an after, and the flow moves on to the scalp") {
  Sitting session;
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

TEST_CASE("a photo that opens shows a draft at once, and the picture that the command line makes when it rests") {
  Worker worker([] {});
  Settings settings;
  settings.head.labels = (std::filesystem::path(client_path()).parent_path() / "labels.png").string();
  worker.open({client_path(), settings, ""});
  std::shared_ptr<const Frame> draft;
  while (worker.busy()) {
    if (const auto frame = worker.frame(); frame->preview.picture) draft = frame;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  REQUIRE(draft);
  CHECK(!draft->complete());
  CHECK(draft->ready());
  CHECK(!draft->result.after);
  CHECK(draft->preview.picture->size() == draft->result.before->size());  // no larger than a screen: as it is
  const std::shared_ptr<const Frame> frame = worker.frame();
  CHECK(frame->complete());
  CHECK(!frame->preview.picture);
  Job job;
  const Result cold = Pipeline(frame->result.before).run(settings, job);
  CHECK(cv::norm(frame->result.after->rgb, cold.after->rgb, cv::NORM_INF) == 0);
}

TEST_CASE("a file that cannot be opened says so and keeps the window alive") {
  Sitting session;
  open_path(session.app, "/nonexistent/photo.jpg");
  session.settle();
  CHECK(session.app.frame->error.find("photo.jpg") != std::string::npos);
  CHECK(!session.app.before.id);
}

TEST_CASE("dragging a hairline point is one step: undo returns to the snapshot before it, redo to the one after") {
  Sitting session;
  session.open_client();
  session.app.view.step = Step::hairline;
  session.app.view.compare = Compare::after;
  session.settle();
  const Settings before = session.app.document.live();
  REQUIRE(session.app.frame->result.plan->hairline_px.size() > 2);
  const Mapping map = session.map();
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

TEST_CASE("while a slider is dragged only what is in sight is drawn, and the whole picture follows") {
  Sitting sitting;
  sitting.open_client();
  sitting.app.view.compare = Compare::after;
  sitting.settle();
  const std::shared_ptr<const Photo> whole = sitting.app.frame->result.after;
  Settings settings = sitting.app.document.live();
  settings.pigment.years = 4;
  ImGui::GetIO().MousePos = {5, 715};
  ImGui::GetIO().MouseDown[0] = true;
  sitting.frame();
  sitting.app.document.edit(settings);
  sitting.settle();
  const Preview preview = sitting.app.frame->preview;
  REQUIRE(preview.picture);
  CHECK(!sitting.app.frame->complete());
  CHECK(sitting.app.frame->result.after == whole);
  CHECK(preview.picture->size() == preview.excerpt.size());
  CHECK(preview.excerpt.area_px == cv::Rect({0, 0}, whole->size()));
  ImGui::GetIO().MouseDown[0] = false;
  sitting.settle();
  CHECK(!sitting.app.frame->preview.picture);
  CHECK(sitting.app.frame->complete());
  Job job;
  CHECK(cv::norm(sitting.app.frame->result.after->rgb,
                 Pipeline(sitting.app.frame->result.before).run(settings, job).after->rgb, cv::NORM_INF) == 0);
}

TEST_CASE("with both sides alike the opposite point of the hairline follows to the mirrored place") {
  Sitting session;
  session.open_client();
  session.app.view.step = Step::hairline;
  session.app.view.compare = Compare::after;
  session.app.view.mirror = true;
  session.settle();
  const Mapping map = session.map();
  const auto& line = session.app.frame->result.plan->hairline_px;
  const ImVec2 at = map.to_view(line[4 * (line.size() - 1) / 10]);
  const ImVec2 to{std::floor(at.x), std::floor(at.y - 15)};
  session.drag(at, to);
  std::istringstream text(session.app.document.live().plan.line_points);
  std::vector<Vec2> points;
  char comma = 0;
  for (double x = 0, y = 0; text >> x >> comma >> y;) points.emplace_back(x, y);
  REQUIRE(points.size() == 11);
  const HeadModel& model = session.app.frame->result.head->model;
  const Vec3 left = model.nearest(points[4]), right = model.nearest(points[6]);
  CHECK((points[4] - map.to_photo(to)).norm() < 0.1);
  CHECK((left - right.cwiseProduct(Vec3(-1, 1, 1))).norm() < 1);  // mm
}

TEST_CASE("the ruler turns two clicks into a stated scale") {
  Sitting session;
  session.open_client();
  session.app.view.step = Step::scalp;
  session.app.view.tool = Tool::ruler;
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
  Sitting session;
  session.open_client();
  const char* asked = std::getenv("STIPPLE_MONKEY_EVENTS");
  const uint64_t events = asked ? std::strtoull(asked, nullptr, 10) : 2000;
  ImGuiIO& io = ImGui::GetIO();
  const std::string keys = "1234567AWDBGLF0ZY[]";
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
