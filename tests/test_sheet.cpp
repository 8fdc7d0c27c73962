// Sheets keep their pictures: the right colour in the right place, the same size for all, and a footer that is there.
#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "sim/consult/canvas.h"
#include "sim/consult/looks.h"
#include "sim/consult/sheet.h"
#include "sim/consult/variants.h"
#include "sim/core/error.h"

using namespace stipple;

namespace {

Photo plain(int width, int height, const cv::Vec3b& colour) {
  Photo photo;
  photo.rgb = cv::Mat(height, width, CV_8UC3, cv::Scalar(colour[0], colour[1], colour[2]));
  return photo;
}

/// Bounding box and count of the pixels of exactly this colour.
std::pair<cv::Rect, int> found(const Photo& sheet, const cv::Vec3b& colour) {
  cv::Rect box;
  int count = 0;
  for (int y = 0; y < sheet.rgb.rows; ++y)
    for (int x = 0; x < sheet.rgb.cols; ++x)
      if (sheet.rgb.at<cv::Vec3b>(y, x) == colour) {
        box = count++ ? box | cv::Rect(x, y, 1, 1) : cv::Rect(x, y, 1, 1);
      }
  return {box, count};
}

const std::vector<cv::Vec3b> colours{{200, 30, 30}, {30, 200, 30}, {30, 30, 200}, {180, 180, 20}, {20, 180, 180}};

std::vector<Cell> cells(size_t count) {
  std::vector<Cell> out;
  for (size_t i = 0; i < count; ++i) out.push_back({plain(90, 120, colours[i]), "Label"});
  return out;
}

}  // namespace

TEST_CASE("every picture is there once, scaled to the cell width, in reading order") {
  const Photo sheet = contact_sheet(cells(4), {"Title", "", 180, 2});
  CHECK(sheet.rgb.type() == CV_8UC3);
  std::vector<cv::Rect> boxes;
  for (size_t i = 0; i < 4; ++i) {
    const auto [box, count] = found(sheet, colours[i]);
    CHECK(box.size() == cv::Size(180, 240));
    CHECK(count > 180 * 240 * 0.995);  // all but the rounded corners
    boxes.push_back(box);
  }
  CHECK(boxes[0].y == boxes[1].y);
  CHECK(boxes[0].br().x < boxes[1].x);
  CHECK(boxes[0].br().y < boxes[2].y);
  CHECK(boxes[0].x == boxes[2].x);
}

TEST_CASE("five pictures for four columns stand three and two, not four and one") {
  const Photo sheet = contact_sheet(cells(5), {"", "", 120, 4});
  CHECK(found(sheet, colours[2]).first.y == found(sheet, colours[0]).first.y);
  CHECK(found(sheet, colours[3]).first.y > found(sheet, colours[0]).first.y);
}

TEST_CASE("the same cells make the same sheet, and the disclaimer is on it") {
  const SheetStyle style{"Title", "Clinic", 200, 2};
  const Photo sheet = contact_sheet(cells(2), style);
  CHECK(cv::norm(sheet.rgb, contact_sheet(cells(2), style).rgb, cv::NORM_INF) == 0);
  // Ink in the lower right corner, where the disclaimer stands whatever the footer says.
  const cv::Rect corner(sheet.rgb.cols / 2, sheet.rgb.rows - 34, sheet.rgb.cols / 2, 30);
  double low = 0, high = 0;
  cv::minMaxLoc(cv::Mat(sheet.rgb(corner)).reshape(1), &low, &high);
  CHECK(low < 160);
}

TEST_CASE("scaling averages light, not code values") {
  Photo checker = plain(64, 64, {0, 0, 0});
  for (int y = 0; y < 64; ++y)
    for (int x = y % 2; x < 64; x += 2) checker.rgb.at<cv::Vec3b>(y, x) = {255, 255, 255};
  // Half the light of white is code 188 in sRGB.
  for (const cv::Vec3b& pixel : cv::Mat3b(scaled_to_width(checker, 16).rgb))
    for (int c = 0; c < 3; ++c) CHECK(std::abs(pixel[c] - 188) <= 1);
}

