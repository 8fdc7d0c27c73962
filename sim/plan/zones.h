// Density maps of the four finishes on the working grid.
#pragma once
#include "sim/plan/hairline.h"
#include "sim/plan/skin_grid.h"

namespace stipple {

/// Parts of the line by who has the last word: the front line may lie on what the parser calls face, before front and
/// temple the line ends the treatment, at a sideburn the client's own hair does.
enum LinePart : uint8_t { none, sideburn, temple, front };

/// What zones are made from. Maps are on the working grid.
struct ZoneInput {
  const Head& head;
  const SkinGrid& grid;
  const PlanParams& params;
  const cv::Mat1b& classes;         // the parser's, or made from the model where nothing was found
  const cv::Mat1f& behind_line_mm;  // Plan::hairline_distance_mm
  const cv::Mat1b& line_part;       // LinePart that is nearest
  const cv::Mat1b& zone;            // the drawn polygon, 255 inside; empty when none was drawn
};

/// Regions on the skin with the stair steps of the classes rounded off, 255 inside. They hang on no density.
struct SkinRegions {
  cv::Mat1b scalp, hair;
  cv::Mat1b strip;            // forehead between the line and the parser's scalp: treated as well
  cv::Mat1f to_forbidden_mm;  // along the skin to face, neck or ear that no pigment may reach
};
SkinRegions regions_of(const ZoneInput& in);

struct Zones : SkinRegions {
  Zones(const ZoneInput& input, SkinRegions regions) : SkinRegions(std::move(regions)), in(input) {}
  const ZoneInput& in;
};

/// Dots per cm2 of skin; 0 outside the treatment. Throws Error{usage} for a scar without a zone.
cv::Mat1f zone_density_per_cm2(const Zones& zones);

/// 0 below `from`, 1 above `to`, smooth between.
float smooth_ramp(float from, float to, float value);

}  // namespace stipple
