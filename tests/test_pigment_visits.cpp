// Dated pigment: sessions by their days, and touch-ups on top of what has faded.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "sim/pigment/ageing.h"
#include "sim/pigment/visits.h"
#include "tests/test_pigment_scene.h"

using namespace stipple;

namespace {

const cv::Rect whole(0, 0, 160, 160), middle(40, 40, 80, 80);
const Rgb light_skin(0.56, 0.27, 0.23);

Head skin() { return scene::flat_head(whole.size(), 8, light_skin); }
Field field() { return scene::random_field(skin(), whole, 140); }

Deposit deposit_of(const PigmentParams& params) {
  Job job;
  return make_deposit(scene::flat_photo(whole.size(), light_skin, CV_16U), skin(), field(), params, job);
}

/// Mean linear light of treated skin against bare skin.
Rgb remission(const PigmentParams& params) {
  Job job;
  const Photo photo = scene::flat_photo(whole.size(), light_skin, CV_16U);
  const cv::Scalar mean = cv::mean(composite_light(photo, skin(), deposit_of(params), job)(middle));
  return Rgb(mean[0], mean[1], mean[2]) / light_skin;
}

bool same_stamps(const Deposit& a, const Deposit& b) {
  return a.stamps.size() == b.stamps.size() &&
         std::memcmp(a.stamps.data(), b.stamps.data(), a.stamps.size() * sizeof(Stamp)) == 0;
}

/// Done in one visit, so that all dots have one age.
PigmentParams one_visit(double years) {
  PigmentParams params;
  params.years = years, params.sessions = 1;
  return params;
}

}  // namespace

TEST_CASE("sessions have the age that their days give them") {
  PigmentParams params;
  CHECK(session_day(params, 3) - session_day(params, 1) == 28);
  params.session_days = {0, 10};
  CHECK(session_day(params, 2) == 10);
  CHECK(session_day(params, 3) == 24);  // not dated: the usual two weeks later
  params.session_days = {5, 12, 40};
  params.years = 0.25;
  const Field dots = field();
  for (const PlacedDot& placed : placed_dots(dots, params)) {
    const double days = placed.dot->rank <= 0.3f ? 35 : placed.dot->rank <= 0.7f ? 28 : 0;
    CHECK(placed.age_years == doctest::Approx(0.25 + days / days_per_year));
  }
  // Fresh over a first session that has long healed is lighter than fresh over one of last week.
  PigmentParams apart = params, close = params;
  apart.years = close.years = 0, apart.session_days = {0, 100, 200}, close.session_days = {0, 7, 14};
  CHECK(remission(apart)[1] > remission(close)[1]);
}

TEST_CASE("a touch-up yet to come changes nothing") {
  PigmentParams plain, planned;
  plain.years = planned.years = 2;
  planned.touch_ups = {2.01, 5};
  CHECK(same_stamps(deposit_of(plain), deposit_of(planned)));
  CHECK(retained(2, plain, Band::low) == retained(2, planned, Band::low));
}

TEST_CASE("a touch-up of every dot is the old pigment and the new one together") {
  PigmentParams both = one_visit(5), old = one_visit(5), fresh = one_visit(2);
  both.touch_ups = {3}, both.touch_up_share = 1;
  const Deposit all = deposit_of(both), first = deposit_of(old), second = deposit_of(fresh);
  REQUIRE(all.stamps.size() == first.stamps.size() + second.stamps.size());
  for (size_t i = 0; i < first.stamps.size(); ++i) {
    CHECK(all.stamps[i].cov_xx == first.stamps[i].cov_xx);
    CHECK(all.stamps[first.stamps.size() + i].cov_xx == second.stamps[i].cov_xx);
    CHECK(all.stamps[i].mass_px2 == doctest::Approx(first.stamps[i].mass_px2));
  }
  // Light pigment takes light by its sum.
  for (PigmentParams* params : {&both, &old, &fresh}) params->shade_parts_water = 80;
  const double together = -std::log(remission(both)[1]);
  CHECK(together == doctest::Approx(-std::log(remission(old)[1]) - std::log(remission(fresh)[1])).epsilon(0.05));
}

TEST_CASE("a touch-up never makes the skin lighter") {
  for (const char* pigment : {"carbon", "iron_oxide", "organic"})
    for (const Band band : {Band::low, Band::high})
      for (const double since : {0.0, 9 / days_per_year, healed_years, 3.0}) {
        PigmentParams plain, renewed;
        plain.pigment = pigment, plain.band = band, plain.years = 3 + since;
        renewed = plain;
        renewed.touch_ups = {3};
        const Rgb before = remission(plain), after = remission(renewed);
        CAPTURE(std::string(pigment));
        CAPTURE(since);
        CHECK((after < before).all());
      }
}

TEST_CASE("each touch-up renews its share of the dots, others than the last one did") {
  const Field dots = field();
  PigmentParams params;
  params.years = 10, params.touch_ups = {3, 6, 9}, params.touch_up_share = 0.35;
  std::vector<int> times(dots.dots.size(), 0);
  std::vector<double> renewed(3, 0);
  for (const PlacedDot& placed : placed_dots(dots, params)) {
    if (placed.age_years >= 10) continue;
    ++times[static_cast<size_t>(placed.dot - dots.dots.data())];
    renewed[static_cast<size_t>(std::lround((10 - placed.age_years) / 3)) - 1] += 1;
  }
  const auto n = static_cast<double>(dots.dots.size());
  for (const double count : renewed) CHECK(std::abs(count / n - 0.35) < 4 * std::sqrt(0.35 * 0.65 / n));
  // Three shares of 0.35 reach every dot, and a twentieth of them twice.
  CHECK(std::count(times.begin(), times.end(), 0) == 0);
  CHECK(std::abs(static_cast<double>(std::count(times.begin(), times.end(), 2)) / n - 0.05) < 4 * 0.22 / std::sqrt(n));
  // After one session there are fewer dots, and the same share of them is renewed.
  params.sessions = 1, params.touch_ups = {3};
  const double first = static_cast<double>(placed_dots(dots, one_visit(1)).size());
  const double more = static_cast<double>(placed_dots(dots, params).size()) - first;
  CHECK(std::abs(more / first - 0.35) < 4 * std::sqrt(0.35 * 0.65 / first));
}

TEST_CASE("the curve of what is left adds each touch-up's own course") {
  PigmentParams plain, renewed;
  renewed.touch_ups = {3, 6};
  renewed.touch_up_share = 0.3;
  const auto left = [](const PigmentParams& params, double years) { return retained(years, params, Band::typical); };
  CHECK(left(renewed, 2.99) == left(plain, 2.99));
  CHECK(left(renewed, 3) == doctest::Approx(left(plain, 3) + 0.3));
  CHECK(left(renewed, 7) == doctest::Approx(left(plain, 7) + 0.3 * left(plain, 4) + 0.3 * left(plain, 1)));
  for (const double years : {3.0, 4.0, 6.5, 9.0}) {
    CHECK(retained(years, renewed, Band::low) < left(renewed, years));
    CHECK(left(renewed, years) < retained(years, renewed, Band::high));
    // What was put in lately is surer than what has faded for years.
    CHECK(retained(years, renewed, Band::low) / left(renewed, years) >
          retained(years, plain, Band::low) / left(plain, years));
  }
}
