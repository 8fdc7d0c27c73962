// What time does to pigment in skin: healing, settling, fading, spreading, and how sure that is.
#pragma once
#include "sim/pigment/pigment.h"

namespace stipple {

inline constexpr double days_per_year = 365.25;
inline constexpr double healed_years = 28 / days_per_year;  // DOMAIN 3.1
inline constexpr double usual_session_gap_days = 14;        // DOMAIN 2.2: 7 to 30 days

/// A dot of one session, at its own age, against the same dot when healed.
struct DotState {
  double mass = 1;      // pigment (with its scab while there is one)
  double diameter = 1;  // of the footprint
  double depth = 1;     // of the topmost pigment: fresh pigment reaches up to the surface
};

/// `age_years` >= 0 since this dot was placed; `scab_days` is when its scab falls off (5 to 10). Healing only: fading
/// and growth are apart.
DotState healing(double age_years, double scab_days);

/// Redness of the skin around fresh dots: 1 on the day, 0 from the third day on (DOMAIN 3.1).
double redness(double age_years);

/// 0 on light to 1 on dark skin, by its typology angle.
double dark_skin_share(double ita_degrees);

/// Factor on the time constant below for skin with this share of scar tissue.
double scar_durability(double scar_tissue);

/// Time constant of the slow fade in years (DOMAIN 3.2); `dark_skin` 0..1 fades slower.
double fade_years(const PigmentParams& params, double dark_skin);

/// Typical share left at `years` with a time constant (`retained` is this with the client's own).
double fade_curve(double years, double tau_years, double scar_tissue);

/// Growth of the diameter in mm since healing.
double growth_mm(double years);

/// Visible pigment of a band against the typical course at params.years, touch-ups included: quantile of a fixed
/// quasi-Monte Carlo sample over take, time constant and growth, so that low <= 1 <= high.
double band_factor(const PigmentParams& params, double tau_years, Band band);

/// When pigment starts its slow fade: losses up to here are part of healing.
inline constexpr double settled_years = 0.5;

}  // namespace stipple
