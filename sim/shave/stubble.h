// The client's own follicles, cut short, as dots that the optics of the engine can draw.
#pragma once
#include "sim/pigment/pigment.h"
#include "sim/shave/shave.h"

namespace stipple {

/// `density_per_cm2` on the working grid of `head`; `hair_light` is the hair's luminance over that of the skin below it
/// (grey and white hair near or above 1 leaves faint stubble).
Deposit stubble_deposit(const Photo& photo, const Head& head, const cv::Mat1f& density_per_cm2, double hair_light,
                        const ShaveParams& params, Job& job);

/// Share of light that skin under this much stubble returns on average: for where the head model has no surface.
Rgb stubble_remission(double density_per_cm2, double hair_light, const ShaveParams& params);

}  // namespace stipple
