// The plan drawn on the untreated photo: what a practitioner holds beside the client while drawing the line.
#pragma once
#include <vector>

#include "sim/pipeline.h"

namespace stipple {

/// The marks that the figure numbers from 1 on, subject's right to left: every 20 mm of the line and its corners.
std::vector<LineMark> numbered_marks(const Plan& plan);

/// The head with the planned area tinted by its density and the hairline over it; `measured` adds the numbered marks
/// and the height above the brows. 8 bit, `width_px` wide.
Photo line_figure(const Result& result, int width_px, bool measured);

}  // namespace stipple
