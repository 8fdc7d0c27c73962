// Heads with known answers for the tests of dots, and even plans on them.
#pragma once
#include "sim/field/field.h"

namespace stipple::field_test {

/// A head seen from above, `scale` photo px per 0.28 mm.
inline Head head_from_above(const Vec3& axes, const HeadForm& form, int scale = 1) {
  Head head;
  head.found = true;
  head.photo_size = {1000 * scale, 1000 * scale};
  head.work_scale = 2.0 * scale;
  head.model.semi_axes_mm = axes;
  head.model.form = form;
  head.model.head_to_camera << 1, 0, 0, 0, 0, 1, 0, -1, 0;
  head.model.centre_camera_mm = {3, -2, 700};
  head.model.focal_px = 2500 * scale;
  head.model.principal_px = {500.0 * scale, 500.0 * scale};
  return head;
}

inline Head sphere(int scale = 1) { return head_from_above({90, 90, 90}, ellipsoid_form, scale); }

inline Plan even_plan(float density_per_cm2) {
  Plan plan;
  plan.density_per_cm2 = cv::Mat1f(500, 500, density_per_cm2);
  return plan;
}

inline Field place(const Head& head, const Plan& plan, const FieldParams& params = {}) {
  Job job;
  return place_dots(head, plan, params, job);
}

}  // namespace stipple::field_test
