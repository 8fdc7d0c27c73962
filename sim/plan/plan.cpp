// The plan of a treatment: line, density and what to say about them, strung together from the parts of this room.
#include "sim/plan/plan.h"

#include <opencv2/imgproc.hpp>

#include "sim/core/error.h"
#include "sim/plan/checks.h"
#include "sim/plan/points.h"

namespace stipple {
namespace {

cv::Mat1b zone_mask(const Head& head, const cv::Size& size, const std::vector<Vec2>& polygon) {
  if (polygon.empty()) return {};
  constexpr int shift = 4;  // fractional bits
  std::vector<cv::Point> fixed;
  for (const Vec2& p : polygon) {
    const Vec2 work = (p / head.work_scale - Vec2(0.5, 0.5)) * (1 << shift);
    fixed.emplace_back(cvRound(work.x()), cvRound(work.y()));
  }
  cv::Mat1b mask(size, uint8_t{0});
  cv::fillPoly(mask, std::vector<std::vector<cv::Point>>{fixed}, 255, cv::LINE_8, shift);
  return mask;
}

// Where no scalp was found but a line or zone was drawn, the model's own skull stands in: everything above the
// sideburns and the nape.
cv::Mat1b classes_or_model(const Head& head, const Anatomy& anatomy) {
  if (head.found && !head.classes.empty()) return head.classes;
  const cv::Size size = head.classes.empty() ? cv::Size(cvRound(head.photo_size.width / head.work_scale),
                                                        cvRound(head.photo_size.height / head.work_scale))
                                             : head.classes.size();
  cv::Mat1b classes(size, uint8_t{other});
  cv::parallel_for_(cv::Range(0, size.height), [&](const cv::Range& rows) {
    for (int y = rows.start; y < rows.end; ++y)
      for (int x = 0; x < size.width; ++x)
        if (const auto p = head.model.intersect(Vec2(x + 0.5, y + 0.5) * head.work_scale))
          classes(y, x) = p->y() > anatomy.sideburn_yz_mm.x() ? bare_scalp : face_skin;
  });
  return classes;
}

// The finished line, or nothing where the front is out of sight.
Hairline3d finished_line(const Head& head, const Anatomy& anatomy, const PlanParams& params,
                         const std::vector<Vec2>& drawn) {
  const Hairline3d preset = preset_hairline(head.model, anatomy, params);
  if (!drawn.empty()) return drawn_hairline(head.model, preset, drawn);
  const Hairline3d fitted = fitted_hairline(head, preset, params);
  // The client's own edge wanders by itself.
  const bool own_edge = params.hairline == Hairline::follow || params.finish == Finish::density;
  return own_edge ? fitted : wandering_hairline(head.model, fitted, params);
}

// Signed distances behind the line, and which part of the line is nearest.
void measure_line(const SkinGrid& grid, const Head& head, const Hairline3d& line, cv::Mat1f& behind_mm,
                  cv::Mat1b& part) {
  const CurveDistance distance(head.model, line.curve);
  cv::parallel_for_(cv::Range(0, behind_mm.rows), [&](const cv::Range& rows) {
    for (int y = rows.start; y < rows.end; ++y)
      for (int x = 0; x < behind_mm.cols; ++x) {
        if (!grid.on_head(y, x)) continue;
        const CurveDistance::Nearest nearest = distance(grid.at(y, x));
        behind_mm(y, x) = static_cast<float>(nearest.behind_mm);
        const double arc = line.curve.arc_mm[nearest.index];
        part(y, x) = arc < line.peak_right_mm || arc > line.peak_left_mm   ? LinePart::sideburn
                     : arc < line.apex_right_mm || arc > line.apex_left_mm ? LinePart::temple
                                                                           : LinePart::front;
      }
  });
}

void require_something_to_treat(const Head& head, bool drawn) {
  if (head.found || drawn) return;
  throw Error(ErrorKind::no_scalp, "photo", head.notes.empty() ? "no scalp was found" : head.notes.front(),
              "draw the hairline (line_points) or the region (zone)");
}

}  // namespace

Plan make_plan(const Head& head, const PlanParams& asked, Job& job) {
  job.step("plan", 0);
  PlanParams params = asked;
  if (params.finish == Finish::automatic) params.finish = Finish::shaven;
  const std::vector<Vec2> drawn = parse_points(params.line_points, 2, "line_points");
  const std::vector<Vec2> polygon = parse_points(params.zone, 3, "zone");
  require_something_to_treat(head, !drawn.empty() || !polygon.empty());

  const Anatomy anatomy = anatomy_of(head);
  const cv::Mat1b classes = classes_or_model(head, anatomy), zone = zone_mask(head, classes.size(), polygon);
  const cv::Mat1b wanted = zone.empty() ? cv::Mat1b(classes != other) : cv::Mat1b((classes != other) | zone);
  const SkinGrid grid = skin_grid(head, wanted);
  job.step("plan", 0.3);

  Plan plan;
  Hairline3d line;
  if (params.finish != Finish::scar && params.finish != Finish::patches) {
    line = finished_line(head, anatomy, params, drawn);
    plan.hairline_px = visible_front_px(head, line);
  }
  const bool line_visible = !plan.hairline_px.empty();
  plan.hairline_distance_mm = cv::Mat1f(classes.size(), none_mm);
  cv::Mat1b line_part(classes.size(), uint8_t{LinePart::none});
  if (line_visible) {
    measure_line(grid, head, line, plan.hairline_distance_mm, line_part);
    plan.line_marks = line_marks(head, anatomy, line);
    plan.mid_frontal_height_mm = measured_mid_frontal_mm(head.model, anatomy, line);
  }
  job.step("plan", 0.5);

  const ZoneInput input{head, grid, params, classes, plan.hairline_distance_mm, line_part, zone};
  const Zones zones = zones_of(input);
  plan.density_per_cm2 = zone_density_per_cm2(zones);
  // A scar fades into healthy skin as its density does.
  if (params.finish == Finish::scar) plan.scar_share = plan.density_per_cm2 / params.density_per_cm2;
  job.step("plan", 0.8);
  plan.checks = rule_checks({zones, anatomy, line, line_visible, plan.density_per_cm2});
  plan.estimates = estimates_of(head, plan.density_per_cm2, params.density_per_cm2);
  job.step("plan", 1);
  return plan;
}

}  // namespace stipple
