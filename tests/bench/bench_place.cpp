// Placement: growing a head's progressive set, and choosing dots from it when the plan changes.
//   bench_place                    own figures, medians of several runs
//   bench_place PROBLEM SEED OUT   one flat problem of a placement benchmark (-DSTIPPLE_POISSON_BENCH_DIR=..., the
//   folder
//                                  of its problem.hpp), to be run interleaved with other samplers
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include "sim/field/field.h"
#include "sim/field/progressive.h"

#if __has_include("problem.hpp")
#include "problem.hpp"
#define HAVE_PROBLEMS 1
#endif

using namespace stipple;

namespace {

#ifdef HAVE_PROBLEMS
/// The unit square with its mask. Corners of a larger square enclose it; a face without area closes the mesh.
struct FlatSurface {
  const work::Problem& problem;

  static constexpr bool is_flat = true;
  double area_mm2() const { return 1; }
  Point3 random_place(double s, double t) const { return {static_cast<float>(s), static_cast<float>(t), 0}; }
  StartMesh start(uint64_t, double) const {
    return {{{{-4, -4, 0}, 0}, {{5, -4, 0}, 0}, {{5, 5, 0}, 0}, {{-4, 5, 0}, 0}},
            {{{0, 1, 2}, {2, 1, 2}}, {{0, 2, 3}, {2, 2, 0}}, {{0, 0, 0}, {2, 2, 2}}}};
  }
  Point3 at(const Point3& near) const { return near; }
  bool inside(const Point3& p) const { return problem.inside(static_cast<double>(p.x), static_cast<double>(p.y)); }
  double orientation(const Point3& a, const Point3& b, const Point3& c) const {
    const double ax = static_cast<double>(b.x) - static_cast<double>(a.x),
                 ay = static_cast<double>(b.y) - static_cast<double>(a.y);
    return ax * (static_cast<double>(c.y) - static_cast<double>(a.y)) -
           ay * (static_cast<double>(c.x) - static_cast<double>(a.x));
  }
  double least_reach_mm(const Point3& p, double around) const {
    return problem.radius(static_cast<double>(p.x) - around, 0);
  }
};

std::vector<work::Pt> solve(const work::Problem& problem, uint64_t seed) {
  // Start six octaves above the largest radius, as on a head, with the smallest in the middle of its round.
  const double octaves = 6 + std::log2(problem.rmax() / problem.rmin());
  const double first = problem.rmin() * std::exp2(octaves - 0.5 / rounds_per_octave);
  const FlatSurface surface{problem};
  Progression<FlatSurface> set(surface, seed, first);
  set.expect(static_cast<size_t>(0.76 * problem.demand(64)));
  while (set.rounds() == 0 || round_radius_mm(first, set.rounds() - 1) > problem.rmin()) set.grow();
  std::vector<work::Pt> chosen;
  for (const SetPoint& p : set.points())
    if (static_cast<double>(p.reach_mm) >= problem.radius(static_cast<double>(p.at.x), static_cast<double>(p.at.y)))
      chosen.push_back({p.at.x, p.at.y});
  return chosen;
}
#endif

double now_ms() {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

Head head_from_above() {
  Head head;
  head.photo_size = {4000, 3000};
  head.work_scale = 4;
  head.model.head_to_camera << 1, 0, 0, 0, 0, 1, 0, -1, 0;
  head.model.focal_px = 9000;
  head.model.principal_px = {2000, 1500};
  return head;
}

void own_figures() {
  const Head head = head_from_above();
  Plan plan;
  std::vector<double> grow, choose;
  size_t dots = 0;
  for (uint64_t round = 0; round < 9; ++round) {
    FieldParams params;
    params.seed = round;
    Job job;
    plan.density_per_cm2 = cv::Mat1f(750, 1000, 300.0f);
    double start = now_ms();
    dots = place_dots(head, plan, params, job).dots.size();
    grow.push_back((now_ms() - start) * 1e5 / static_cast<double>(dots));
    plan.density_per_cm2 = 290.0f;
    start = now_ms();
    dots = place_dots(head, plan, params, job).dots.size();
    choose.push_back((now_ms() - start) * 1e5 / static_cast<double>(dots));
  }
  std::sort(grow.begin(), grow.end()), std::sort(choose.begin(), choose.end());
  std::printf("%zu dots; per 100,000 dots: new head %.1f ms, changed plan %.1f ms (min %.1f)\n", dots, grow[4],
              choose[4], choose[0]);
}

}  // namespace

int main(int argc, char** argv) {
#ifdef HAVE_PROBLEMS
  if (argc > 1) return work::main_for(argc, argv, solve);
#endif
  (void)argv;
  if (argc > 1) {
    std::fprintf(stderr, "bench_place: built without problems; configure with -DSTIPPLE_POISSON_BENCH_DIR=FOLDER\n");
    return 2;
  }
  own_figures();
}
