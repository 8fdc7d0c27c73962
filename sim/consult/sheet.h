// Pictures that a client understands at a glance: before/after pairs and labelled contact sheets.
#pragma once
#include <string>
#include <vector>

#include "sim/photo/photo.h"

namespace stipple {

struct Cell {
  Photo picture;
  std::string label;  // UTF-8; "" for none
};

struct SheetStyle {
  std::string title, footer;  // footer always ends with "Simulation" wording of its own
  int cell_width_px = 640;    // pictures are scaled to this width
  int columns = 4;
};

/// A labelled grid on a light ground, Inter where installed; every sheet says that it is a simulation.
Photo contact_sheet(const std::vector<Cell>& cells, const SheetStyle& style);

/// The part of a photo around `box` with a margin of a fraction of it, clipped to the photo: same crop for every cell.
Photo crop_around(const Photo& photo, const cv::Rect& box, double margin);

}  // namespace stipple
