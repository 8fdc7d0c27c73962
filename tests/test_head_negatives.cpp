// Pictures without a head, or without its upper part: the answer must be that there is none, with a note on why.
#include <doctest/doctest.h>

#include <opencv2/imgproc.hpp>
#include <string>
#include <utility>

#include "sim/head/head.h"
#include "sim/phantom/phantom.h"

using namespace stipple;

namespace {

Photo photo_of(cv::Mat3b rgb) {
  cv::Mat3b noise(rgb.size());
  cv::RNG random(7);
  random.fill(noise, cv::RNG::NORMAL, cv::Scalar::all(8), cv::Scalar::all(5));
  cv::GaussianBlur(rgb, rgb, {}, 0.8);
  Photo photo;
  photo.rgb = rgb + noise;
  return photo;
}

Photo room() {
  cv::Mat3b rgb(320, 240, cv::Vec3b(190, 180, 165));
  cv::rectangle(rgb, cv::Rect(0, 230, 240, 90), {120, 85, 60}, cv::FILLED);
  cv::rectangle(rgb, cv::Rect(20, 40, 80, 110), {225, 235, 245}, cv::FILLED);
  cv::rectangle(rgb, cv::Rect(130, 150, 90, 110), {90, 60, 45}, cv::FILLED);
  cv::line(rgb, {60, 40}, {60, 150}, {110, 100, 90}, 3);
  return photo_of(rgb);
}

/// A cup seen from above: ellipses as round as heads, its coffee as brown as hair.
Photo cup() {
  cv::Mat3b rgb(320, 240, cv::Vec3b(150, 95, 60));
  for (int y = 0; y < 320; y += 9) cv::line(rgb, {0, y}, {240, y + 6}, {130, 80, 50}, 2);
  cv::ellipse(rgb, {120, 180}, {105, 80}, 0, 0, 360, {170, 60, 45}, cv::FILLED);
  cv::ellipse(rgb, {120, 165}, {62, 60}, 0, 0, 360, {240, 236, 228}, cv::FILLED);
  cv::ellipse(rgb, {120, 140}, {58, 38}, 0, 0, 360, {215, 208, 196}, cv::FILLED);
  cv::ellipse(rgb, {120, 145}, {50, 31}, 0, 0, 360, {95, 55, 30}, cv::FILLED);
  return photo_of(rgb);
}

/// A synthetic client from the chin down.
Photo torso() {
  PhantomParams params;
  params.width_px = 240, params.height_px = 320;
  params.head_share = 0.4;
  params.seed = 4;
  Job job;
  const Phantom client = make_phantom(params, job);
  const int below = cvRound(client.truth.landmarks[chin].photo_px.y() + 20 * client.truth.px_per_mm);
  Photo photo;
  photo.rgb = client.photo.rgb.rowRange(below, client.photo.rgb.rows).clone();
  return photo;
}

}  // namespace

TEST_CASE("negatives: nothing is found in a room, in a cup, on a torso") {
  Job job;
  const std::pair<std::string, Photo> pictures[] = {{"room", room()}, {"cup", cup()}, {"torso", torso()}};
  for (const auto& picture : pictures) {
    CAPTURE(picture.first);
    const Head head = find_head(picture.second, {}, job);
    CHECK_FALSE(head.found);
    CHECK(head.confidence < 0.01);
    CHECK(!head.notes.empty());
  }
}
