// The virtual shave against phantoms rendered bald: the same client, seed and light, so the truth under the hair is
// known.
#include <doctest/doctest.h>

#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>

#include "sim/core/random.h"
#include "sim/head/matte.h"
#include "sim/head/regions.h"
#include "sim/head/skin.h"
#include "sim/phantom/phantom.h"
#include "sim/shave/backdrop.h"
#include "sim/shave/future.h"
#include "sim/shave/grain.h"
#include "sim/shave/membrane.h"
#include "sim/shave/shave.h"

using namespace stipple;

namespace {

PhantomParams client(View view, PhantomHair hair, int tone) {
  PhantomParams params;
  params.view = view, params.hair = hair, params.tone = tone;
  params.width_px = 240, params.height_px = 320;
  return params;
}

/// The head as a perfect parser and fit would find it.
Head known_head(const Phantom& phantom) {
  Head head;
  head.photo_size = phantom.photo.size();
  head.classes = phantom.truth.classes;
  head.model = phantom.truth.camera;
  head.scale = {phantom.truth.px_per_mm, 0.01, "labels"};
  head.landmarks = phantom.truth.landmarks;
  head.found = true, head.confidence = 1;
  head.head_box_px = cv::boundingRect(cv::Mat1b(head.classes > 0));
  const cv::Mat3f linear = linear_light(phantom.photo, {{0, 0}, phantom.photo.size()});
  head.skin = measure_skin(linear, head.classes);
  Job job;
  head.hair_matte = hair_matte(phantom.photo, linear, head, job);
  return head;
}

struct Scene {
  Phantom phantom;
  Head head;
};

Scene scene_of(const PhantomParams& params) {
  Job job;
  Scene scene{make_phantom(params, job), {}};
  scene.head = known_head(scene.phantom);
  return scene;
}

const Scene& fringe() {
  static const Scene scene = scene_of(client(View::side, PhantomHair::fringe, 4));
  return scene;
}

const Scene& stubble() {
  static const Scene scene = scene_of(client(View::top, PhantomHair::stubble, 4));
  return scene;
}

const Scene& bald() {
  static const Scene scene = scene_of(client(View::top, PhantomHair::bald, 4));
  return scene;
}

bool same_pixels(const Photo& a, const Photo& b) {
  return a.size() == b.size() && a.rgb.type() == b.rgb.type() && cv::norm(a.rgb, b.rgb, cv::NORM_INF) == 0;
}

Rgb mean_light(const Photo& photo, const cv::Mat1b& mask) {
  const cv::Scalar mean = cv::mean(linear_light(photo, {{0, 0}, photo.size()}), mask);
  return {mean[0], mean[1], mean[2]};
}

Photo as_16_bit(const Photo& photo) {
  Photo deep = photo;
  photo.rgb.convertTo(deep.rgb, CV_16U, 257);
  return deep;
}

}  // namespace

TEST_CASE("under the hair lies the skin of the same client rendered bald, darkened by stubble" *
          doctest::test_suite("many heads")) {
  Job job;
  for (const PhantomParams& look :
       {client(View::side, PhantomHair::fringe, 4), client(View::back, PhantomHair::fringe, 9)}) {
    CAPTURE(look.tone);
    const Scene haired = look.view == View::side ? fringe() : scene_of(look);
    const Phantom bald = make_phantom(client(look.view, PhantomHair::bald, look.tone), job);
    const cv::Mat1b hair(mask_of(haired.head.classes, {hair_on_scalp}) &
                         mask_of(bald.truth.classes, {face_skin, bare_scalp}));
    ShaveParams no_stubble;
    no_stubble.density_per_cm2 = 0;
    const Shaven clean = shave(haired.phantom.photo, haired.head, no_stubble, job);
    REQUIRE(clean.confidence >= 0.5);
    const Rgb before = mean_light(haired.phantom.photo, hair), truth = mean_light(bald.photo, hair),
              found = mean_light(clean.photo, hair);
    const double hair_off = (lab_of(before) - lab_of(truth)).norm(),
                 shaved_off = (lab_of(found) - lab_of(truth)).norm();
    CAPTURE(hair_off);
    CAPTURE(shaved_off);
    // From the side bare skin lies all around the hair; from behind only neck and crown tell the light.
    if (look.view == View::side) CHECK(shaved_off < 3);
    CHECK(shaved_off < 0.25 * hair_off);
    // Stubble of 0.5 mm covers 5 to 8 % (DOMAIN 1.3); roots and the skin's scatter add at most twice that.
    const Shaven stubbled = shave(haired.phantom.photo, haired.head, {}, job);
    const double contrast = 1 - (before / found).mean(),
                 darkening = 1 - (mean_light(stubbled.photo, hair) / found).mean();
    CHECK(darkening > 0.05 * contrast);
    CHECK(darkening < 0.24 * contrast);
  }
}

