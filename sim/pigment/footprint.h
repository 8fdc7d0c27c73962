// From what lies in the skin to what the camera sees of it.
#pragma once
#include "sim/field/field.h"
#include "sim/pigment/pigment.h"

namespace stipple {

/// A dot of pigment or a cut hair as it lies in the skin, along the head's tangents.
struct SkinFootprint {
  double absorbance_mm2 = 0;        // integral of its absorbance
  Mat2 pigment_mm2 = Mat2::Zero();  // covariance of the absorbing matter, whose density decides how far it saturates
  double skin_blur_mm = 0;          // standard deviation of the blur of the skin above it
  double share_reached = 1;         // of the light it takes, against one at the depth the deposit is drawn for
};

/// Blur spreads absorbance, and spread absorbance takes more light than it does in the skin; so the mass of the stamp
/// is set to take what the footprint takes in the skin.
Stamp seen_stamp(const Dot& dot, const SkinFootprint& footprint, double camera_blur_px);

}  // namespace stipple
