// The client's own anatomy wins over the model: each point of the planned line looks along the skin, forward and back,
// at what the photo shows there, and the whole line then moves smoothly by what its points have found.
#include <algorithm>
#include <cmath>
#include <numeric>
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
  profile.facing = std::max(0.0, facing_camera(head.model, curve.points[i]));
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

// What one point of the line would do by itself. A sideburn looks back less far: behind it are ear and neck.
Wish wish_of(const Profile& profile, const PlanParams& params, double tolerance_mm, bool sideburn) {
  constexpr int sideburn_look_back_mm = 20;
  if (profile.at(0) == unseen || profile.at(0) == other || profile.at(0) == hat) return {};
  std::optional<int> border = scalp_border(profile);
  if (sideburn && border && *border > sideburn_look_back_mm) border.reset();
  if (params.hairline == Hairline::follow || params.finish == Finish::density)
    return border ? Wish{double(*border), profile.facing} : Wish{};
  if (const std::optional<int> front = own_hair_front(profile, look_ahead_mm); front && *front < 0)
    return {double(*front), profile.facing};
  if (profile.at(0) != face_skin) return {0, profile.facing};
  if (!border) return {};
  // A border of hair is a fact, one of bare skin a judgement.
  const double tolerance = profile.at(*border) == hair_on_scalp ? 0.5 * tolerance_mm : tolerance_mm;
  return {std::max(0.0, *border - tolerance), profile.facing};
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

// Directions across the line that turn slowly, so that neighbours that move far do not cross each other.
SkinCurve with_even_directions(const HeadModel& model, const SkinCurve& curve) {
  constexpr size_t half_window = 18;
  SkinCurve even = curve;
  for (size_t i = 0; i < curve.size(); ++i) {
    Vec3 sum = Vec3::Zero();
    for (size_t k = i - std::min(i, half_window); k <= std::min(i + half_window, curve.size() - 1); ++k)
      sum += curve.inward[k];
    const Vec3 normal = model.normal(curve.points[i]);
    even.inward[i] = (sum - sum.dot(normal) * normal).normalized();
  }
  return even;
}

bool runs_backward(const SkinCurve& moved, const SkinCurve& before) {
  for (size_t i = 1; i < moved.size(); ++i)
    if ((moved.points[i] - moved.points[i - 1]).dot(before.points[i] - before.points[i - 1]) < 0) return true;
  return false;
}

// Neighbours whose wishes differ much would cross each other and tie a loop: ease the offsets until none does.
SkinCurve moved_without_loops(const HeadModel& model, const SkinCurve& curve, std::vector<double> offset) {
  constexpr int most_rounds = 60;
  SkinCurve moved = moved_inward(model, curve, offset);
  for (int round = 0; round < most_rounds && runs_backward(moved, curve); ++round) {
    std::vector<double> eased = offset;
    for (size_t i = 0; i < offset.size(); ++i) {
      const size_t a = i - std::min<size_t>(i, 4), b = std::min(i + 4, offset.size() - 1);
      eased[i] = std::accumulate(offset.begin() + static_cast<std::ptrdiff_t>(a),
                                 offset.begin() + static_cast<std::ptrdiff_t>(b) + 1, 0.0) /
                 static_cast<double>(b - a + 1);
    }
    offset = std::move(eased);
    moved = moved_inward(model, curve, offset);
  }
  return moved;
}

}  // namespace

double face_tolerance_mm(const Head& head) {
  // Hand-drawn borders of bare foreheads differ by 3-5 % of the head's height, about 10 mm; a doubtful scale adds.
  return 8 + 60 * std::clamp(head.scale.relative_error, 0.0, 0.15);
}

Hairline3d fitted_hairline(const Head& head, const Hairline3d& line, const PlanParams& params) {
  const double tolerance = face_tolerance_mm(head);
  const SkinCurve curve = with_even_directions(head.model, line.curve);
  std::vector<Wish> wishes(curve.size());
  cv::parallel_for_(cv::Range(0, static_cast<int>(wishes.size())), [&](const cv::Range& range) {
    for (auto i = static_cast<size_t>(range.start); i < static_cast<size_t>(range.end); ++i) {
      const double arc = curve.arc_mm[i];
      const bool sideburn = arc < line.peak_right_mm || arc > line.peak_left_mm;
      const bool front = arc > line.apex_right_mm && arc < line.apex_left_mm;
      // At temples and sideburns the parser sees skin or hair plainly: only the forehead leaves room for judgement.
      wishes[i] = wish_of(profile_across(head, curve, i), params, front ? tolerance : 0, sideburn);
    }
  });
  Hairline3d fitted = line;
  fitted.curve = moved_without_loops(head.model, curve, smoothed(curve, wishes));
  return fitted;
}

}  // namespace stipple
