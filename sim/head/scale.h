// How large the head is in the photo: what the user states, else what faces and heads measure on average.
#pragma once
#include <string>

#include "sim/head/fit.h"

namespace stipple {

/// The scale at the depth of the head's centre. A stated scale or marker wins; else the head's size from the fit and
/// the distance of the pupils are weighed by their errors (DOMAIN 5.1). Throws Error{usage} for a marker that cannot
/// be.
Scale measure_scale(const Fit& fit, const std::array<LandmarkPoint, landmark_count>& landmarks,
                    const HeadParams& params);

}  // namespace stipple
