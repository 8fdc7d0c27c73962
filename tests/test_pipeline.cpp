// An edited consultation equals a fresh one bit for bit, and stages that an edit does not touch do not run again.
#include <doctest/doctest.h>

#include <filesystem>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "sim/core/error.h"
#include "sim/head/regions.h"
#include "sim/phantom/phantom.h"
#include "sim/pipeline.h"
#include "sim/project.h"
#include "tests/random_settings.h"

using namespace stipple;

namespace {

std::shared_ptr<const Photo> client() {
  static const std::shared_ptr<const Photo> photo = [] {
    PhantomParams params;
    params.width_px = 240, params.height_px = 320;
    Job job;
    return std::make_shared<const Photo>(make_phantom(params, job).photo);
  }();
  return photo;
}

/// Settings as a consultant reaches them: a stated scale, and a zone for the finishes that need one.
Settings plain() {
  Settings settings;
  settings.head.mm_per_px = 1;
  settings.plan.zone = "0,0 240,0 240,320 0,320";
  return settings;
}

/// Changes one field that is not text to a random value of its range.
void edit(Settings& settings, uint64_t step) {
  std::vector<std::string> keys;
  for_each_group(settings, [&](const char*, const auto& group) {
    for_each_field(group, [&](const FieldInfo& info, const auto& value) {
      if constexpr (!std::is_same_v<std::decay_t<decltype(value)>, std::string>) keys.emplace_back(info.key);
    });
  });
  const std::string& key = keys[hash64(11, step, 0) % keys.size()];
  set_value(settings, key, get_value(random_settings(step), key));
  // A head a few pixels wide has no room for dots; keep the scale believable.
  if (key == "mm_per_px") settings.head.mm_per_px = 0.7 + 0.6 * uniform(12, step, 0);
}

bool same_pixels(const Photo& a, const Photo& b) {
  return a.size() == b.size() && cv::norm(a.rgb, b.rgb, cv::NORM_INF) == 0;
}

}  // namespace

TEST_CASE("after any chain of edits the result equals a cold run bit for bit" * doctest::test_suite("many heads")) {
  Pipeline warm(client());
  Settings settings = plain();
  Job job;
  for (uint64_t step = 1; step <= 60; ++step) {
    edit(settings, step);
    const Result result = warm.run(settings, job);
    // Every edit is applied; comparing each tenth with a cold run keeps the test short.
    if (step % 10 != 0) continue;
    const Result cold = Pipeline(client()).run(settings, job);
    CAPTURE(step);
    CHECK(same_pixels(*result.after, *cold.after));
    CHECK(result.field->dots.size() == cold.field->dots.size());
  }
}

TEST_CASE("an edit runs its stage and what follows, nothing before") {
  Pipeline pipeline(client());
  Settings settings = plain();
  Job job;
  const Result first = pipeline.run(settings, job);
  CHECK(pipeline.run(settings, job).after == first.after);

  settings.pigment.years = 5;
  const Result aged = pipeline.run(settings, job);
  CHECK(aged.field == first.field);
  CHECK(aged.after != first.after);

  settings.field.seed = 9;
  const Result reseeded = pipeline.run(settings, job);
  CHECK(reseeded.plan == first.plan);
  CHECK(reseeded.field != first.field);

  settings.plan.density_per_cm2 = 60;
  const Result thinner = pipeline.run(settings, job);
  CHECK(thinner.head == first.head);
  CHECK(thinner.plan != first.plan);
}

TEST_CASE("a preview shows what the whole picture shows, in any part and at any scale") {
  Pipeline pipeline(client());
  Settings settings = plain();
  settings.pigment.shade_parts_water = 6;
  Job job;
  const Result whole = pipeline.run(settings, job);
  const cv::Rect all({0, 0}, client()->size()), part(70, 30, 101, 90);
  CHECK(same_pixels(*pipeline.preview(settings, {all, 1}, job).picture, *whole.after));
  for (const Excerpt& excerpt : {Excerpt{part, 1}, Excerpt{all, 0.6}, Excerpt{part, 0.5}}) {
    const auto difference = [&](const Photo& photo, const cv::Mat& against) {
      cv::Mat small;
      cv::resize(photo.rgb(excerpt.area_px), small, excerpt.size(), 0, 0, cv::INTER_AREA);
      return cv::norm(small, against, cv::NORM_L1) / static_cast<double>(3 * against.total());  // mean, in codes
    };
    const Preview preview = pipeline.preview(settings, excerpt, job);
    CAPTURE(excerpt.scale);
    REQUIRE(preview.picture->size() == excerpt.size());
    CHECK(difference(*whole.after, preview.picture->rgb) < 0.1 * difference(*client(), preview.picture->rgb));
  }
}

