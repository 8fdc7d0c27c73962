// A synthetic client whose truth is known exactly: what the demo shows and what tests measure against.
#pragma once
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "sim/core/fields.h"
#include "sim/core/job.h"
#include "sim/head/head.h"
#include "sim/photo/photo.h"

namespace stipple {

enum class PhantomHair { bald, stubble, fringe, forelock };
inline constexpr std::array<std::string_view, 4> phantom_hair_names{"bald", "stubble", "fringe", "forelock"};
inline constexpr std::array<std::string_view, 5> phantom_view_names{"front", "threequarter", "side", "top", "back"};

struct PhantomParams {
  View view = View::front;
  PhantomHair hair = PhantomHair::fringe;
  int tone = 4;  // Monk scale 1..10
  uint64_t seed = 1;
  int width_px = 1200, height_px = 1600;
  double distance_mm = 800;                                     // camera to head centre
  double head_share = 0.72;                                     // head height / picture height
  double yaw_degrees = 0, pitch_degrees = 0, roll_degrees = 0;  // added to the view's own pose
  double shine = 0.5;                                           // specular strength 0..1
  double light_azimuth_degrees = 35;
  bool operator==(const PhantomParams&) const = default;

  template <class P, class V>
  static void fields(P& p, V&& visit) {
    visit(choice("view", phantom_view_names, "Side from which the head is seen."), p.view);
    visit(choice("hair", phantom_hair_names, "Hair that the client still has."), p.hair);
    visit(number("tone", "", 1, 10, "Skin tone on the Monk scale."), p.tone);
    visit(number("seed", "", 0, 9.0e15, "Same seed, same client."), p.seed);
    visit(number("width", "px", 64, 6000, "Picture width."), p.width_px);
    visit(number("height", "px", 64, 8000, "Picture height."), p.height_px);
    visit(number("distance", "mm", 300, 5000, "Camera to the middle of the head."), p.distance_mm);
    visit(number("head_share", "", 0.05, 1.5, "Height of the head as a share of the picture."), p.head_share);
    visit(number("yaw", "degrees", -180, 180, "Turn to the subject's left, added to the view."), p.yaw_degrees);
    visit(number("pitch", "degrees", -90, 90, "Nod down, added to the view."), p.pitch_degrees);
    visit(number("roll", "degrees", -180, 180, "Tilt, added to the view."), p.roll_degrees);
    visit(number("shine", "", 0, 1, "How much the scalp shines."), p.shine);
    visit(number("light_azimuth", "degrees", -180, 180, "Direction of the key light."), p.light_azimuth_degrees);
  }
};

struct PhantomTruth {
  cv::Mat1b classes;          // Class numbers, photo grid
  cv::Mat3f normal;           // head frame; 0 outside the head
  cv::Mat1f area_mm2_per_px;  // skin seen by each pixel; 0 outside the head
  cv::Mat3f head_mm;          // surface point in the head frame of HeadModel
  double px_per_mm = 0;       // at the plane of the head's outline (centre depth)
  HeadModel camera;           // pose and camera as rendered (semi-axes: best-fitting to the skull)
  std::array<LandmarkPoint, landmark_count> landmarks;
  std::vector<Vec2> hairline_px;  // mature hairline of the anatomy, subject's right to left
  double scalp_area_cm2 = 0;
};

struct Phantom {
  Photo photo;
  PhantomTruth truth;
};

Phantom make_phantom(const PhantomParams& params, Job& job);

/// Writes labels.png, normals.png (16 bit), head_mm.tiff, area.tiff (float) and truth.json into `folder`.
void write_truth(const PhantomTruth& truth, const std::string& folder);

}  // namespace stipple
