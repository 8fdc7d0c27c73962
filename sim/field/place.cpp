// Dots of a plan: the points of the head's progressive set whose reach is at least the radius that the plan's density
// asks for where they lie. The set depends on the head and the seed alone, so any change of the plan is a re-selection:
// dots never move, and a local change of density is a local change of dots.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/core.hpp>
#include <opencv2/core/utility.hpp>

#include "sim/core/random.h"
#include "sim/field/field.h"
#include "sim/field/scalp_set.h"
#include "sim/field/spacing.h"
#include "sim/plan/silhouette.h"

namespace stipple {
namespace {

constexpr double tone_cv = 0.12, take_cv = 0.15;  // judgement: practitioners layer two or three shades (DOMAIN 2.5)
constexpr double dark_share = 0.4, dark_tone = 1.5, light_tone = 2.0 / 3;  // of the two shades in a scar, mean 1
constexpr double pair_near_mm = 0.2, pair_far_mm = 0.4;                    // DOMAIN 1.3
constexpr size_t block = 4096;                                             // points per unit of parallel work
constexpr int blocks_per_step = 8;                                         // some milliseconds of work

enum Draw : uint64_t {
  evenness,
  paired,
  pair_angle,
  pair_distance,
  diameter,
  tone = 6,
  take = 8,
  depth = 10,
  hand = 12,
  shade = 13
};

/// The plan's density, read between the pixels of the working grid; what is no density is none.
class DensityMap {
 public:
  DensityMap(const cv::Mat1f& map, double work_scale) : map_(map.clone()), scale_(1 / work_scale) {
    for (float& value : map_) peak_ = std::max(peak_, value = value > 0 && std::isfinite(value) ? value : 0.0f);
  }
  double peak() const { return static_cast<double>(peak_); }
  float at(const Vec2& photo_px) const {
    const double x = photo_px.x() * scale_ - 0.5, y = photo_px.y() * scale_ - 0.5;
    if (!(x > -0.5 && y > -0.5 && x < map_.cols - 0.5 && y < map_.rows - 0.5)) return 0;
    const int x0 = std::max(static_cast<int>(x), 0), y0 = std::max(static_cast<int>(y), 0);
    const int x1 = std::min(x0 + 1, map_.cols - 1), y1 = std::min(y0 + 1, map_.rows - 1);
    const float s = static_cast<float>(std::max(x - x0, 0.0)), t = static_cast<float>(std::max(y - y0, 0.0));
    return (1 - t) * ((1 - s) * map_(y0, x0) + s * map_(y0, x1)) + t * ((1 - s) * map_(y1, x0) + s * map_(y1, x1));
  }

 private:
  cv::Mat1f map_;
  double scale_;
  float peak_ = 0;
};

float lognormal(double cv, uint64_t seed, uint64_t id, uint64_t draw) {
  const double variance = std::log1p(cv * cv);
  return static_cast<float>(std::exp(std::sqrt(variance) * normal(seed, id, draw) - variance / 2));
}

/// A map of shares of 1 at its most; everywhere 1 where there is none.
class ShareMap {
 public:
  ShareMap(const cv::Mat1f& map, double work_scale) : map_(map, work_scale), none_(map.empty()) {}
  bool none() const { return none_; }
  float at(const Vec2& photo_px) const { return none_ ? 1.0f : map_.at(photo_px); }

 private:
  DensityMap map_;
  bool none_;
};

Dot make_dot(const HeadModel& model, const Vec3& head_mm, const Vec2& photo_px, double rank, uint64_t id,
             const FieldParams& params) {
  Dot dot;
  dot.head_mm = head_mm, dot.photo_px = photo_px, dot.px_per_mm = model.px_per_mm(head_mm);
  dot.rank = static_cast<float>(rank), dot.id = id;
  dot.diameter_factor = lognormal(params.size_cv, params.seed, id, diameter);
  dot.tone_factor = lognormal(tone_cv, params.seed, id, tone);
  dot.take_factor = lognormal(take_cv, params.seed, id, take);
  dot.depth_offset = static_cast<float>(normal(params.seed, id, depth));
  return dot;
}

/// The dots of an earlier choice, asked for by rising id.
class Earlier {
 public:
  Earlier(const Field* field, uint64_t first_id) {
    if (!field) return;
    end_ = field->dots.data() + field->dots.size();
    at_ = std::lower_bound(field->dots.data(), end_, first_id, [](const Dot& dot, uint64_t id) { return dot.id < id; });
  }
  /// Null where it was not chosen.
  const Dot* find(uint64_t id) {
    while (at_ != end_ && at_->id < id) ++at_;
    return at_ != end_ && at_->id == id ? at_ : nullptr;
  }

 private:
  const Dot *at_ = nullptr, *end_ = nullptr;
};

/// What turns points into dots; a pure function of the point, its index and the plan.
struct Selector {
  const Head& head;
  const FieldParams& params;
  const DensityMap& density;
  const ShareMap& scar;
  double scale;          // reach2_density()
  const Field* earlier;  // may be null

