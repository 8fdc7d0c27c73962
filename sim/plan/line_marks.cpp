// What a practitioner marks on the skin before drawing the line: points along it with their measures.
// Based on: DOMAIN 1.4: heights from the glabella, the recess of the fronto-temporal corners.
#include <algorithm>
#include <cmath>

#include "sim/plan/hairline.h"

namespace stipple {

std::vector<LineMark> line_marks(const Head& head, const Anatomy& anatomy, const Hairline3d& line) {
  constexpr double step_mm = 10, least_gap_mm = 5, least_facing = 0.25;  // at a slant, a pixel is too much skin
  std::vector<LineMark> marks;
  if (line.curve.empty()) return marks;
  const double middle_z = point_at(line.curve, 0).z();
  const auto add = [&](double along_mm, bool corner) {
    const Vec3 point = point_at(line.curve, along_mm);
    const Vec2 px = head.model.project(point);
    const bool inside = px.x() >= 0 && px.y() >= 0 && px.x() < head.photo_size.width && px.y() < head.photo_size.height;
    if (!inside || facing_camera(head.model, point) < least_facing) return;
    marks.push_back(
        {px, along_mm, height_above_brow_mm(head.model, anatomy.brow_y_mm, point), middle_z - point.z(), corner});
  };
  add(line.apex_right_mm, true);
  const int first = static_cast<int>(std::ceil((line.apex_right_mm + least_gap_mm) / step_mm)),
            last = static_cast<int>(std::floor((line.apex_left_mm - least_gap_mm) / step_mm));
  for (int i = first; i <= last; ++i) add(i * step_mm, false);
  add(line.apex_left_mm, true);
  return marks;
}

}  // namespace stipple
