// Corrections by hand: the brush and the points of the face, from the mouse to the treatment.
#include <doctest/doctest.h>

#include <map>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "sim/core/error.h"
#include "sim/plan/painted.h"
#include "tests/viewer/sitting.h"

using namespace stipple;

namespace {

uint8_t class_at(const Sitting& sitting, const Vec2& photo_px) {
  const Head& head = *sitting.app.frame->result.head;
  return head.classes(cvFloor(photo_px.y() / head.work_scale), cvFloor(photo_px.x() / head.work_scale));
}

/// A place in the middle of the bare scalp.
Vec2 on_scalp(const Sitting& sitting) {
  const cv::Mat1b bare(sitting.app.frame->result.head->classes == bare_scalp);
  const cv::Moments m = cv::moments(bare, true);
  return Vec2(m.m10 / m.m00, m.m01 / m.m00) * sitting.app.frame->result.head->work_scale;
}

}  // namespace

TEST_CASE("a stroke of the brush is one step, undone and redone, and another detection keeps it") {
  Sitting sitting;
  sitting.open_client();
  sitting.app.view.step = Step::scalp;
  sitting.app.view.compare = Compare::after;
  sitting.settle();
  const Settings before = sitting.app.document.live();
  const Vec2 place = on_scalp(sitting);
  REQUIRE(class_at(sitting, place) == bare_scalp);
  sitting.app.view.tool = Tool::brush;
  sitting.app.view.brush = Brush::hair;
  const ImVec2 at = sitting.map().to_view(place);
  sitting.drag({at.x - 10, at.y}, {at.x + 10, at.y});
  sitting.settle();
  const Settings painted = sitting.app.document.live();
  CHECK(parse_corrections(painted.head.corrections).size() == 1);
  CHECK(class_at(sitting, place) == hair_on_scalp);

  sitting.key('Z', true);
  sitting.settle();
  CHECK(sitting.app.document.live() == before);
  CHECK(class_at(sitting, place) == bare_scalp);
  sitting.key('Y', true);
  sitting.settle();
  CHECK(sitting.app.document.live() == painted);
  CHECK(class_at(sitting, place) == hair_on_scalp);

  Settings again = painted;  // another view has the head found anew
  again.head.view = 1;
  sitting.app.document.edit(again);
  sitting.settle();
  CHECK(class_at(sitting, place) == hair_on_scalp);
}

TEST_CASE("no dot falls where the brush leaves out, the others stay where they are, and one undo brings all back") {
  Sitting sitting;
  sitting.open_client();
  sitting.app.view.step = Step::finish;
  sitting.app.view.compare = Compare::after;
  sitting.settle();
  const Settings planned = sitting.app.document.live();
  const Vec2 place = on_scalp(sitting);
  const double radius_px = 0.03 * 400;
  const auto inside = [&](const Dot& dot) { return (dot.photo_px - place).norm() < radius_px - 2; };
  const std::vector<Dot> before = sitting.app.frame->result.field->dots;
  REQUIRE(std::count_if(before.begin(), before.end(), inside) > 3);
  sitting.app.view.tool = Tool::density;
  sitting.app.view.density_factor = 0;
  sitting.app.view.brush_radius = 0.03;
  const ImVec2 at = sitting.map().to_view(place);
  sitting.drag(at, at);
  sitting.settle();
  CHECK(parse_painted_density(sitting.app.document.live().plan.painted_density).size() == 1);
  const std::vector<Dot>& after = sitting.app.frame->result.field->dots;
  CHECK(std::count_if(after.begin(), after.end(), inside) == 0);
  CHECK(static_cast<double>(after.size()) > 0.85 * static_cast<double>(before.size()));
  std::map<uint64_t, Vec2> places;
  for (const Dot& dot : before) places[dot.id] = dot.photo_px;
  const auto stays = [&](const Dot& dot) { return places.contains(dot.id) && places[dot.id] == dot.photo_px; };
  CHECK(std::all_of(after.begin(), after.end(), stays));
  sitting.key('Z', true);
  sitting.settle();
  CHECK(sitting.app.document.live() == planned);
  CHECK(sitting.app.frame->result.field->dots.size() == before.size());
}

