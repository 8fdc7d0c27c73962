// One consultation seen several ways: settings that differ in one or two choices, rendered and labelled alike.
#pragma once
#include <string>
#include <vector>

#include "sim/consult/sheet.h"
#include "sim/pipeline.h"

namespace stipple {

/// One choice to vary and the values it takes, as set_value reads them; the key "look" takes those of look_by_name.
struct Axis {
  std::string key;
  std::vector<std::string> values;
};

/// What a client reads below a picture; the second line is smaller.
struct Caption {
  std::string main, detail;
  std::string label() const { return detail.empty() ? main : main + "\n" + detail; }
};
/// {"Dark brown", "9 parts water"}, {"3 years", ""}, {"Soft", ""}, {"After 2 sessions", ""} for a key and its value.
Caption caption(const std::string& key, const std::string& value);

/// Every combination, the last axis fastest, all cropped alike around the upper head. The untouched photo comes first;
/// with more than one axis it comes first in every row, and stands for "no session" too. Sets the sheet's columns to
/// match, and its footer, where that is empty, to what all pictures share.
std::vector<Cell> variant_cells(Pipeline& pipeline, const Settings& settings, const std::vector<Axis>& axes,
                                SheetStyle& style, Job& job);

/// The part of the photo that a picture of the whole head shows.
cv::Rect whole_head_box(const Result& result);
/// The photo beside the result, the same crop.
std::vector<Cell> before_after_cells(const Result& result, const std::string& after_label);

}  // namespace stipple
