// What is known exactly about a rendered client.
#pragma once
#include "sim/phantom/regions.h"
#include "sim/phantom/trace.h"

namespace stipple::phantom {

/// `strands` is the share of each pixel that hair covers (photo grid).
PhantomTruth truth_of(const Anatomy& anatomy, const Regions& regions, const DistanceGrid& grid, const HeadModel& camera,
                      const std::vector<Hit>& hits, const cv::Mat1f& strands, PhantomHair hair);

}  // namespace stipple::phantom
