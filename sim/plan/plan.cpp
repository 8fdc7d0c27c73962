// The plan of a treatment: line, density and what to say about them, strung together from the parts of this room.
#include "sim/plan/plan.h"

#include <opencv2/imgproc.hpp>

#include "sim/core/error.h"
#include "sim/plan/checks.h"
#include "sim/plan/corners.h"
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

LinePart part_of(const Hairline3d& line, size_t sample) {
  const double arc = line.curve.arc_mm[sample];
  if (arc < line.peak_right_mm || arc > line.peak_left_mm) return LinePart::sideburn;
  return arc < line.apex_right_mm || arc > line.apex_left_mm ? LinePart::temple : LinePart::front;
}

// Signed distances behind the line, and which part of the line is nearest: block by block, since neighbours have the
// same pieces of the line near them.
void measure_line(const SkinGrid& grid, const Head& head, const Hairline3d& line, cv::Mat1f& behind_mm,
                  cv::Mat1b& part) {
  constexpr int side = 8;
  const CurveDistance distance(head.model, line.curve);
  const auto measure_block = [&](const cv::Rect& block) {
    std::vector<cv::Point> pixels;
    for (int y = block.y; y < block.br().y; ++y)
      for (int x = block.x; x < block.br().x; ++x)
        if (grid.on_head(y, x)) pixels.emplace_back(x, y);
    if (pixels.empty()) return;
    const Vec3 centre = grid.at(pixels[pixels.size() / 2].y, pixels[pixels.size() / 2].x);
    double radius = 0;
    for (const cv::Point& at : pixels) radius = std::max(radius, (grid.at(at.y, at.x) - centre).norm());
    const std::vector<size_t> chunks = distance.near(centre, radius);
    for (const cv::Point& at : pixels) {
      const CurveDistance::Nearest nearest = distance(grid.at(at.y, at.x), chunks);
      behind_mm(at) = static_cast<float>(nearest.behind_mm);
      part(at) = part_of(line, nearest.index);
    }
  };
  cv::parallel_for_(cv::Range(0, (grid.box.height + side - 1) / side), [&](const cv::Range& rows) {
    for (int row = rows.start; row < rows.end; ++row)
      for (int x = grid.box.x; x < grid.box.br().x; x += side)
        measure_block(cv::Rect(x, grid.box.y + row * side, side, side) & grid.box);
  });
}

void require_something_to_treat(const Head& head, bool drawn) {
  if (head.found || drawn) return;
  throw Error(ErrorKind::no_scalp, "photo", head.notes.empty() ? "no scalp was found" : head.notes.front(),
              "draw the hairline (line_points) or the region (zone)");
}

}  // namespace

namespace {

/// The skin of one head; most of the work of a plan, and the same for every line.
struct Skin {
  std::string zone_text;
  Anatomy anatomy;
  cv::Mat1b classes, zone;  // zone as in ZoneInput
  SkinGrid grid;
  std::vector<SkinCell> seen;
};

Skin skin_of(const Head& head, const std::string& zone_text, const std::vector<Vec2>& polygon) {
  Skin skin{zone_text, anatomy_of(head), {}, {}, {}, {}};
  skin.classes = classes_or_model(head, skin.anatomy);
  skin.seen = seen_skin(head, skin.classes.size());
  skin.zone = zone_mask(head, skin.classes.size(), polygon);
  const cv::Mat1b treatable(skin.classes != other);
  skin.grid = skin_grid(head, skin.zone.empty() ? treatable : cv::Mat1b(treatable | skin.zone));
  return skin;
}

}  // namespace

struct Ground {
  std::shared_ptr<const Skin> skin;
  Hairline3d line;
  std::vector<Vec2> hairline_px;
  double mid_frontal_height_mm = 0;
  std::vector<LineMark> line_marks;
  std::vector<TempleCorner> corners;
  cv::Mat1f behind_line_mm;
  cv::Mat1b line_part;
  SkinRegions regions;
  bool line_visible() const { return !hairline_px.empty(); }
};

