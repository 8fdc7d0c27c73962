// Poses and framing. The outline of the head is taken from the vault and a few points of face and ears, so framing
// needs no rendering; focal length and offset are then solved in closed form and settled by a few repetitions.
#include "sim/phantom/camera.h"

#include <Eigen/Geometry>
#include <numbers>
#include <vector>

namespace stipple::phantom {
namespace {

constexpr double rad = std::numbers::pi / 180;

Mat3 rotation(const Pose& pose, double roll_degrees) {
  // Nod, turn, then the camera's own height, then into its axes (y down, z away), then tilt in the picture.
  const Mat3 turned =
      (Eigen::AngleAxisd(pose.elevation * rad, Vec3::UnitX()) * Eigen::AngleAxisd(pose.yaw * rad, Vec3::UnitY()) *
       Eigen::AngleAxisd(pose.nod * rad, Vec3::UnitX()))
          .toRotationMatrix();
  const Mat3 to_camera = Vec3(1, -1, -1).asDiagonal();
  return Eigen::AngleAxisd(roll_degrees * rad, Vec3::UnitZ()).toRotationMatrix() * to_camera * turned;
}

std::vector<Vec3> outline_points(const Anatomy& an) {
  std::vector<Vec3> points{nose_tip(an), menton(an)};
  for (const double side : {-1.0, 1.0})
    for (const Vec3& p : {Vec3(50, -92, 8), Vec3(88, 12, -22), Vec3(84, -46, -8), Vec3(20, -115, 88)})
      points.emplace_back(side * p.x(), p.y(), p.z());
  for (int i = 0; i < 24; ++i)
    for (int j = 0; j < 9; ++j) {
      const double azimuth = i * 15 * rad, polar = j * 12.5 * rad;
      points.push_back(an.vault_mm.cwiseProduct(
          Vec3(std::sin(polar) * std::sin(azimuth), std::cos(polar), std::sin(polar) * std::cos(azimuth))));
    }
  return points;
}

}  // namespace

Pose pose_of(const PhantomParams& params) {
  Pose pose{0, 17, 7};
  switch (params.view) {
    case View::threequarter:
      pose = {-38, 8, 8};
      break;
    case View::side:
      pose = {-90, 3, 2};
      break;
    case View::top:
      pose = {0, 14, 56};
      break;
    case View::back:
      pose = {180, 6, 8};
      break;
    default:
      break;
  }
  pose.yaw += params.yaw_degrees;
  pose.nod += params.pitch_degrees;
  return pose;
}

Anatomy posed(const Anatomy& anatomy, const PhantomParams& params) {
  Anatomy an = anatomy;
  const Pose pose = pose_of(params);
  an.bow_degrees = std::clamp(pose.nod, -18.0, 24.0);
  an.gaze_up_degrees = std::clamp(0.7 * (pose.nod + pose.elevation), -12.0, 16.0);
  an.gaze_left_degrees = std::clamp(-0.35 * pose.yaw, -14.0, 14.0);
  return an;
}

HeadModel camera_of(const Anatomy& anatomy, const PhantomParams& params) {
  HeadModel camera;
  camera.semi_axes_mm = anatomy.vault_mm;
  camera.head_to_camera = rotation(pose_of(params), params.roll_degrees);
  camera.centre_camera_mm = {0, 0, params.distance_mm};
  camera.principal_px = {0.5 * params.width_px, 0.5 * params.height_px};
  const std::vector<Vec3> outline = outline_points(anatomy);
  const double width_share = std::max(params.head_share, 0.84);
  for (int i = 0; i < 8; ++i) {
    Vec2 low(1e9, 1e9), high(-1e9, -1e9);
    for (const Vec3& p : outline) {
      const Vec2 px = project_px(camera, p);
      low = low.cwiseMin(px), high = high.cwiseMax(px);
    }
    const Vec2 size = high - low;
    camera.focal_px *=
        std::min(params.head_share * params.height_px / size.y(), width_share * params.width_px / size.x());
    const Vec2 offset = 0.5 * (low + high) - camera.principal_px, aim(0, -0.025 * params.height_px);
    camera.centre_camera_mm.head<2>() += (aim - offset) * params.distance_mm / camera.focal_px;
  }
  return camera;
}

Ray ray_through(const HeadModel& camera, const Vec2& px) {
  const Mat3 to_head = camera.head_to_camera.transpose();
  const Vec2 c = (px - camera.principal_px) / camera.focal_px;
  return {-(to_head * camera.centre_camera_mm), to_head * Vec3(c.x(), c.y(), 1).normalized()};
}

Vec2 project_px(const HeadModel& camera, const Vec3& head_mm) {
  const Vec3 c = camera.head_to_camera * head_mm + camera.centre_camera_mm;
  return camera.focal_px * c.head<2>() / c.z() + camera.principal_px;
}

}  // namespace stipple::phantom
