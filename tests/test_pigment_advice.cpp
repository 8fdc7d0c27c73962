// The advised shade on skins and hair of known colour.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <numbers>

#include "sim/core/error.h"
#include "sim/head/matte.h"
#include "sim/head/skin.h"
#include "sim/phantom/phantom.h"
#include "sim/pigment/ageing.h"
#include "sim/pigment/course.h"
#include "sim/pigment/shade_checks.h"
#include "sim/pipeline.h"
#include "sim/shave/stubble.h"
#include "tests/test_pigment_scene.h"

using namespace stipple;

namespace {

/// Skins of the ITA classes from very light to dark, linear light of their typical sRGB (DOMAIN 4.4).
const std::vector<Rgb>& skins() {
  static const std::vector<Rgb> all{{0.591, 0.413, 0.328}, {0.503, 0.332, 0.246}, {0.451, 0.266, 0.188},
                                    {0.386, 0.212, 0.136}, {0.263, 0.133, 0.078}, {0.156, 0.082, 0.056}};
  return all;
}

SkinColour skin_of(const Rgb& scalp) {
  SkinColour skin;
  skin.scalp = scalp;
  const Vec3 lab = lab_of(scalp);
  skin.ita_degrees = std::atan2(lab.x() - 50, lab.z()) * 180 / std::numbers::pi;
  return skin;
}

double luminance(const Rgb& c) { return 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2]; }

/// Advice for hair of this luminance, cut to stubble.
ShadeAdvice advice_for(const Rgb& scalp, double hair_luminance) {
  Head head;
  head.skin = skin_of(scalp);
  const double light = hair_luminance / luminance(scalp);
  return advise_shade(head.skin, fringe_of(head, HairLook{light}, false, {}), 130, {});
}

}  // namespace

TEST_CASE("the predicted mean of a treated area is what the composite draws") {
  const cv::Size size(240, 240);
  const double px_per_mm = 8;
  const Rgb skin(0.56, 0.27, 0.23);
  const Head head = scene::flat_head(size, px_per_mm, skin);
  const Photo photo = scene::flat_photo(size, skin, CV_16U);
  Job job;
  for (const double density : {60.0, 130.0, 180.0})
    for (const double parts_water : {4.0, 20.0, 60.0})
      for (const double years : {healed_years, 4.0}) {
        PigmentParams params;
        params.shade_parts_water = parts_water, params.years = years;
        params.sessions = 1;  // all dots of one age
        Field field = scene::random_field(head, cv::Rect(cv::Point(0, 0), size), density);
        for (Dot& dot : field.dots) {
          dot.rank = 0.1f;
          dot.diameter_factor = dot.tone_factor = dot.take_factor = 1, dot.depth_offset = 0;
        }
        const Photo out = composite(photo, head, make_deposit(photo, head, field, params, job), job);
        const cv::Scalar mean = cv::mean(linear_light(out, cv::Rect(50, 50, 140, 140)));
        const Rgb predicted = mean_remission(course_of(params, head.skin.ita_degrees), density);
        CAPTURE(density);
        CAPTURE(parts_water);
        CAPTURE(years);
        for (int c = 0; c < 3; ++c) CHECK(predicted[c] == doctest::Approx(mean[c] / skin[c]).epsilon(0.045));
      }
}

TEST_CASE("skin that is its own fringe wants what differs least: the advised step is the nearest of all") {
  // A fringe as dark as a treated area of known shade gets that shade back.
  for (const Shade& wanted : shade_ladder()) {
    PigmentParams healed;
    healed.years = healed_years, healed.shade_parts_water = wanted.parts_water;
    const SkinColour skin = skin_of(skins()[1]);
    const Fringe fringe{mean_remission(course_of(healed, skin.ita_degrees), 130), 1};
    const ShadeAdvice advice = advise_shade(skin, fringe, 130, {});
    CHECK(advice.parts_water == wanted.parts_water);
    CHECK(advice.fringe_delta_e == doctest::Approx(0).epsilon(1e-6));
    CHECK(advice.reason.find(wanted.name) != std::string::npos);
  }
}