namespace {

Ground ground_of(const Head& head, const PlanParams& params, const Ground* earlier, Job& job) {
  job.step("plan", 0);
  const std::vector<Vec2> drawn = parse_points(params.line_points, 2, "line_points");
  const std::vector<Vec2> polygon = parse_points(params.zone, 3, "zone");
  require_something_to_treat(head, !drawn.empty() || !polygon.empty());

  Ground ground;
  const bool same_skin = earlier && earlier->skin->zone_text == params.zone;
  ground.skin = same_skin ? earlier->skin : std::make_shared<const Skin>(skin_of(head, params.zone, polygon));
  const Skin& skin = *ground.skin;
  job.step("plan", 0.3);

  if (params.finish != Finish::scar && params.finish != Finish::patches) {
    ground.line = finished_line(head, skin.anatomy, params, drawn);
    ground.hairline_px = visible_front_px(head, ground.line);
  }
  ground.behind_line_mm = cv::Mat1f(skin.classes.size(), none_mm);
  ground.line_part = cv::Mat1b(skin.classes.size(), uint8_t{LinePart::none});
  if (ground.line_visible()) {
    measure_line(skin.grid, head, ground.line, ground.behind_line_mm, ground.line_part);
    ground.line_marks = line_marks(head, skin.anatomy, ground.line);
    ground.corners = corners_of(head, skin.anatomy, ground.line);
    ground.mid_frontal_height_mm = measured_mid_frontal_mm(head.model, skin.anatomy, ground.line);
  }
  job.step("plan", 0.5);
  ground.regions =
      regions_of({head, skin.grid, params, skin.classes, ground.behind_line_mm, ground.line_part, skin.zone});
  return ground;
}

}  // namespace

PlanParams ground_params(PlanParams params) {
  const PlanParams usual;
  params.density_per_cm2 = usual.density_per_cm2;
  params.edge_density_per_cm2 = usual.edge_density_per_cm2;
  params.transition_mm = usual.transition_mm;
  params.feather_mm = usual.feather_mm;
  params.under_hair_share = usual.under_hair_share;
  params.painted_density.clear();
  return params;
}

std::shared_ptr<const Ground> make_ground(const Head& head, const PlanParams& params, const Ground* earlier, Job& job) {
  return std::make_shared<const Ground>(ground_of(head, params, earlier, job));
}

Plan make_plan(const Head& head, const Ground& ground, const PlanParams& asked, Job& job) {
  job.step("plan", 0.6);
  PlanParams params = asked;
  if (params.finish == Finish::automatic) params.finish = Finish::shaven;
  const Skin& skin = *ground.skin;
  Plan plan;
  plan.hairline_px = ground.hairline_px;
  plan.hairline_distance_mm = ground.behind_line_mm;
  plan.mid_frontal_height_mm = ground.mid_frontal_height_mm;
  plan.line_marks = ground.line_marks;
  plan.corners = ground.corners;
  const ZoneInput input{head, skin.grid, params, skin.classes, ground.behind_line_mm, ground.line_part, skin.zone};
  const Zones zones{input, ground.regions};
  plan.density_per_cm2 = zone_density_per_cm2(zones);
  // A scar fades into healthy skin as its density does.
  if (params.finish == Finish::scar) plan.scar_share = cv::min(plan.density_per_cm2 / params.density_per_cm2, 1.0);
  job.step("plan", 0.8);
  plan.checks =
      rule_checks({zones, skin.anatomy, ground.line, ground.line_visible(), plan.density_per_cm2, plan.corners});
  plan.estimates = estimates_of(head, skin.seen, plan.density_per_cm2, params.density_per_cm2);
  job.step("plan", 1);
  return plan;
}

Plan make_plan(const Head& head, const PlanParams& params, Job& job) {
  return make_plan(head, ground_of(head, params, nullptr, job), params, job);
}

}  // namespace stipple