TEST_CASE("a stroke upon text that no brush wrote is refused in words, and the window lives on") {
  Sitting sitting;
  sitting.open_client();
  Settings settings = sitting.app.document.live();
  settings.head.corrections = "mud 1 2";
  sitting.app.document.edit(settings);
  sitting.settle();
  CHECK(sitting.app.frame->error.find("corrections") != std::string::npos);
  settings.head.corrections.clear();
  sitting.app.document.edit(settings);
  sitting.settle();
  REQUIRE(sitting.app.frame->ready());
  sitting.app.view.step = Step::scalp;
  sitting.app.view.compare = Compare::after;
  sitting.app.view.tool = Tool::brush;
  sitting.frame();
  settings.head.corrections = "mud 1 2";
  sitting.app.document.edit(settings);
  sitting.drag({450, 300}, {460, 300});
  sitting.settle();
  CHECK(sitting.app.document.live().head.corrections == "mud 1 2");
  CHECK(sitting.app.worker.status().find("mud") != std::string::npos);
}

TEST_CASE("where nothing was found the brush makes a scalp") {
  Sitting sitting;
  Settings settings;
  const std::filesystem::path folder = std::filesystem::path(client_path()).parent_path();
  Photo blank;
  blank.rgb = cv::Mat(400, 300, CV_8UC1, cv::Scalar(0));
  cv::cvtColor(blank.rgb, blank.rgb, cv::COLOR_GRAY2RGB);
  write_photo(blank, (folder / "blank.png").string(), false);
  settings.head.labels = (folder / "none.png").string();
  cv::imwrite(settings.head.labels, cv::Mat1b(400, 300, uint8_t{0}));
  sitting.app.document.reset(settings);
  open_path(sitting.app, (folder / "blank.png").string());
  sitting.settle();
  REQUIRE(!sitting.app.frame->ready());
  settings.head.corrections = "skin 0.2 0.5,0.6 0.5,0.5; scalp 0.2 0.5,0.35";
  sitting.app.document.edit(settings);
  sitting.settle();
  CHECK_MESSAGE(sitting.app.frame->ready(), sitting.app.frame->error);
}

TEST_CASE("a dragged point of the face is where it was put, and undone") {
  Sitting sitting;
  sitting.open_client();
  Settings settings = sitting.app.document.live();
  settings.head.landmarks = "pupil_left 0.6,0.5";  // label images bring none
  sitting.app.document.reset(settings);
  sitting.settle();
  sitting.app.view.step = Step::scalp;
  sitting.app.view.compare = Compare::after;
  sitting.app.view.tool = Tool::points;
  sitting.settle();
  const ImVec2 from = sitting.map().to_view({180, 200});
  const ImVec2 to{std::floor(from.x + 20), std::floor(from.y - 8)};  // the mouse knows whole pixels only
  sitting.drag(from, to);
  sitting.settle();
  const LandmarkPoint moved = sitting.app.frame->result.head->landmarks[pupil_left];
  const Vec2 wanted = sitting.map().to_photo(to);
  CHECK((moved.photo_px - wanted).norm() < 0.1);
  CHECK(moved.confidence == 1);
  sitting.key('Z', true);
  CHECK(sitting.app.document.live() == settings);
}

TEST_CASE("strokes come back from their text, whatever the photo's size, and nonsense is refused") {
  const std::vector<Stroke> strokes{{Brush::scalp, 0.02, {Vec2(0.25, 0.5), Vec2(0.75, 0.5)}},
                                    {Brush::hair, 0.005, {Vec2(0.5, 0.125)}}};
  CHECK(parse_corrections(format_corrections(strokes)) == strokes);
  CHECK(parse_corrections("").empty());
  cv::Mat1b small(100, 200, uint8_t{0}), large(400, 800, uint8_t{0}), reduced;
  paint_corrections(strokes, small);
  paint_corrections(strokes, large);
  CHECK(small(50, 100) == bare_scalp);
  CHECK(small(50, 40) == other);
  CHECK(small(12, 100) == hair_on_scalp);
  const auto share = [](const cv::Mat1b& m) { return cv::countNonZero(m) / static_cast<double>(m.total()); };
  CHECK(share(small) == doctest::Approx(share(large)).epsilon(0.15));
  for (const char* bad :
       {"scalp", "scalp 0.1", "mud 0.1 0,0", "exclude 0.1 0,0", "hair 5px 1,1", "scalp 0 0.5,0.5", "scalp nan 0.5,0.5",
        "hair 0.1 0.5", "hair 0.1 0.5,0.5,0.5", "hair 0.1 9,0", "hair 0.1 inf,0", "hair 9 0.5,0.5"}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(parse_corrections(bad), Error);
  }
  std::array<LandmarkPoint, landmark_count> points;
  for (const char* bad : {"nose", "nose_tip", "nose_tip 0.5", "nose_tip 0.5,0.5 0.5,0.5", "nose_tip nan,0"}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(place_landmarks(bad, {100, 100}, points), Error);
  }
}
