// What a screen shows while something is dragged: a part of the photo, no finer than the screen draws it. The optics
// are the same, so it differs from the whole picture made smaller by what rounding and resampling differ.
#pragma once
#include <memory>

#include "sim/field/field.h"
#include "sim/shave/shave.h"

namespace stipple {

struct Excerpt {
  cv::Rect area_px;  // of the photo, not empty, within it
  double scale = 1;  // px of the excerpt per px of the photo, 0 < scale <= 1
  bool operator==(const Excerpt&) const = default;
  cv::Size size() const;  // in px of the excerpt, at least 1 x 1
};

/// A photo and its head cut out and reduced: what dots of excerpt_field() are drawn on.
struct ExcerptGround {
  Photo photo;
  Head head;  // model, matte, colours and scale; no classes
  double camera_blur_px = 0;
};
ExcerptGround excerpt_ground(const Shaven& shaven, const Head& head, double camera_blur_px, const Excerpt& excerpt);
/// The dots that the excerpt shows or is shaded by.
Field excerpt_field(const Field& field, const Excerpt& excerpt);

}  // namespace stipple