TEST_CASE("a bald head, no strength or no head found change no byte") {
  Job job;
  CHECK(same_pixels(shave(bald().phantom.photo, bald().head, {}, job).photo, bald().phantom.photo));
  ShaveParams none;
  none.strength = 0;
  const Shaven kept = shave(fringe().phantom.photo, fringe().head, none, job);
  CHECK(same_pixels(kept.photo, fringe().phantom.photo));
  CHECK(cv::norm(kept.hair_matte, fringe().head.hair_matte, cv::NORM_INF) == 0);
  CHECK(same_pixels(shave(fringe().phantom.photo, Head{}, {}, job).photo, fringe().phantom.photo));
}

TEST_CASE("pixels farther than the seam from hair keep their bytes, in 8 and 16 bits") {
  Job job;
  const Scene& scene = fringe();
  cv::Mat1f to_hair;
  cv::distanceTransform(scene.head.classes != hair_on_scalp, to_hair, cv::DIST_L2, cv::DIST_MASK_PRECISE);
  const cv::Mat1b outside(to_hair > 6 * scene.head.scale.px_per_mm + 2);
  for (const Photo& photo : {scene.phantom.photo, as_16_bit(scene.phantom.photo)}) {
    const Shaven shaven = shave(photo, scene.head, {}, job);
    CHECK(shaven.photo.rgb.type() == photo.rgb.type());
    CHECK(!same_pixels(shaven.photo, photo));
    CHECK(cv::norm(shaven.photo.rgb, photo.rgb, cv::NORM_INF, outside) == 0);
    double most = 0;
    cv::minMaxLoc(shaven.hair_matte, nullptr, &most, nullptr, nullptr, scene.head.classes == hair_on_scalp);
    CHECK(most == 0);
  }
}

TEST_CASE("8 and 16 bits give the same picture") {
  Job job;
  const Shaven shallow = shave(fringe().phantom.photo, fringe().head, {}, job);
  Photo back = shave(as_16_bit(fringe().phantom.photo), fringe().head, {}, job).photo;
  back.rgb.convertTo(back.rgb, CV_8U, 1 / 257.0);
  // Skin, stubble: two roundings to 8 bits of half a code each, and one more to compare.
  CHECK(cv::norm(back.rgb, shallow.photo.rgb, cv::NORM_INF) <= 2);
}

TEST_CASE("one thread and several give the same bytes") {
  Job job;
  const int threads = cv::getNumThreads();
  cv::setNumThreads(1);
  const Shaven one = shave(fringe().phantom.photo, fringe().head, {}, job);
  cv::setNumThreads(2);
  const Shaven two = shave(fringe().phantom.photo, fringe().head, {}, job);
  cv::setNumThreads(threads);
  CHECK(same_pixels(one.photo, two.photo));
}

TEST_CASE("hair that hangs far clear of the skull stays, with a word why") {
  Job job;
  Head head = fringe().head;
  cv::Mat1b grown;
  cv::dilate(head.classes == hair_on_scalp, grown, cv::getStructuringElement(cv::MORPH_ELLIPSE, cv::Size(61, 61)));
  head.classes = head.classes.clone();
  head.classes.setTo(hair_on_scalp, grown);
  const Shaven kept = shave(fringe().phantom.photo, head, {}, job);
  CHECK(kept.confidence < 0.5);
  CHECK(!kept.notes.empty());
  CHECK(same_pixels(kept.photo, fringe().phantom.photo));
}

TEST_CASE("stubble that is there already stays as it is") {
  Job job;
  const Scene& scene = stubble();
  CHECK(same_pixels(shave(scene.phantom.photo, scene.head, {}, job).photo, scene.phantom.photo));
}

TEST_CASE("a membrane keeps what is known and is plain between its borders") {
  cv::Mat3f values(64, 64);
  cv::Mat1b known(64, 64, uint8_t{255});
  for (int y = 0; y < 64; ++y)
    for (int x = 0; x < 64; ++x) values(y, x) = cv::Vec3f(static_cast<float>(x), 3, static_cast<float>(y));
  cv::rectangle(known, {20, 20, 20, 20}, 0, cv::FILLED);
  const cv::Mat3f filled = membrane(values, known);
  // A linear ramp is harmonic: the exact answer is the ramp. Twenty pixels wide, the fill may be a pixel off.
  CHECK(cv::norm(filled, values, cv::NORM_INF) < 1.0);
  CHECK(cv::norm(filled, values, cv::NORM_INF, known) == 0);
  CHECK(cv::norm(membrane(values, cv::Mat1b(64, 64, uint8_t{0})), cv::NORM_INF) == 0);
}

