// Field + time -> Deposit -> composite: shades, healing, fading and the optics of pigment in skin (DESIGN 4,
// DOMAIN 2.3, 3, 4).
#pragma once
#include <array>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "sim/core/fields.h"
#include "sim/core/job.h"
#include "sim/field/field.h"
#include "sim/head/head.h"
#include "sim/photo/photo.h"

namespace stipple {

enum class Band { low, typical, high };  // p10, p50, p90 of what remains
inline constexpr std::array<std::string_view, 3> band_names{"low", "typical", "high"};

struct PigmentParams {
  std::string pigment = "carbon";  // name in assets/pigments.json
  double shade_parts_water = 0;    // N parts water to 1 part pigment: small is dark (4..60); 0 = as advised
  double years = 0.25;             // since the last session; 0 = just done, 0.08 = healed
  int sessions = 3;                // sessions done, 0..3
  std::vector<double> session_days{0, 14, 28};  // when the sessions are, counted from the first
  std::vector<double> touch_ups;                // years after the last session at which pigment is put in again
  double touch_up_share = 0.35;                 // pigment of one touch-up against the whole course
  double dot_diameter_mm = 0.13;                // healed
  double depth_mm = 0.4;                        // of the visible pigment
  double depth_sd_mm = 0.08;
  double sun = 0;              // -1 careful (SPF, hats) .. 1 strong sun
  double scar_tissue = 0;      // 0..1
  double matt = 0;             // 0 keeps the photo's shine, 1 takes it off
  double fade_rate = 1;        // of this client against the usual course: 2 fades twice as fast
  double fade_rate_sd = 0.33;  // standard deviation of its logarithm; photos of the healed result narrow it
  Band band = Band::typical;
  bool operator==(const PigmentParams&) const = default;

  template <class P, class V>
  static void fields(P& p, V&& visit) {
    visit(text("pigment", "Pigment by its name in pigments.json."), p.pigment);
    visit(number_or_auto("shade", "parts water", 3, 80,
                         "Dilution N:1; small is dark, large is light; auto matches the client's skin and hair."),
          p.shade_parts_water);
    visit(number("years", "y", 0, 30, "Years since the last session; 0 is the same day."), p.years);
    visit(number("sessions", "", 0, 3, "Sessions done so far."), p.sessions);
    visit(number("session_days", "d", 0, 1000, "Days of the sessions, as in 0,14,28."), p.session_days);
    visit(number("touch_ups", "y", 0.1, 30, "Later touch-ups, in years after the last session, as in 3,6."),
          p.touch_ups);
    visit(number("touch_up_share", "", 0.05, 1, "Pigment of one touch-up against that of the whole course."),
          p.touch_up_share);
    visit(number("dot_diameter", "mm", 0.05, 0.6, "Diameter of one healed dot."), p.dot_diameter_mm);
    visit(number("depth", "mm", 0.1, 1.5, "Depth of the pigment below the surface."), p.depth_mm);
    visit(number("depth_sd", "mm", 0, 0.4, "How much the depth varies from dot to dot."), p.depth_sd_mm);
    visit(number("sun", "", -1, 1, "-1 careful with the sun, 1 much sun."), p.sun);
    visit(number("scar_tissue", "", 0, 1, "How scarred the skin is: less take, faster fading."), p.scar_tissue);
    visit(number("matt", "", 0, 1, "How much of the skin's shine a matt lotion takes off."), p.matt);
    visit(number("fade_rate", "", 0.25, 4, "This client's speed of fading against the usual one."), p.fade_rate);
    visit(number("fade_rate_sd", "", 0.02, 0.6, "How unsure that speed is: standard deviation of its logarithm."),
          p.fade_rate_sd);
    visit(choice("band", band_names, "Low, typical or high remaining pigment."), p.band);
  }
};

/// One dot as pigment in the skin at the asked time, on the photo's pixel grid.
struct Stamp {
  float x_px, y_px;  // centre, photo px; pixel centres at integers + 0.5
  float mass_px2;    // integral of absorbance over photo pixels (unit: pixel areas)
  // Covariance of the footprint in px2: pigment, its projection, the blur u of the skin above it and of the camera
  // (without the pixel box, which adds 1/12 px2). Blurring spreads absorbance, so mass_px2 is chosen such that the
  // light that an isolated dot takes away stays what it is in the skin, at any zoom.
  float cov_xx, cov_xy, cov_yy;
};

/// Everything the optics need; the same struct feeds the CPU reference and the GPU.
struct Deposit {
  std::vector<Stamp> stamps;
  Rgb extinction{1, 1, 1};         // e_c per unit absorbance
  Rgb below_share{0.5, 0.5, 0.5};  // w_c: remitted light that has been below the pigment
  Rgb wash{0, 0, 0};     // absorbance of skin between dots per unit of local cover: pigment dust; blood while fresh
  double px_per_mm = 0;  // where the dots are, for the diffusion profile of skin
  double matt = 0;
};

/// The dilution where none is chosen and nothing advises one.
inline constexpr double usual_parts_water = 20;

/// `photo` tells how sharp the camera was; dots are drawn no sharper. Throws Error{usage} for an unknown pigment or
/// values out of range.
Deposit make_deposit(const Photo& photo, const Head& head, const Field& field, const PigmentParams& params, Job& job);
/// The same where the standard deviation of the camera's blur is known, as camera_blur_px() measures it.
Deposit make_deposit(double camera_blur_px, const Head& head, const Field& field, const PigmentParams& params,
                     Job& job);

/// Remission ratio and composite (CPU reference). Pixels that no stamp reaches are bit-identical to the photo: a stamp
/// reaches as far as its footprint and the light that skin spreads around it (reach_mm).
inline constexpr double reach_mm = 4.5;
Photo composite(const Photo& photo, const Head& head, const Deposit& deposit, Job& job);
/// The same in linear light, before it is decided what is worth a change and rounded to codes: what a GPU is held
/// against.
cv::Mat3f composite_light(const Photo& photo, const Head& head, const Deposit& deposit, Job& job);

/// A named step of the client-facing shade ladder (DOMAIN 2.3): geometric in N.
struct Shade {
  std::string name;
  double parts_water;
};
const std::vector<Shade>& shade_ladder();
/// "20", "12.5" or a ladder name; throws Error{usage} naming the choices.
double shade_by_name(const std::string& name);

/// Relative pigment left at `years`, against the healed state, for a band (DOMAIN 3.2), touch-ups until then included:
/// at most 1, and touch_up_share more for each.
double retained(double years, const PigmentParams& params, Band band);

}  // namespace stipple
