// What the photo's own light does to pigment: highlights, strands of hair, grain; and the formulas by themselves.
#include <doctest/doctest.h>

#include "sim/pigment/optics.h"
#include "tests/test_pigment_scene.h"

using namespace stipple;
using namespace stipple::scene;

TEST_CASE("hair stays on top of pigment") {
  const cv::Size size(96, 96);
  Photo photo = scene::flat_photo(size, Rgb(0.5, 0.3, 0.2));
  cv::randu(photo.rgb, 20, 200);
  Head head = scene::flat_head(size, 8);
  head.hair_matte(cv::Rect(0, 0, 48, 96)).setTo(255);
  const Deposit deposit = deposit_with(scattered_stamps(size, 8, 200, 0.13, 0.09, 2), 8);
  Job job;
  const Photo out = composite(photo, head, deposit, job);
  const cv::Rect hair(0, 0, 48, 96), skin(48, 0, 48, 96);
  CHECK(same_bytes(photo.rgb(hair), out.rgb(hair)));
  CHECK(!same_bytes(photo.rgb(skin), out.rgb(skin)));
}

TEST_CASE("a highlight keeps its shine, and a matt lotion takes it") {
  const cv::Size size(120, 120);
  const Rgb skin(0.45, 0.27, 0.2);
  Photo photo = scene::flat_photo(size, skin, CV_16U);
  const cv::Rect shiny(50, 50, 20, 20);
  const double shine = 0.35;
  store_linear(photo, shiny, cv::Mat3f(shiny.size(), cv::Vec3f(0.8f, 0.62f, 0.55f)));
  const Head head = scene::flat_head(size, 8, skin);
  Deposit deposit = deposit_with(scattered_stamps(size, 8, 200, 0.2, 0.2, 2), 8);
  Job job;
  auto means = [&](const Photo& p, const cv::Rect& r) { return cv::mean(linear_light(p, r)); };
  const cv::Rect bare(10, 10, 20, 20);
  const Photo out = composite(photo, head, deposit, job);
  const double lost_bare = 1 - means(out, bare)[2] / means(photo, bare)[2];
  const double lost_shiny = 1 - means(out, shiny)[2] / means(photo, shiny)[2];
  CHECK(lost_bare > 0.1);
  CHECK(lost_shiny < 0.65 * lost_bare);
  deposit.matt = 1;
  const Photo matt = composite(photo, head, deposit, job);
  CHECK(means(out, shiny)[2] - means(matt, shiny)[2] > 0.5 * shine);
  CHECK(means(matt, bare)[2] == doctest::Approx(means(out, bare)[2]).epsilon(1e-3));
}

TEST_CASE("pale and uneven skin is no highlight") {
  // Skin tones from very light to dark, 15 % brighter and a little paler or redder than the head's median.
  const double tones[][3] = {
      {0.60, 0.42, 0.34}, {0.50, 0.34, 0.25}, {0.45, 0.27, 0.18}, {0.26, 0.14, 0.08}, {0.16, 0.08, 0.06}};
  for (const auto& t : tones)
    for (const double paler : {0.95, 1.0, 1.05}) {
      const auto r = static_cast<float>(1.15 * t[0]), g = static_cast<float>(1.15 * paler * t[1]),
                 b = static_cast<float>(1.15 * paler * t[2]);
      const float s =
          optics::shine_share(r, g, b, static_cast<float>(t[0]), static_cast<float>(t[1]), static_cast<float>(t[2]));
      CHECK(s < 0.03f);
    }
}

TEST_CASE("under warm lamps a dot in a highlight keeps the highlight's hue") {
  const cv::Size size(80, 80);
  Photo photo = scene::flat_photo(size, Rgb(0.98, 0.72, 0.46), CV_16U);
  Job job;
  const Photo out = composite(photo, scene::flat_head(size, 8, Rgb(0.62, 0.33, 0.2)),
                              deposit_with({round_stamp(40, 40, 20, 2)}, 8), job);
  const cv::Vec3f bare = linear_light(photo, cv::Rect(40, 40, 1, 1))(0, 0);
  const cv::Vec3f dot = linear_light(out, cv::Rect(40, 40, 1, 1))(0, 0);
  CHECK(dot[0] < 0.95f * bare[0]);
  CHECK(dot[2] / dot[0] < 1.15f * bare[2] / bare[0]);
}

