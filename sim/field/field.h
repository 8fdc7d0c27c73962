// Plan -> Field: ranked dots on the head's surface. Raising density adds dots and moves none; sessions are prefixes.
#pragma once
#include <cstdint>
#include <vector>

#include "sim/core/fields.h"
#include "sim/core/job.h"
#include "sim/head/head.h"
#include "sim/plan/plan.h"

namespace stipple {

struct FieldParams {
  uint64_t seed = 1;
  double size_cv = 0.18;        // coefficient of variation of dot mass-equivalent diameter (DOMAIN 0)
  double doublet_share = 0.12;  // share of dots with a second one 0.2-0.4 mm away (DOMAIN 1.3)
  // 0 = as even as blue noise gets, 1 = as uneven as a hand makes it (spacing.h; tests/bench/bench_dots.cpp measures it
  // on photos of results).
  double spacing_jitter = 1;
  bool operator==(const FieldParams&) const = default;

  template <class P, class V>
  static void fields(P& p, V&& visit) {
    visit(number("seed", "", 0, 9.0e15, "Same seed, same dots."), p.seed);
    visit(number("size_cv", "", 0, 0.5, "How much dot diameters vary."), p.size_cv);
    visit(number("doublet_share", "", 0, 0.5, "Share of dots that come as pairs."), p.doublet_share);
    visit(number("spacing_jitter", "", 0, 1, "How uneven the spacing is."), p.spacing_jitter);
  }
};

/// One dot. `rank` in (0, 1]: the share of the plan's density at which it appears, so a course that has reached share s
/// shows the dots with rank <= s. Variation factors are drawn per dot and never change.
struct Dot {
  Vec3 head_mm{0, 0, 0};              // on the surface
  Vec2 photo_px{0, 0};                // where it is seen
  Mat2 px_per_mm = Mat2::Identity();  // how large: HeadModel::px_per_mm there
  float rank = 1;
  float diameter_factor = 1;  // about 1
  float tone_factor = 1;      // about 1, pigment load
  float take_factor = 1;      // about 1, how well it heals in
  float depth_offset = 0;     // standard normal, scaled by PigmentParams::depth_sd_mm
  float scar = 1;             // share of PigmentParams::scar_tissue in the skin here
  uint64_t id = 0;            // stable across edits of the plan
};

/// Sorted by id. Only dots that the camera sees.
struct Field {
  std::vector<Dot> dots;
  bool two_shades = false;  // as a scar is done
  double share_of(int session) const { return session <= 0 ? 0.0 : session == 1 ? 0.3 : session == 2 ? 0.7 : 1.0; }
};

/// `earlier`, when given, must be of the same head and params under any plan: dots that both have are taken from it,
/// which changes nothing but the time.
Field place_dots(const Head& head, const Plan& plan, const FieldParams& params, Job& job,
                 const Field* earlier = nullptr);

}  // namespace stipple
