// Heads with known answers for the plan's tests: a surface, a camera and classes drawn by rule.
#pragma once
#include <Eigen/Geometry>
#include <cmath>
#include <numbers>

#include "sim/head/head.h"
#include "sim/plan/plan.h"

namespace stipple::plan_test {

enum class Hair { bald, fringe, full, island };

struct HeadRecipe {
  Hair hair = Hair::bald;
  double yaw_degrees = 0;  // subject turns to the own left
  double pitch_degrees = 0;
  double photo_px = 640;       // width; height is 1.25 times that
  double work_scale = 1;       // photo px per working px
  double border_shift_mm = 0;  // parser's border of the scalp moved up by this
  bool sphere = false;
};

/// Border of the scalp: y of the head frame at depth z. About 75 mm above the glabella, sideburns, ears, nape.
inline double border_y_mm(double z_mm) { return z_mm > 20 ? 1.78 * (z_mm - 20) : 0.55 * (z_mm - 20); }

inline uint8_t class_of(const HeadRecipe& recipe, const Vec3& p) {
  if (p.y() < border_y_mm(p.z()) + recipe.border_shift_mm) return face_skin;
  switch (recipe.hair) {
    case Hair::bald:
      return bare_scalp;
    case Hair::fringe:
      return p.y() < 45 ? hair_on_scalp : bare_scalp;
    case Hair::full:
      return hair_on_scalp;
    case Hair::island:
      return (p - Vec3(0, 107, 15)).norm() < 18 ? bare_scalp : hair_on_scalp;
  }
  return other;
}

inline HeadModel model_of(const HeadRecipe& recipe) {
  HeadModel model;
  if (recipe.sphere) model.semi_axes_mm = Vec3(90, 90, 90), model.form = ellipsoid_form;
  const double degrees = std::numbers::pi / 180;
  const Mat3 turn(Eigen::AngleAxisd(recipe.pitch_degrees * degrees, Vec3::UnitX()) *
                  Eigen::AngleAxisd(recipe.yaw_degrees * degrees, Vec3::UnitY()));
  model.head_to_camera = Mat3(Vec3(1, -1, -1).asDiagonal()) * turn;
  model.centre_camera_mm = Vec3(0, 0, 800);
  model.focal_px = 2.5 * recipe.photo_px;
  model.principal_px = Vec2(0.5 * recipe.photo_px, 0.5 * 1.25 * recipe.photo_px);
  return model;
}

inline Head make_head(const HeadRecipe& recipe) {
  Head head;
  head.model = model_of(recipe);
  head.photo_size = cv::Size(cvRound(recipe.photo_px), cvRound(1.25 * recipe.photo_px));
  head.work_scale = recipe.work_scale;
  head.classes = cv::Mat1b(cvRound(head.photo_size.height / recipe.work_scale),
                           cvRound(head.photo_size.width / recipe.work_scale), uint8_t{other});
  for (int y = 0; y < head.classes.rows; ++y)
    for (int x = 0; x < head.classes.cols; ++x)
      if (const auto p = head.model.intersect(Vec2(x + 0.5, y + 0.5) * recipe.work_scale))
        head.classes(y, x) = class_of(recipe, *p);
  head.view = View::front;
  head.confidence = 1;
  head.scale = {recipe.photo_px * 2.5 / 800, 0.035, "iris"};
  head.found = true;
  return head;
}

inline Plan plan_of(const Head& head, const PlanParams& params = {}) {
  Job job;
  return make_plan(head, params, job);
}

}  // namespace stipple::plan_test