TEST_CASE("a background's pattern goes on behind the hair") {
  // Stripes along y, cut off by a block that hides the right half: mirrored at its border they stay stripes.
  cv::Mat3f stripes(64, 64);
  cv::Mat1b known(64, 64, uint8_t{255});
  for (int y = 0; y < 64; ++y)
    for (int x = 0; x < 64; ++x) stripes(y, x) = cv::Vec3f::all(y / 4 % 2 ? 0.8f : 0.2f);
  known.colRange(40, 64).setTo(0);
  const cv::Mat3f filled = backdrop(stripes, known, 2);
  CHECK(cv::norm(filled, stripes, cv::NORM_INF, known) == 0);
  const cv::Rect behind(40, 8, 20, 48);  // within the 14 mm that the mirror image is believed
  CHECK(cv::norm(filled(behind), stripes(behind), cv::NORM_INF) < 1e-6);
}

TEST_CASE("grain has the strength of the skin it was measured on and repeats without a seam") {
  cv::Mat1f skin(400, 400);
  for (int y = 0; y < skin.rows; ++y)
    for (int x = 0; x < skin.cols; ++x)
      skin(y, x) = static_cast<float>(0.4 * std::exp(0.02 * normal(3, static_cast<uint64_t>(y * 400 + x), 0)));
  const cv::Mat1f tile = matched_grain(skin, cv::Mat1b(skin.size(), uint8_t{255}), 6);
  REQUIRE(tile.size() == cv::Size(grain_tile_px, grain_tile_px));
  cv::Scalar mean, sd, at_seam, inside;
  cv::meanStdDev(tile, mean, sd);
  CHECK(sd[0] == doctest::Approx(0.02).epsilon(0.1));
  cv::meanStdDev(tile.col(grain_tile_px - 1) - tile.col(0), mean, at_seam);
  cv::meanStdDev(tile.col(200) - tile.col(201), mean, inside);
  CHECK(at_seam[0] == doctest::Approx(inside[0]).epsilon(0.2));
}

TEST_CASE("what if the hair greys and falls out: off by default, only in hair, the sides keep theirs") {
  Job job;
  const Scene& scene = fringe();
  ShaveParams future;
  future.strength = 0, future.greying = 1, future.further_loss = 1;
  CHECK(at_years(future, 0) == [] {
    ShaveParams today;
    today.strength = 0;
    return today;
  }());
  CHECK(at_years(future, 5).greying == doctest::Approx(0.5));
  CHECK(at_years(future, 50).further_loss == 1);

  const cv::Mat1b hair = mask_of(scene.head.classes, {hair_on_scalp});
  cv::Mat1f to_hair;
  cv::distanceTransform(~hair, to_hair, cv::DIST_L2, cv::DIST_MASK_PRECISE);
  const cv::Mat1b outside(to_hair > 3 * scene.head.scale.px_per_mm + 2);
  ShaveParams grey = future;
  grey.further_loss = 0;
  const Shaven greyed = shave(scene.phantom.photo, scene.head, grey, job);
  CHECK(cv::norm(greyed.photo.rgb, scene.phantom.photo.rgb, cv::NORM_INF, outside) == 0);
  CHECK(!same_pixels(greyed.photo, scene.phantom.photo));
  CHECK(!greyed.notes.empty());
  // Grey hair is lighter, and neutral.
  const Rgb dark = mean_light(scene.phantom.photo, hair), light = mean_light(greyed.photo, hair);
  CHECK(light[1] > 1.5 * dark[1]);
  CHECK(light.maxCoeff() / light.minCoeff() < 1.1);
  CHECK(cv::norm(greyed.hair_matte, scene.head.hair_matte, cv::NORM_INF) == 0);
  // What is lost is lost on top; by the ear hair stays. Long hair hides its own loss and says so.
  const cv::Mat1f lost = lost_hair(scene.head, 1);
  double most = 0, least = 1;
  cv::minMaxLoc(lost, &least, &most, nullptr, nullptr, hair);
  CHECK(least == 0);
  CHECK(most > 0.3);
}

TEST_CASE("cropped hair that is lost leaves the skin that was under it") {
  Job job;
  const Scene& scene = stubble();
  ShaveParams future;
  future.further_loss = 1;
  const Shaven thinned = shave(scene.phantom.photo, scene.head, future, job);
  const cv::Mat1b gone(mask_of(scene.head.classes, {hair_on_scalp}) & (lost_hair(scene.head, 1) > 0.7f));
  REQUIRE(cv::countNonZero(gone) > 100);
  const double before = mean_light(scene.phantom.photo, gone)[1], after = mean_light(thinned.photo, gone)[1],
               truth = mean_light(bald().phantom.photo, gone)[1];
  CHECK(std::abs(after - truth) < 0.6 * std::abs(before - truth));
}

TEST_CASE("a cancelled job stops the shave") {
  Job job;
  job.cancel();
  CHECK_THROWS_AS(shave(fringe().phantom.photo, fringe().head, {}, job), Cancelled);
}