TEST_CASE("lighter hair never gets a darker shade, darker skin never a lighter one") {
  for (const Rgb& skin : skins()) {
    double before = 0;
    for (const double share : {0.05, 0.15, 0.3, 0.5, 0.7, 0.9}) {
      const double now = advice_for(skin, share * luminance(skin)).parts_water;
      CHECK(now >= before);
      before = now;
    }
  }
  for (const double share : {0.1, 0.4}) {
    double before = 1000;
    for (const Rgb& skin : skins()) {
      const double now = advice_for(skin, share * luminance(skin)).parts_water;
      CHECK(now <= before);
      before = now;
    }
  }
}

TEST_CASE(
    "the advice is what practitioners mix: 20s on light skin, the 40s and lighter for grey, darker on dark skin") {
  const Rgb light = skins()[1], dark = skins()[5];
  CHECK(advice_for(light, 0.03).parts_water >= 13);
  CHECK(advice_for(light, 0.03).parts_water <= 30);
  CHECK(advice_for(light, 0.25).parts_water >= 45);
  CHECK(advice_for(dark, 0.01).parts_water <= 9);
  CHECK(advice_for(light, 0.03).skin_type == "light");
  CHECK(advice_for(dark, 0.01).skin_type == "dark");
  CHECK(advice_for(light, 0.03).ita_degrees == doctest::Approx(47).epsilon(0.1));
  // Black hair: the treated area can be seen, on every skin.
  for (const Rgb& skin : skins()) CHECK(advice_for(skin, 0.02).skin_delta_e > 6);
}

TEST_CASE("the first session is one step lighter, but for the lightest") {
  for (const double hair : {0.01, 0.1, 0.2, 0.35}) {
    const ShadeAdvice advice = advice_for(skins()[0], hair);
    const auto& ladder = shade_ladder();
    size_t step = 0;
    while (ladder[step].parts_water != advice.parts_water) ++step;
    CHECK(advice.first_session_parts_water == ladder[std::min(step + 1, ladder.size() - 1)].parts_water);
  }
}

TEST_CASE("hair that stays is matched as it is; no hair counts as dark") {
  Head head;
  head.skin = skin_of(skins()[1]);
  const Fringe strands = fringe_of(head, HairLook{0.2}, true, {}), none = fringe_of(head, {}, false, {});
  CHECK(strands.remission[1] == 0.2);
  CHECK(none.hair_light < 0.1);
  CHECK(none.remission[1] < 0.9);
  CHECK(advise_shade(head.skin, strands, 130, {}).parts_water == 4);
}

TEST_CASE("stubbled clients of every tone: sensible steps that never lighten as skin darkens") {
  Job job;
  double before = 1000;
  for (const int tone : {2, 6, 10}) {
    PhantomParams client;
    client.view = View::back, client.hair = PhantomHair::stubble, client.tone = tone;
    client.width_px = 240, client.height_px = 320, client.head_share = 1.5, client.shine = 0;
    const Phantom phantom = make_phantom(client, job);
    Head head;
    head.photo_size = phantom.photo.size(), head.classes = phantom.truth.classes, head.model = phantom.truth.camera;
    head.scale = {phantom.truth.px_per_mm, 0.01, "labels"};
    head.found = true;
    const cv::Mat3f linear = linear_light(phantom.photo, {{0, 0}, phantom.photo.size()});
    head.skin = measure_skin(linear, head.classes);
    head.hair_matte = hair_matte(phantom.photo, linear, head, job);
    const std::optional<HairLook> hair = look_of_hair(phantom.photo, head);
    REQUIRE(hair);
    const ShadeAdvice advice = advise_shade(head.skin, fringe_of(head, hair, false, {}), 130, {});
    CAPTURE(tone);
    CAPTURE(hair->light);
    CHECK(advice.parts_water <= before);
    CHECK(advice.parts_water >= 4);
    CHECK(advice.parts_water <= 45);
    before = advice.parts_water;
  }
  CHECK(before <= 9);
}

