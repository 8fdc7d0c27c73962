// Photo -> Head: where the scalp is, how large it is, what colour it has, and how sure all of that is.
#pragma once
#include <array>
#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <vector>

#include "sim/core/fields.h"
#include "sim/core/job.h"
#include "sim/head/model.h"
#include "sim/photo/photo.h"

namespace stipple {

enum class View { front, threequarter, side, top, back, unknown };
inline constexpr std::array<std::string_view, 6> view_names{"front", "threequarter", "side", "top", "back", "unknown"};

/// Class numbers of label images (DESIGN 3).
enum Class : uint8_t { other = 0, face_skin = 1, bare_scalp = 2, hair_on_scalp = 3, hat = 5 };
inline bool is_scalp(uint8_t c) { return c == bare_scalp || c == hair_on_scalp; }

/// What the user may state; it always wins over what is measured.
struct HeadParams {
  double mm_per_px = 0;      // 0 = measure
  std::string marker;        // "x0,y0,x1,y1,mm": two photo points and their true distance
  std::string labels;        // path of a label image of the photo's size: replaces the parser
  std::string parser_model;  // path of an ONNX parser; "" = the one that ships
  std::string corrections;   // strokes painted over the classes, as in corrections.h
  std::string landmarks;     // points of the face put by hand, as in corrections.h
  int view = 0;              // index into view_choices: 0 = measure
  bool operator==(const HeadParams&) const = default;

  static constexpr std::array<std::string_view, 6> view_choices{"auto", "front", "threequarter", "side", "top", "back"};
  template <class P, class V>
  static void fields(P& p, V&& visit) {
    visit(number("mm_per_px", "mm/px", 0, 50, "Scale at the head; 0 measures it in the photo."), p.mm_per_px);
    visit(text("marker", "Two photo points of known distance: x0,y0,x1,y1,mm."), p.marker);
    visit(text("labels", "Label image (0 other, 1 face, 2 bare scalp, 3 hair, 5 hat) that replaces the parser."),
          p.labels);
    visit(text("parser_model", "Scalp parser in ONNX instead of the one that ships."), p.parser_model);
    visit(text("corrections",
               "Strokes over what was found, in shares of the photo: scalp|hair|skin|background RADIUS x,y x,y; ..."),
          p.corrections);
    visit(
        text("landmarks", "Points of the face put by hand, in shares of the photo: pupil_left x,y; glabella x,y; ..."),
        p.landmarks);
    visit(choice("view", view_choices, "Side from which the head is seen."), p.view);
  }
};

enum Landmark {
  pupil_left,
  pupil_right,
  canthus_left,
  canthus_right,
  nose_tip,
  tragus_left,
  tragus_right,
  glabella,
  chin,
  landmark_count
};
inline constexpr std::array<std::string_view, landmark_count> landmark_names{
    "pupil_left",  "pupil_right",  "canthus_left", "canthus_right", "nose_tip",
    "tragus_left", "tragus_right", "glabella",     "chin"};

struct LandmarkPoint {
  Vec2 photo_px{0, 0};
  double confidence = 0;  // 0..1; below 0.3 treat as not seen
};

/// Photo px per mm at the head's outline plane, 1 SD relative error, and where it came from.
struct Scale {
  double px_per_mm = 0, relative_error = 0;
  std::string source;  // "stated", "marker", "iris", "pupils", "head breadth", "labels"
};

struct SkinColour {
  Rgb scalp{0.45, 0.28, 0.2};   // linear light, median of bare scalp (or face skin) away from shine and shadow
  Rgb hair{0.03, 0.025, 0.02};  // linear light, dark quartile of the hair class
  double ita_degrees = 30;      // individual typology angle of `scalp` (DOMAIN 4.4)
};

/// Maps below share one working grid of at most 1024 px on the long side; work_scale = photo px per working px.
struct Head {
  cv::Size photo_size;
  double work_scale = 1;
  cv::Mat1b classes;     // Class numbers of the client's head, working grid
  cv::Mat1b bystanders;  // the same of other heads of its size; nothing is planned there
  cv::Mat1b hair_matte;  // photo grid: 0..255 share of the pixel covered by strands that stay above the pigment
  View view = View::unknown;
  double confidence = 0;           // 0..1, calibrated: the share of heads with this value whose scalp IoU is above 0.8
  std::vector<std::string> notes;  // what to do by hand, in plain words
  std::array<LandmarkPoint, landmark_count> landmarks;
  Scale scale;
  HeadModel model;
  SkinColour skin;
  double scalp_area_cm2 = 0;           // visible scalp, on the surface
  cv::Rect head_box_px, scalp_box_px;  // photo grid; classes 1..3, and bare scalp with hair
  bool found = false;                  // false: no scalp; notes say why and what to do

  bool operator==(const Head&) const = delete;
};

/// Never throws for "nothing found" (see Head::found); throws Error for unusable parameters or model files.
Head find_head(const Photo& photo, const HeadParams& params, Job& job);

/// Classes of all heads at the photo's own size, edges following the photo; for --labels.
cv::Mat1b full_size_classes(const Photo& photo, const Head& head);

}  // namespace stipple
