// How sharp the camera was.
#pragma once
#include "sim/head/head.h"
#include "sim/photo/photo.h"

namespace stipple {

/// Standard deviation in px of the camera's blur (lens, demosaicing, phone's smoothing), from the strong edges on the
/// head; within 0.5..3. Without usable edges 0.7, a good phone.
double camera_blur_px(const Photo& photo, const Head& head);

}  // namespace stipple