TEST_CASE("grain survives: where pigment lowers the mean the noise goes down with it") {
  const cv::Size size(160, 160);
  Photo photo = scene::flat_photo(size, Rgb(0.4, 0.3, 0.2), CV_16U);
  cv::Mat3f grain = linear_light(photo, cv::Rect(cv::Point(0, 0), size));
  for (auto& p : grain) p *= static_cast<float>(1 + 0.04 * normal(9, static_cast<uint64_t>(&p - &grain(0, 0)), 0));
  store_linear(photo, cv::Rect(cv::Point(0, 0), size), grain);
  std::vector<Stamp> stamps;
  for (double y = -40; y < 200; y += 4)
    for (double x = -40; x < 200; x += 4) stamps.push_back(round_stamp(x, y, 0.4 * 16, 6));
  Job job;
  const Photo out = composite(photo, scene::flat_head(size, 8, Rgb(0.4, 0.3, 0.2)), deposit_with(stamps, 8), job);
  cv::Scalar m0, s0, m1, s1;
  const cv::Rect middle(40, 40, 80, 80);
  cv::meanStdDev(linear_light(photo, middle), m0, s0);
  cv::meanStdDev(linear_light(out, middle), m1, s1);
  for (int c = 0; c < 3; ++c) CHECK(s1[c] / m1[c] == doctest::Approx(s0[c] / m0[c]).epsilon(0.02));
}

TEST_CASE("the fast exponential is the exponential") {
  for (float x = 0; x > -86; x -= 0.0371f)
    CHECK(optics::exp(x) == doctest::Approx(std::exp(static_cast<double>(x))).epsilon(3e-7));
  CHECK(optics::exp(-1e30f) < 1e-37f);
}

TEST_CASE("transfer functions undo each other and hit the known points") {
  for (float code = 0; code <= 1; code += 1.0f / 255)
    CHECK(optics::linear_to_srgb(optics::srgb_to_linear(code)) == doctest::Approx(code).epsilon(1e-5));
  CHECK(optics::srgb_to_linear(0.5f) == doctest::Approx(0.21404).epsilon(1e-4));
}

TEST_CASE("the bend of highlights is undone exactly and leaves middle tones alone") {
  for (float light = 0; light <= 0.9f; light += 0.01f) {
    CHECK(optics::seen_light(optics::scene_light(light)) == doctest::Approx(light).epsilon(1e-5));
    if (light < 0.6f) CHECK(optics::scene_light(light) == light);
  }
  CHECK(optics::scene_light(0.9f) == doctest::Approx(1.8f).epsilon(1e-3));
  CHECK(optics::highlight_gain(0.98f, 0.98f) == doctest::Approx(1).epsilon(1e-5));
}

TEST_CASE("the brighter overexposed skin is, the fainter its dots; black pigment stays black on it") {
  double before = 0;
  for (const float light : {0.4f, 0.65f, 0.75f, 0.85f, 0.95f}) {
    const double kept = 0.6 * optics::highlight_gain(light, 0.6f * light);
    CHECK(kept > before);
    before = kept;
  }
  CHECK(optics::highlight_gain(0.4f, 0.24f) == doctest::Approx(1));
  CHECK(optics::composite_light(0.98f, 0, optics::highlight_gain(0.98f, 0)) == 0);
}

TEST_CASE("pigment on overexposed red skin is as neutral as on skin in half the light") {
  const cv::Size size(120, 120);
  const cv::Rect middle(40, 40, 40, 40);
  const auto red_over_green_kept = [&](double light) {
    const Rgb skin = light * Rgb(0.9, 0.56, 0.4);
    const Head head = scene::flat_head(size, 8, skin);
    const Photo photo = scene::flat_photo(size, skin, CV_16U);
    Job job;
    const Field field = scene::random_field(head, {10, 10, 100, 100}, 150);
    PigmentParams params;
    params.shade_parts_water = 6;
    const Photo out = composite(photo, head, make_deposit(photo, head, field, params, job), job);
    const cv::Scalar before = cv::mean(linear_light(photo, middle)), after = cv::mean(linear_light(out, middle));
    CHECK(after[1] < 0.9 * before[1]);
    return after[0] / before[0] / (after[1] / before[1]);
  };
  CHECK(red_over_green_kept(1) == doctest::Approx(red_over_green_kept(0.5)).epsilon(0.02));
}
