// Rule checks: measures the finished plan against the limits of good practice and words what to say.
// Based on: DOMAIN 1.4 (heights, thirds, fronto-temporal angle), 2.5 (what looks fake), 5.1 (scale).
#include "sim/plan/checks.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "sim/plan/corners.h"
#include "sim/plan/presets.h"

namespace stipple {
namespace {

// DOMAIN 1.4: foreheads of mature men are 60 to 80 mm high, and their corners lie just over 25 mm behind a boy's: a
// recess of less than 15 mm is a boy's. The line must be irregular, but no source says by how much: 0.15 mm, a tenth of
// what hairlines of practitioners wander, is a judgement.
constexpr double lowest_mid_frontal_mm = 60, least_recession_mm = 15;
// DOMAIN 1.1, 2.5 (density above natural units reads as paint), 1.4 (transition zone), 5.1 (scale); the rest judgement.
constexpr double least_wander_mm = 0.15, densest_per_cm2 = 180, nearest_skin_mm = 3, largest_scale_error = 0.10;
constexpr double largest_asymmetry_mm = 4, most_hair_share = 0.6, least_transition_mm = 3;

using Checks = std::vector<RuleCheck>;

void add(Checks& checks, std::string key, Severity severity, double value, double limit, std::string unit,
         std::string reason) {
  checks.push_back({std::move(key), severity, value, limit, std::move(unit), std::move(reason)});
}

// Height of the lower face's share that a forehead should at least have: a third of the face, when chin and glabella
// are seen.
std::optional<double> facial_third_mm(const Head& head) {
  const LandmarkPoint &top = head.landmarks[glabella], &bottom = head.landmarks[chin];
  if (head.view != View::front || top.confidence < 0.3 || bottom.confidence < 0.3 || head.scale.px_per_mm <= 0)
    return {};
  return (top.photo_px - bottom.photo_px).norm() / head.scale.px_per_mm / 2;
}

void check_height(Checks& checks, const CheckInput& in) {
  const double height = measured_mid_frontal_mm(in.zones.in.head.model, in.anatomy, in.line);
  if (height < lowest_mid_frontal_mm)
    add(checks, "too_low", Severity::warning, height, lowest_mid_frontal_mm, "mm",
        "The line sits low on the forehead. It suits a teenager; a face that ages under it looks pasted on, and moving "
        "a hairline up later means laser removal.");
  else if (const auto third = facial_third_mm(in.zones.in.head); third && height < 0.95 * *third)
    add(checks, "below_third", Severity::advice, height, *third, "mm",
        "The forehead would be shorter than a third of the face. That reads as a young hairline; from forty on a "
        "little higher looks more believable.");
}

void check_corners(Checks& checks, const CheckInput& in) {
  double recession = none_mm, corner = 0, lean = 0;
  for (const TempleCorner& c : in.corners) {
    recession = std::min(recession, c.recession_mm);
    corner = std::max(corner, c.corner_degrees);
    lean = std::max(lean, std::abs(c.lean_degrees));
  }
  if (recession < least_recession_mm)
    add(checks, "corner_filled", Severity::warning, recession, least_recession_mm, "mm",
        "The temple corners are filled in. Grown men keep a recess there; without it the line looks like a cap.");
  if (corner > widest_corner_degrees)
    add(checks, "corner_flat", Severity::advice, corner, widest_corner_degrees, "degrees",
        "The corner between front and temple is nearly flat. A clear angle above the outer eye frames the face.");
  if (lean > largest_lean_degrees)
    add(checks, "corner_off_eye", Severity::advice, lean, largest_lean_degrees, "degrees",
        "A temple corner does not stand above the outer corner of the eye, where it stays as hair recedes. Beside it "
        "the line frames the face less.");
}

// Values minus their own mean over `half` neighbours on either side; ends are left out.
std::vector<double> without_trend(const std::vector<double>& values, size_t half) {
  std::vector<double> rest;
  for (size_t i = half; i + half < values.size(); ++i) {
    double mean = 0;
    for (size_t k = i - half; k <= i + half; ++k) mean += values[k] / static_cast<double>(2 * half + 1);
    rest.push_back(values[i] - mean);
  }
  return rest;
}

// How much the front line wanders [mm, root mean square]: its course across the head, without the slow bend that any
// line has (the trend is taken off twice, so that an even curvature counts nothing).
double wander_mm(const Hairline3d& line) {
  constexpr size_t half_window = 10;
  std::vector<double> depth;
  for (double arc = line.apex_right_mm; arc <= line.apex_left_mm; arc += 1)
    depth.push_back(point_at(line.curve, arc).z());
  const std::vector<double> rest = without_trend(without_trend(depth, half_window), half_window);
  double sum = 0;
  for (double r : rest) sum += r * r;
  return rest.empty() ? 0 : std::sqrt(sum / static_cast<double>(rest.size()));
}

void check_straightness(Checks& checks, const CheckInput& in) {
  const double wander = wander_mm(in.line);
  if (wander < least_wander_mm)
    add(checks, "too_straight", Severity::warning, wander, least_wander_mm, "mm",
        "The front edge runs as if along a ruler. Real hairlines wander by a millimetre or two; a clean edge is what "
        "people notice first.");
  const EdgeProfile edge = edge_profile(in.zones.in.params);
  if (edge.transition_mm < least_transition_mm)
    add(checks, "too_sharp", Severity::advice, edge.transition_mm, least_transition_mm, "mm",
        "The edge goes from skin to full density at once. Single light dots over the first millimetres look like hair; "
        "a hard edge looks like a drawn line and cannot be softened later.");
}

void check_asymmetry(Checks& checks, const CheckInput& in) {
  const HeadModel& model = in.zones.in.head.model;
  const double reach = std::min(in.line.apex_left_mm, -in.line.apex_right_mm);
  constexpr double least_facing = 0.35;  // at a slant, pixels are too coarse to compare
  double largest = 0;
  for (double arc = 5; arc <= reach; arc += 1) {
    Vec3 left = point_at(in.line.curve, arc), right = point_at(in.line.curve, -arc);
    if (std::min(facing_camera(model, left), facing_camera(model, right)) < least_facing) continue;
    right.x() = 2 * in.anatomy.midline_x_mm - right.x();
    left = onto_surface(model, left), right = onto_surface(model, right);
    const double apart = height_above_brow_mm(model, in.anatomy.brow_y_mm, left) -
                         height_above_brow_mm(model, in.anatomy.brow_y_mm, right);
    largest = std::max(largest, std::abs(apart));
  }
  if (largest > largest_asymmetry_mm)
    add(checks, "asymmetry", Severity::advice, largest, largest_asymmetry_mm, "mm",
        "The two sides differ by more than people's own lines usually do. A little difference looks natural; this much "
        "should be a choice: check it in the mirror with the client.");
}

void check_density(Checks& checks, const CheckInput& in) {
  const double densest = in.zones.in.params.density_per_cm2;
  if (densest > densest_per_cm2)
    add(checks, "too_dense", Severity::warning, densest, densest_per_cm2, "dots/cm2",
        "Dots this close have no skin left between them. They widen over the years and run together into a helmet; "
        "leave room, density can always be added.");
  double nearest = none_mm;
  for (int y = 0; y < in.density_per_cm2.rows; ++y)
    for (int x = 0; x < in.density_per_cm2.cols; ++x)
      if (in.density_per_cm2(y, x) > 0.25 * densest)
        nearest = std::min<double>(nearest, in.zones.to_forbidden_mm(y, x));
  if (nearest < nearest_skin_mm)
    add(checks, "near_face_or_ear", Severity::warning, nearest, nearest_skin_mm, "mm",
        "Pigment comes right up to skin that never grows hair (face, ear or neck). Let it fade out earlier there.");
}

void check_hair(Checks& checks, const CheckInput& in) {
  double hair = 0, scalp = 0;
  for (int y = 0; y < in.zones.in.classes.rows; ++y)
    for (int x = 0; x < in.zones.in.classes.cols; ++x) {
      const uint8_t c = in.zones.in.classes(y, x);
      if (is_scalp(c)) scalp += in.zones.in.grid.area_mm2(y, x);
      if (c == hair_on_scalp) hair += in.zones.in.grid.area_mm2(y, x);
    }
  const double share = scalp > 0 ? hair / scalp : 0;
  if (in.zones.in.params.finish == Finish::shaven && share > most_hair_share)
    add(checks, "much_hair", Severity::advice, 100 * share, 100 * most_hair_share, "% of the scalp",
        "Most of the scalp still carries hair. The shaven look only works when all of it is kept at stubble length; "
        "for longer hair look at the density finish.");
  if (share > 0.05)
    add(checks, "future_loss", Severity::advice, 100 * share, 5, "% of the scalp",
        "Hair that stands today may thin out. Plan a line and corners that will still look right beside less hair at "
        "the temples and crown ten years from now, and expect to treat new areas.");
}

void check_scale(Checks& checks, const CheckInput& in) {
  const double error = in.zones.in.head.scale.relative_error;
  if (error > largest_scale_error)
    add(checks, "scale_uncertain", Severity::warning, 100 * error, 100 * largest_scale_error, "%",
        "The size of the head is a guess in this photo, so all millimetres are too. Click two points of known "
        "distance, "
        "or hold a ruler or coin beside the head.");
}

void check_line(Checks& checks, const CheckInput& in) {
  const Finish finish = in.zones.in.params.finish;
  if (finish == Finish::scar || finish == Finish::patches) return;
  if (!in.line_visible)
    return add(checks, "hairline_not_visible", Severity::advice, 0, 0, "",
               "The front hairline is out of sight here. Agree on it in a photo from the front.");
  if (finish == Finish::density) return;  // the client's own line stays
  check_height(checks, in);
  check_straightness(checks, in);
  check_corners(checks, in);
  check_asymmetry(checks, in);
}

}  // namespace

double measured_mid_frontal_mm(const HeadModel& model, const Anatomy& anatomy, const Hairline3d& line) {
  if (line.curve.empty()) return 0;
  // The line crosses the midline between two samples.
  const std::vector<Vec3>& points = line.curve.points;
  for (size_t i = 1; i < points.size(); ++i) {
    const double a = points[i - 1].x() - anatomy.midline_x_mm, b = points[i].x() - anatomy.midline_x_mm;
    if (a > 0 || b <= 0) continue;
    const Vec3 crossing = points[i - 1] + (points[i] - points[i - 1]) * (a / (a - b));
    return height_above_brow_mm(model, anatomy.brow_y_mm, crossing);
  }
  return 0;
}

std::vector<RuleCheck> rule_checks(const CheckInput& in) {
  Checks checks;
  check_line(checks, in);
  check_density(checks, in);
  check_scale(checks, in);
  check_hair(checks, in);
  if (in.zones.in.params.finish == Finish::patches && cv::countNonZero(in.density_per_cm2) == 0)
    add(checks, "no_patch", Severity::warning, 0, 0, "",
        "No bare patch with hair all around it was found. Draw the patch's outline.");
  return checks;
}

}  // namespace stipple
