// How much light one dot takes: absorbance saturates, so a dark dot takes less than its pigment could.
#pragma once

namespace stipple {

/// Integral of (1 - exp(-peak e^(-r^2/2s^2))) over the plane divided by 2 pi s^2: the light that a Gaussian dot takes,
/// in units of its own footprint. Equals `peak` for faint dots and grows like its logarithm for dark ones. peak >= 0.
double taken_light(double peak);

/// The peak that takes `light` (inverse of taken_light); light >= 0, capped at the peak 1e4.
double peak_taking(double light);

}  // namespace stipple
