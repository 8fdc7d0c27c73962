// Head + choices -> Plan: where pigment goes and how dense, in millimetres on skin, with rule checks and estimates.
#pragma once
#include <array>
#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "sim/core/fields.h"
#include "sim/core/job.h"
#include "sim/head/head.h"

namespace stipple {

enum class Finish { automatic, shaven, density, scar, patches };
inline constexpr std::array<std::string_view, 5> finish_names{"auto", "shaven", "density", "scar", "patches"};
enum class Hairline { natural, soft, defined, edge_up, widows_peak, mature, rounded, follow };
inline constexpr std::array<std::string_view, 8> hairline_names{"natural",     "soft",   "defined", "edge_up",
                                                                "widows_peak", "mature", "rounded", "follow"};

inline constexpr double most_density_per_cm2 = 300;  // beyond, dots touch

struct PlanParams {
  Finish finish = Finish::automatic;  // shaven or density by the client's hair (sim/shave); a plan alone takes shaven
  Hairline hairline = Hairline::natural;
  double mid_frontal_height_mm = 70;  // glabella to mid-frontal point along the skin (DOMAIN 1.4: 60-100)
  double temple_recession_mm = 22;    // how far the fronto-temporal apex lies behind the mid-frontal point
  double transition_mm = 7;           // soft zone behind the line (5-10)
  double irregularity_mm = 2.0;       // amplitude of the macro-irregularity; micro is a third of it
  double asymmetry_mm = 1.5;          // left-right difference
  double density_per_cm2 = 130;       // plateau, dots per cm2 of skin, all sessions
  double edge_density_per_cm2 = 20;   // first millimetres
  double feather_mm = 10;             // fade towards the client's own hair, nape and other open borders
  double under_hair_share = 0.6;      // share of the plateau placed where the client's own hair stands
  std::string line_points;            // photo px "x,y x,y ..." drawn by hand, replaces the preset
  std::string painted_density;        // strokes that multiply the density or leave skin free, as in painted.h
  std::string zone;                   // photo px polygon "x,y x,y ..." limiting scar and patches finishes
  bool operator==(const PlanParams&) const = default;

  template <class P, class V>
  static void fields(P& p, V&& visit) {
    visit(choice("finish", finish_names, "What the treatment is for; auto takes shaven, or density under long hair."),
          p.finish);
    visit(choice("hairline", hairline_names, "Shape and edge of the front hairline."), p.hairline);
    visit(number("mid_frontal_height", "mm", 40, 120, "Glabella to mid-frontal point along the skin."),
          p.mid_frontal_height_mm);
    visit(number("temple_recession", "mm", 0, 60, "How far the temple corner lies behind the mid-frontal point."),
          p.temple_recession_mm);
    visit(number("transition", "mm", 0, 25, "Width of the soft zone behind the line."), p.transition_mm);
    visit(number("irregularity", "mm", 0, 8, "How far the line wanders."), p.irregularity_mm);
    visit(number("asymmetry", "mm", 0, 8, "Left-right difference of the line."), p.asymmetry_mm);
    visit(number("density", "1/cm2", 5, most_density_per_cm2,
                 "Dots per square centimetre of skin after the last session."),
          p.density_per_cm2);
    visit(number("edge_density", "1/cm2", 0, 150, "Dots per square centimetre in the first millimetres of the line."),
          p.edge_density_per_cm2);
    visit(number("feather", "mm", 0, 40, "Fade towards the client's own hair and open borders."), p.feather_mm);
    visit(number("under_hair_share", "", 0, 1, "Share of the density placed where own hair stands."),
          p.under_hair_share);
    visit(text("line_points", "Hairline drawn by hand: photo points \"x,y x,y ...\"."), p.line_points);
    visit(text("painted_density",
               "Strokes that thin or thicken, 0 leaves free (moles, scars): FACTOR RADIUS x,y x,y; ... in shares of "
               "the photo, or all in pixels with RADIUSpx."),
          p.painted_density);
    visit(text("zone", "Polygon that limits the treatment: \"x,y x,y ...\" in photo px."), p.zone);
  }
};

enum class Severity { advice, warning };
/// One rule with its number and limit, worded so that a consultant can say it aloud (DOMAIN 2.5).
struct RuleCheck {
  std::string key;  // "too_low", "too_straight", ...
  Severity severity = Severity::advice;
  double value = 0, limit = 0;
  std::string unit, reason;
};

struct Estimates {
  double treated_area_cm2 = 0, treated_area_error_cm2 = 0;  // 1 SD, from the scale error
  double dots_total = 0;
  std::array<double, 3> dots_per_session{};     // cumulative 30 / 70 / 100 %
  std::array<double, 3> minutes_per_session{};  // of that session alone
};

/// A point of the front line, as it is measured on the skin.
struct LineMark {
  Vec2 photo_px{0, 0};
  double along_mm = 0;       // from the mid-frontal point, positive to the subject's left
  double above_brow_mm = 0;  // along the skin, straight up from the level of the glabella
  double set_back_mm = 0;    // how far it lies behind the mid-frontal point
  bool corner = false;       // the fronto-temporal corner
};

/// Where front line and temple line meet. DOMAIN 1.4: it lies on the vertical through the outer corner of the eye, and
/// stays an angle.
struct TempleCorner {
  bool left = false;  // the subject's
  Vec2 photo_px{0, 0};
  double corner_degrees = 0;          // between the two lines, over 15 mm on either side; 180 is no corner at all
  double lean_degrees = 0;            // of the way there from the eye, against that vertical; positive is outwards
  double recession_mm = 0;            // how far it lies behind the mid-frontal point
  std::vector<Vec2> canthus_line_px;  // the vertical on the skin, from the brow's level to the corner's height
};

struct Plan {
  cv::Mat1f density_per_cm2;       // working grid of Head; 0 outside the treatment
  cv::Mat1f hairline_distance_mm;  // working grid; distance behind the line, negative before it, +inf-like 1e6 where no
                                   // line counts
  cv::Mat1f scar_share;            // working grid: how far the skin is scar; empty but for the scar finish
  std::vector<Vec2> hairline_px;   // photo px, subject's right to left; empty when the front is not seen
  std::vector<LineMark> line_marks;   // every 10 mm between the corners, and those, where the camera sees them well
  double mid_frontal_height_mm = 0;   // as measured on the finished line; 0 when unknown
  std::vector<TempleCorner> corners;  // those that the camera sees
  std::vector<RuleCheck> checks;
  Estimates estimates;
};

/// What of a plan hangs on no density: line, regions and distances. As good for every PlanParams with the same
/// ground_params().
struct Ground;
PlanParams ground_params(PlanParams params);
/// `earlier`, when given, must be of the same head: what the new one shares with it is not made again.
std::shared_ptr<const Ground> make_ground(const Head& head, const PlanParams& params, const Ground* earlier, Job& job);
Plan make_plan(const Head& head, const Ground& ground, const PlanParams& params, Job& job);

/// Both in one. Throws Error{no_scalp} when head.found is false and no zone or line was drawn; Error{usage} for
/// unparsable points.
Plan make_plan(const Head& head, const PlanParams& params, Job& job);

}  // namespace stipple
