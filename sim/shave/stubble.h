// The client's own follicles, cut short, as dots that the optics of the engine can draw.
#pragma once
#include "sim/pigment/advice.h"
#include "sim/pigment/pigment.h"
#include "sim/shave/shave.h"

namespace stipple {

/// `density_per_cm2` on the working grid of `head`; `hair_light` is the hair's luminance over that of the skin below it
/// (grey and white hair near or above 1 leaves faint stubble).
Deposit stubble_deposit(const Photo& photo, const Head& head, const cv::Mat1f& density_per_cm2, double hair_light,
                        const ShaveParams& params, Job& job);

/// What the treated area is to be matched to: the client's own hair cut as these parameters say (for the shaven look, a
/// scar and patches), or as it is (`hair_stays`, for the density finish). Dark hair is assumed where none is seen.
Fringe fringe_of(const Head& head, const std::optional<HairLook>& hair, bool hair_stays, const ShaveParams& params);

/// Share of light that skin under this much stubble returns on average: for where the head model has no surface.
Rgb stubble_remission(double density_per_cm2, double hair_light, const ShaveParams& params);

}  // namespace stipple