  void add(const SetPoint& point, uint64_t index, Earlier& known, std::vector<Dot>& dots) const {
    const Vec3 at(static_cast<double>(point.at.x), static_cast<double>(point.at.y), static_cast<double>(point.at.z));
    const uint64_t id = 2 * index;
    const double reach = static_cast<double>(point.reach_mm);
    const double keep = 1 - most_left_out * params.spacing_jitter * uniform(params.seed, id, evenness);
    const double wanted_per_cm2 = scale / (reach * reach * keep);
    if (!(wanted_per_cm2 <= density.peak())) return;
    const Vec3 first = landed(at, id);
    add_where_dense(first, wanted_per_cm2, id, known, dots);
    if (uniform(params.seed, id, paired) < params.doublet_share * pair_delay &&
        pair_delay * wanted_per_cm2 <= density.peak())
      add_where_dense(second_of(first, id), pair_delay * wanted_per_cm2, id + 1, known, dots);
  }

  Vec3 beside(const Vec3& point, double angle, double distance_mm) const {
    const auto [s, t] = head.model.tangents(point);
    return head.model.chart_point(
        head.model.chart_of(point + distance_mm * (std::cos(angle) * s + std::sin(angle) * t)));
  }

  /// Where the hand puts the dot of a place.
  Vec3 landed(const Vec3& place, uint64_t id) const {
    if (params.spacing_jitter == 0) return place;
    return beside(place, 2 * std::numbers::pi * uniform(params.seed, id, hand), hand_mm * params.spacing_jitter);
  }

  Vec3 second_of(const Vec3& first, uint64_t id) const {
    const double angle = 2 * std::numbers::pi * uniform(params.seed, id, pair_angle);
    const double distance = pair_near_mm + (pair_far_mm - pair_near_mm) * uniform(params.seed, id, pair_distance);
    return beside(first, angle, distance);
  }

  /// Scars are done in two shades, single dark dots over a light ground, as skin without depth would show one tone
  /// flat.
  void shade_scar(Dot& dot, uint64_t id) const {
    const double tone = uniform(params.seed, id, shade) < dark_share ? dark_tone : light_tone;
    dot.tone_factor *= static_cast<float>(std::pow(tone, static_cast<double>(dot.scar)));
  }

  void add_where_dense(const Vec3& at, double wanted_per_cm2, uint64_t id, Earlier& known,
                       std::vector<Dot>& dots) const {
    const Vec2 px = head.model.project(at);
    const double here = static_cast<double>(density.at(px));
    if (!(here > 0 && wanted_per_cm2 <= here)) return;
    if (const Dot* dot = known.find(id)) {
      dots.push_back(*dot);
      dots.back().rank = static_cast<float>(wanted_per_cm2 / here);
    } else if (is_in_photo(px) && head.model.faces_camera(at)) {
      dots.push_back(make_dot(head.model, at, px, wanted_per_cm2 / here, id, params));
    } else {
      return;
    }
    dots.back().scar = scar.at(px);
    if (!scar.none()) shade_scar(dots.back(), id);
  }

  bool is_in_photo(const Vec2& px) const {
    return px.x() >= 0 && px.y() >= 0 && px.x() < head.photo_size.width && px.y() < head.photo_size.height;
  }
};

std::vector<Dot> select(const std::vector<SetPoint>& points, const Selector& selector, Job& job) {
  const int blocks = static_cast<int>((points.size() + block - 1) / block);
  std::vector<std::vector<Dot>> parts(static_cast<size_t>(blocks));
  for (int first = 0; first < blocks; first += blocks_per_step) {
    job.step("dots", 0.9 + 0.1 * first / blocks);
    cv::parallel_for_({first, std::min(blocks, first + blocks_per_step)}, [&](const cv::Range& range) {
      for (int b = range.start; b < range.end; ++b) {
        const size_t begin = static_cast<size_t>(b) * block, end = std::min(points.size(), begin + block);
        Earlier known(selector.earlier, 2 * begin);
        for (size_t k = begin; k < end; ++k) selector.add(points[k], k, known, parts[static_cast<size_t>(b)]);
      }
    });
  }
  std::vector<Dot> dots;
  for (const std::vector<Dot>& part : parts) dots.insert(dots.end(), part.begin(), part.end());
  return dots;
}

}  // namespace

Field place_dots(const Head& head, const Plan& plan, const FieldParams& params, Job& job, const Field* earlier) {
  const DensityMap density(over_silhouette(head, plan.density_per_cm2), head.work_scale);
  if (!(density.peak() > 0)) return {};
  const ShareMap scar(plan.scar_share, head.work_scale);
  const Selector selector{head,
                          params,
                          density,
                          scar,
                          reach2_density(params),
                          scar.none() && earlier && !earlier->two_shades ? earlier : nullptr};
  return with_scalp_set(head.model, params.seed, [&](ScalpSet& set) {
    const std::vector<SetPoint>& points = set.down_to(least_reach_mm(density.peak(), params), job);
    return Field{select(points, selector, job), !scar.none()};
  });
}

}  // namespace stipple
