// Where the camera stands for each view, and the exact pinhole that the picture is rendered with.
#pragma once
#include "sim/head/model.h"
#include "sim/phantom/phantom.h"
#include "sim/phantom/shape.h"

namespace stipple::phantom {

/// Turn to the subject's left, nod of the head against the shoulders, height of the camera above the face [degrees].
struct Pose {
  double yaw = 0, nod = 0, elevation = 0;
};
Pose pose_of(const PhantomParams& params);

/// The anatomy as posed: neck bent, eyes towards the camera as far as they go.
Anatomy posed(const Anatomy& anatomy, const PhantomParams& params);

/// Pinhole with the head filling `head_share` of the picture's height, less where its width would not fit, and its
/// outline centred slightly above the middle.
HeadModel camera_of(const Anatomy& anatomy, const PhantomParams& params);

/// Ray through a photo position: origin and unit direction in the head frame.
struct Ray {
  Vec3 origin, direction;
};
Ray ray_through(const HeadModel& camera, const Vec2& photo_px);
Vec2 project_px(const HeadModel& camera, const Vec3& head_mm);

}  // namespace stipple::phantom
