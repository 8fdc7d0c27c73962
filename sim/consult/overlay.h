// What detection found, drawn over the photo: for people who check it before they trust it.
#pragma once
#include "sim/head/head.h"
#include "sim/photo/photo.h"
#include "sim/plan/plan.h"

namespace stipple {

/// Class outlines, the head model's silhouette and midline, landmarks, the plan's hairline (when `plan` is given), a
/// 10 mm scale bar, view and confidence. At most 1600 px on the long side, 8 bit.
Photo detection_overlay(const Photo& photo, const Head& head, const Plan* plan);

}  // namespace stipple
