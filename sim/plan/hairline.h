// The planned hairline as a curve on the skin: from a preset, drawn by hand, and fitted to the client's own hair.
#pragma once
#include <string>

#include "sim/plan/anatomy.h"
#include "sim/plan/curve.h"
#include "sim/plan/plan.h"

namespace stipple {

/// A line and the arc lengths that its parts are known by.
struct Hairline3d {
  SkinCurve curve;           // right sideburn, temple, apex, mid-frontal point, apex, temple, left sideburn
  Vec3 middle{0, 0, 0};      // mid-frontal point as asked for
  double apex_left_mm = 0;   // arc length of the left fronto-temporal apex, > 0
  double apex_right_mm = 0;  // < 0
  double peak_left_mm = 0, peak_right_mm = 0;  // temporal peaks; beyond them begin the sideburns
  bool drawn = false;                          // by hand
};

/// The smooth line that params.hairline and the measures in params describe.
Hairline3d preset_hairline(const HeadModel& model, const Anatomy& anatomy, const PlanParams& params);

/// The line drawn by hand, continued at its ends by the preset's temples. Throws Error{usage} when fewer than two
/// points lie on the head.
Hairline3d drawn_hairline(const HeadModel& model, const Hairline3d& preset, const std::vector<Vec2>& photo_points);

/// The line after the client's own anatomy has had its say: it joins own hair that stands before it, keeps off the
/// face, and for Hairline::follow runs along the border of hair and scalp wherever that is seen.
Hairline3d fitted_hairline(const Head& head, const Hairline3d& line, const PlanParams& params);

/// How far a planned line may lie on what the parser calls face: its border is a judgement (mm of skin).
double face_tolerance_mm(const Head& head);

/// The line as it is drawn in the end: with the irregularity and asymmetry that params ask for.
Hairline3d wandering_hairline(const HeadModel& model, const Hairline3d& line, const PlanParams& params);

/// The part of the line that the camera sees, in photo px, subject's right to left; empty when the front line between
/// the apices is out of sight.
std::vector<Vec2> visible_front_px(const Head& head, const Hairline3d& line);

/// Plan::line_marks for a line.
std::vector<LineMark> line_marks(const Head& head, const Anatomy& anatomy, const Hairline3d& line);

}  // namespace stipple
