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
  std::string title, footer;  // the disclaimer stands beside the footer
  int cell_width_px = 640;    // pictures are scaled to this width
  int columns = 4;
};

/// A labelled grid on a light ground, Inter where installed; every sheet says that it is a simulation.
Photo contact_sheet(const std::vector<Cell>& cells, const SheetStyle& style);

/// Pictures in a row that the sheet will have: as few rows as style.columns allow, evened out, so that no picture
/// stands alone where it can be helped.
int sheet_columns(size_t pictures, const SheetStyle& style);

/// `box` with a margin of a fraction of it, clipped to the photo; the whole photo where nothing of it is left.
cv::Rect box_around(const cv::Rect& box, double margin, cv::Size photo);
/// That part of a photo: the same crop for every cell.
Photo crop_around(const Photo& photo, const cv::Rect& box, double margin);

}  // namespace stipple