TEST_CASE("a 16-bit picture and a very long label are drawn too") {
  Photo deep = plain(50, 50, {0, 0, 0});
  deep.rgb = cv::Mat(50, 50, CV_16UC3, cv::Scalar(51400, 7710, 7710));
  const Photo sheet = contact_sheet({{deep, std::string(400, 'W') + "\nsmall"}}, {"", std::string(400, 'f'), 160, 1});
  CHECK(found(sheet, {200, 30, 30}).second > 150 * 150);
}

TEST_CASE("from afar a grating loses what a Gaussian of half a minute of arc takes from it, and no light") {
  constexpr int period_px = 8;
  constexpr double px_per_mm = 4, swing = 0.2, mean = 0.4;
  Photo grating = plain(256, 32, {0, 0, 0});
  cv::Mat3f light(grating.size());
  light.forEach([&](cv::Vec3f& pixel, const int* at) {
    pixel = cv::Vec3f::all(static_cast<float>(mean + swing * std::cos(2 * std::numbers::pi * at[1] / period_px)));
  });
  store_linear(grating, {{0, 0}, grating.size()}, light);
  const auto swing_from = [&](double metres) {
    const cv::Mat3f seen = linear_light(seen_from(grating, metres, px_per_mm), {64, 8, 128, 16});
    CHECK(cv::mean(seen)[1] == doctest::Approx(mean).epsilon(0.01));
    double low = 0, high = 0;
    cv::minMaxLoc(seen.reshape(1), &low, &high);
    return (high - low) / 2;
  };
  const double sigma_px = 0.5 * 3000 * std::numbers::pi / 10800 * px_per_mm;
  const double passed = std::exp(-2 * std::pow(std::numbers::pi * sigma_px / period_px, 2));
  CHECK(swing_from(3) == doctest::Approx(swing * passed).epsilon(0.04));
  CHECK(swing_from(0.1) > 0.97 * swing);
}

TEST_CASE("what changes is coloured by how much light is taken, the rest is grey") {
  const Photo before = plain(9, 9, {200, 150, 120});
  Photo after = before;
  after.rgb = before.rgb.clone();
  after.rgb.at<cv::Vec3b>(4, 4) = {140, 105, 84};  // a little less than half of the light
  after.rgb.at<cv::Vec3b>(4, 5) = {190, 142, 113};
  const cv::Mat3b seen = changes(before, after).rgb;
  CHECK(seen(0, 0)[0] == seen(0, 0)[2]);
  CHECK(seen(0, 0)[0] > 180);
  CHECK(seen(4, 4)[1] > seen(4, 4)[0] + 20);
  CHECK(seen(4, 5)[0] < seen(0, 0)[0]);
  CHECK(seen(4, 5)[0] > seen(4, 4)[0]);
}

TEST_CASE("ways to look have names, and others are refused") {
  CHECK(look_by_name("photo").kind == Look::photo);
  CHECK(look_caption(look_by_name("2.5m")) == "Seen from 2.5 m");
  for (const char* odd : {"", "far", "m", "1", "1 m", "0m", "99m", "nanm", "-1m", "1mm"})
    CHECK_THROWS_AS(look_by_name(odd), Error);
  CHECK(caption("sessions", "1").main == "After 1 session");
  CHECK(caption("sessions", "0").main == "Before the first session");
}

TEST_CASE("a crop is the same for every photo of a size and never leaves it") {
  const Photo photo = plain(100, 80, {1, 2, 3});
  CHECK(crop_around(photo, {40, 30, 20, 10}, 0.5).size() == cv::Size(40, 20));
  CHECK(crop_around(photo, {90, 70, 20, 20}, 0.5).size() == cv::Size(20, 20));
  CHECK(crop_around(photo, {500, 500, 10, 10}, 0.1).size() == photo.size());
  CHECK(crop_around(photo, {}, 0.1).size() == photo.size());
}
