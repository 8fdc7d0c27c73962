// The client's own anatomy wins over the model: each point of the planned line looks along the skin, forward and back,
// at what the photo shows there, and the whole line then moves smoothly by what its points have found.
#include <algorithm>
#include <cmath>
#include <optional>

#include "sim/plan/hairline.h"

namespace stipple {
namespace {

constexpr int look_ahead_mm = 40, look_back_mm = 70;  // how far a point looks towards the face and behind itself
constexpr int least_hair_mm = 6;                      // shorter runs of hair are stray strands
constexpr int widest_gap_mm = 3;                      // gaps in hair that still count as hair
constexpr double smoothing_mm = 7;                    // standard deviation along the line
constexpr uint8_t unseen = 255;

// Classes along the skin across the line: index 0 lies look_ahead_mm before it.
struct Profile {
  std::array<uint8_t, look_ahead_mm + look_back_mm + 1> classes;
  double facing = 0;  // cosine between surface and camera at the line

  uint8_t at(int offset_mm) const { return classes[static_cast<size_t>(offset_mm + look_ahead_mm)]; }
};

uint8_t class_at(const Head& head, const Vec3& point) {
  if (!head.model.faces_camera(point)) return unseen;
  const Vec2 px = head.model.project(point) / head.work_scale;
  const int x = static_cast<int>(std::floor(px.x())), y = static_cast<int>(std::floor(px.y()));
  if (x < 0 || y < 0 || x >= head.classes.cols || y >= head.classes.rows) return unseen;
  return head.classes(y, x);
}

Profile profile_across(const Head& head, const SkinCurve& curve, size_t i) {
  Profile profile;
  for (int o = -look_ahead_mm; o <= look_back_mm; ++o)
    profile.classes[static_cast<size_t>(o + look_ahead_mm)] =
        class_at(head, onto_surface(head.model, curve.points[i] + o * curve.inward[i]));
  const Vec3 eye = -head.model.head_to_camera.transpose() * head.model.centre_camera_mm;
  profile.facing = std::max(0.0, head.model.normal(curve.points[i]).dot((eye - curve.points[i]).normalized()));
  return profile;
}

// Front edge of the hair that stands at or before the line, looking no farther than `ahead_mm`; nothing when there is
// none.
std::optional<int> own_hair_front(const Profile& profile, int ahead_mm) {
  std::optional<int> front;
  int run = 0, gap = 0;
  for (int o = least_hair_mm; o >= -ahead_mm; --o) {
    if (profile.at(o) == hair_on_scalp) {
      gap = 0;
      if (++run >= least_hair_mm) front = o;
    } else if (++gap > widest_gap_mm) {
      run = 0;
      if (front || o < -widest_gap_mm) break;
    }
  }
  return front;
}

// Where face gives way to scalp, nearest to the line; nothing where the border is out of sight.
std::optional<int> scalp_border(const Profile& profile) {
  std::optional<int> best;
  for (int o = -look_ahead_mm + 1; o <= look_back_mm; ++o)
    if (profile.at(o - 1) == face_skin && is_scalp(profile.at(o)) && (!best || std::abs(o) < std::abs(*best))) best = o;
  return best;
}

struct Wish {
  double offset_mm = 0, weight = 0;
};

// What one point of the line would do by itself.
Wish wish_of(const Profile& profile, const PlanParams& params, double tolerance_mm) {
  if (profile.at(0) == unseen || profile.at(0) == other || profile.at(0) == hat) return {};
  const std::optional<int> border = scalp_border(profile);
  if (params.hairline == Hairline::follow || params.finish == Finish::density)
    return border ? Wish{double(*border), profile.facing} : Wish{};
  if (const std::optional<int> front = own_hair_front(profile, look_ahead_mm); front && *front < 0)
    return {double(*front), profile.facing};
  if (profile.at(0) != face_skin) return {0, profile.facing};
  return border ? Wish{std::max(0.0, *border - tolerance_mm), profile.facing} : Wish{};
}

// Weighted smoothing along the line; points that saw nothing take their neighbours' word, far from all they stay.
std::vector<double> smoothed(const SkinCurve& curve, const std::vector<Wish>& wishes) {
  constexpr double stay_weight = 0.02;
  std::vector<double> offset(wishes.size());
  for (size_t i = 0; i < wishes.size(); ++i) {
    double sum = 0, weight = stay_weight;
    for (size_t j = 0; j < wishes.size(); ++j) {
      const double apart = (curve.arc_mm[i] - curve.arc_mm[j]) / smoothing_mm;
      if (std::abs(apart) > 4) continue;
      const double w = wishes[j].weight * std::exp(-0.5 * apart * apart);
      sum += w * wishes[j].offset_mm, weight += w;
    }
    offset[i] = sum / weight;
  }
  return offset;
}

}  // namespace

double face_tolerance_mm(const Head& head) {
  // Hand-drawn borders of bare foreheads differ by 3-5 % of the head's height, about 10 mm; a doubtful scale adds.
  return 8 + 60 * std::clamp(head.scale.relative_error, 0.0, 0.15);
}

Hairline3d fitted_hairline(const Head& head, const Hairline3d& line, const PlanParams& params) {
  const double tolerance = face_tolerance_mm(head);
  std::vector<Wish> wishes(line.curve.size());
  for (size_t i = 0; i < wishes.size(); ++i)
    wishes[i] = wish_of(profile_across(head, line.curve, i), params, tolerance);
  Hairline3d fitted = line;
  fitted.curve = moved_inward(head.model, line.curve, smoothed(line.curve, wishes));
  return fitted;
}

}  // namespace stipple