TEST_CASE("the tone of a shining scalp is read off the face, that of a light scalp off the scalp") {
  const cv::Mat1b classes = [] {
    cv::Mat1b halves(40, 40, static_cast<uint8_t>(face_skin));
    halves.rowRange(0, 20).setTo(static_cast<uint8_t>(bare_scalp));
    return halves;
  }();
  const cv::Vec3f brown(0.16F, 0.09F, 0.055F), light(0.62F, 0.42F, 0.32F), lamp(0.3F, 0.3F, 0.3F);
  const auto tone = [&](const cv::Vec3f& scalp, const cv::Vec3f& face) {
    cv::Mat3f linear(classes.size(), face);
    linear.rowRange(0, 20).setTo(scalp);
    return measure_skin(linear, classes).ita_degrees;
  };
  const double dark = tone(brown, brown), pale = tone(light, light);
  CHECK(dark < -20);
  CHECK(pale > 40);
  CHECK(tone(brown + lamp, brown) == doctest::Approx(dark));
  CHECK(tone(light, brown) == doctest::Approx(pale));  // a face in the shade, a lit scalp: no less coloured
}

TEST_CASE("\"auto\" is a shade in text and JSON, and only there") {
  Settings settings;
  CHECK(get_value(settings, "shade") == "auto");
  set_value(settings, "shade", "13");
  CHECK(settings.pigment.shade_parts_water == 13);
  set_value(settings, "shade", "auto");
  CHECK(settings == Settings{});
  CHECK(to_json(settings)["pigment"]["shade"] == "auto");
  CHECK(settings_from_json(to_json(settings), "p") == settings);
  CHECK_THROWS_WITH_AS(set_value(settings, "shade", "2"), doctest::Contains("3 to 80 parts water or auto"), Error);
  CHECK_THROWS_AS(set_value(settings, "density", "auto"), Error);
  CHECK_THROWS_AS(set_value(settings, "density", "0"), Error);
}

TEST_CASE("cover of healed dots is DOMAIN's, but for overlap") {
  CHECK(healed_cover(130, 0.13) == doctest::Approx(0.017).epsilon(0.03));
  CHECK(healed_cover(130, 0.25) == doctest::Approx(0.062).epsilon(0.02));
  CHECK(healed_cover(200, 0.30) == doctest::Approx(0.132).epsilon(0.02));
}

TEST_CASE("what goes into the skin is checked, each rule with its number, limit and sentence") {
  const SkinColour skin = skin_of(skins()[1]);
  const ShadeAdvice advice = advice_for(skins()[1], 0.02);
  PigmentParams good;
  good.shade_parts_water = advice.parts_water;
  const auto keys_of = [&](const PigmentParams& pigment, double density, std::optional<Fringe> seam) {
    std::string keys;
    for (const RuleCheck& check : shade_checks({skin, pigment, density, advice, seam})) {
      keys.append(check.key).append(" ");
      CHECK(check.reason.size() > 60);
      CHECK(!check.unit.empty());
      CHECK(check.value != check.limit);
    }
    return keys;
  };
  CHECK(keys_of(good, 130, {}).empty());
  PigmentParams dark = good, big = good;
  dark.shade_parts_water = 3, big.dot_diameter_mm = 0.3;
  CHECK(keys_of(dark, 130, {}) == "too_dark ");
  CHECK(keys_of(big, 100, {}) == "dots_too_big ");
  CHECK(keys_of(big, 200, {}) == "dots_too_big too_much_cover ");
  PigmentParams healed = good;
  healed.years = healed_years;
  const Rgb treated = mean_remission(course_of(healed, skin.ita_degrees), 130);
  CHECK(keys_of(good, 130, Fringe{treated, 0.05}).empty());
  CHECK(keys_of(good, 130, Fringe{0.5 * treated, 0.05}) == "colour_seam ");
}
