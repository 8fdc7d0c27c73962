// Photo + Head -> Photo with the remaining hair cut to stubble: what a barber does before a shaven look is judged.
#pragma once
#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <vector>

#include "sim/core/fields.h"
#include "sim/core/job.h"
#include "sim/head/head.h"
#include "sim/photo/photo.h"

namespace stipple {

struct ShaveParams {
  double strength = 1;           // 0 keeps the hair, 1 takes it off
  double stubble_mm = 0.5;       // 0.3 a day after the razor, 0.5 zero-guard clippers (DOMAIN 1.2)
  double density_per_cm2 = 130;  // follicles where hair is dense
  // What-ifs: the share of the hair that ten years do this to, growing evenly from today.
  double greying = 0;       // turns grey, wherever it stands
  double further_loss = 0;  // is lost on top, at the temples and the crown; the sides and the back keep theirs
  bool operator==(const ShaveParams&) const = default;

  template <class P, class V>
  static void fields(P& p, V&& visit) {
    visit(number("shave", "", 0, 1, "How far remaining hair is cut to stubble in a shaven look; 0 keeps it."),
          p.strength);
    visit(number("stubble_length", "mm", 0.1, 2, "Length of the stubble that stays."), p.stubble_mm);
    visit(number("stubble_density", "1/cm2", 0, 300, "The client's own follicles per square centimetre."),
          p.density_per_cm2);
    visit(number("greying", "", 0, 1, "What if: share of the client's hair that turns grey within ten years."),
          p.greying);
    visit(number("further_loss", "", 0, 1,
                 "What if: share of the client's hair on top, temples and crown that is lost within ten years."),
          p.further_loss);
  }
};

/// The same with `greying` and `further_loss` as far as they have come after `years`.
ShaveParams at_years(const ShaveParams& params, double years);

/// The client's own hair against the skin under it.
struct HairLook {
  double light = 1;       // luminance of the hair over that of the skin: near 0 black on pale skin, 1 and above white
  bool cropped = false;   // so short that skin shows through it, as stubble does
  bool stubble = false;   // shorter still: strands fill little of the picture
  double mean_light = 1;  // luminance of the haired scalp, skin and hair together, over that of the skin
};
/// Nothing where no hair is seen.
std::optional<HairLook> look_of_hair(const Photo& photo, const Head& head);

struct Shaven {
  Photo photo;                     // shares its pixels with the input when nothing was shaved
  cv::Mat1b hair_matte;            // photo grid, as Head::hair_matte; 0 where hair was taken off
  double confidence = 0;           // 0..1 that the result would be taken for a photo; below 0.5 the hair stays
  std::vector<std::string> notes;  // what was done, or why not, in plain words
  std::optional<HairLook> hair;    // where it was looked at
};

/// Hair whose shaven look nobody could tell from this photo: it stays.
bool hair_stays(const Shaven& shaven);

/// Pixels outside the hair and a seam of a few millimetres keep their bytes. Hair that is short already, or so long
/// that what lies behind it is anybody's guess, stays, but for the shares that turn grey and that are lost. Needs
/// head.found; without it nothing changes.
Shaven shave(const Photo& photo, const Head& head, const ShaveParams& params, Job& job);

}  // namespace stipple
