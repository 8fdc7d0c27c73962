// What the years do to the client's own hair: it turns grey, and part of it falls out. What-ifs, never predictions.
#pragma once
#include <opencv2/core.hpp>

#include "sim/shave/canvas.h"

namespace stipple {

/// How much of the hair is gone at each place, 0..1, working grid: `lost` on top, at the crown and behind the temples,
/// falling to 0 at the sides and the back, whose hair stays for life.
cv::Mat1f lost_hair(const Head& head, double lost);

/// Hair that stays in the photo, with the share `grey` of it without pigment: lighter and without hue, its light and
/// shade kept. Changes pixels of `hair_share` > 0 (working grid) only.
void draw_grey(Photo& out, const ShaveGround& ground, const cv::Mat1f& hair_share, double grey);

/// `hair_light` (HairLook::light) of hair of which the share `grey` has no pigment.
double greyed_light(double hair_light, double grey);

}  // namespace stipple