TEST_CASE("what hangs on no density is kept while only densities change, and the plan is that of a cold run") {
  Pipeline pipeline(client());
  Settings settings = plain();
  Job job;
  pipeline.run(settings, job);
  settings.plan.density_per_cm2 = 60;
  settings.plan.feather_mm = 4;
  settings.plan.painted_density = "0.5 0.05 0.5,0.2";
  const Result warm = pipeline.run(settings, job), cold = Pipeline(client()).run(settings, job);
  CHECK(same_pixels(*warm.after, *cold.after));
  CHECK(cv::norm(warm.plan->density_per_cm2, cold.plan->density_per_cm2, cv::NORM_INF) == 0);
}

TEST_CASE("settings that went through a project file give the same bytes") {
  Job job;
  Settings settings = plain();
  for (uint64_t step = 1; step <= 6; ++step) edit(settings, step);
  Project project;
  project.photo_path = "client.png";
  project.settings = settings;
  const Settings reopened = parse_project(format_project(project), "p").settings;
  CHECK(same_pixels(*Pipeline(client()).run(settings, job).after, *Pipeline(client()).run(reopened, job).after));
}

TEST_CASE("every stage stops when it is cancelled") {
  Job job;
  job.cancel();
  CHECK_THROWS_AS(Pipeline(client()).run(plain(), job), Cancelled);
}

TEST_CASE("no session changes no pixel, and what is not treated never changes") {
  Job job;
  Settings settings = plain();
  settings.pigment.sessions = 0;
  CHECK(same_pixels(*Pipeline(client()).run(settings, job).after, *client()));
  settings.pigment.sessions = 3;
  const Result result = Pipeline(client()).run(settings, job);
  CHECK(!same_pixels(*result.after, *client()));
  const cv::Rect corner(0, result.before->rgb.rows - 20, 20, 20);
  CHECK(cv::norm(result.after->rgb(corner), result.before->rgb(corner), cv::NORM_INF) == 0);
}

TEST_CASE("left to itself the finish follows the hair and says so") {
  Job job;
  Settings settings;
  settings.head.mm_per_px = 1;
  const Result bald = Pipeline(client()).prepare(settings, job);
  CHECK(bald.finish == Finish::shaven);
  CHECK(bald.notes.front().find("shaven look was chosen") != std::string::npos);

  Settings stated = settings;
  stated.plan.finish = Finish::shaven;
  CHECK(Pipeline(client()).prepare(stated, job).field->dots.size() == bald.field->dots.size());

  // The same client under a mop of black hair, too long to be taken off.
  PhantomParams params;
  params.width_px = 240, params.height_px = 320;
  Phantom long_haired = make_phantom(params, job);
  cv::Mat1b hair(mask_of(long_haired.truth.classes, {bare_scalp, hair_on_scalp}));
  cv::dilate(hair, hair, cv::getStructuringElement(cv::MORPH_ELLIPSE, {41, 41}));
  hair.setTo(0, long_haired.truth.classes == face_skin);
  long_haired.truth.classes.setTo(hair_on_scalp, hair);
  long_haired.photo.rgb.setTo(cv::Scalar(20, 18, 16), hair);
  settings.head.labels = (std::filesystem::temp_directory_path() / "stipple_pipeline_labels.png").string();
  cv::imwrite(settings.head.labels, long_haired.truth.classes);
  const Result mop = Pipeline(std::make_shared<const Photo>(long_haired.photo)).prepare(settings, job);
  std::filesystem::remove(settings.head.labels);
  CHECK(mop.finish == Finish::density);
  CHECK(mop.notes.front().find("density was chosen") != std::string::npos);
  CHECK(same_pixels(mop.shaven->photo, long_haired.photo));
}
