// The phantom end to end: anatomy, camera, tracing, shading, hair, lens, truth.
#include "sim/phantom/phantom.h"

#include <opencv2/core/utility.hpp>

#include "sim/phantom/lens.h"
#include "sim/phantom/strands.h"
#include "sim/phantom/truth.h"

namespace stipple {
using namespace phantom;

namespace {

/// All that a ray's colour depends on.
struct Studio {
  const SkinContext& context;
  const DistanceGrid& grid;
  const Lighting& lighting;
  const HeadModel& camera;
  const PhantomParams& params;

  Rgb colour(const Hit& hit, const Vec2& px) const {
    if (hit.part == Part::none)
      return backdrop(px.x() / params.width_px, px.y() / params.height_px, params.light_azimuth_degrees, params.seed);
    return shade(context, grid, lighting, params.shine, hit, -ray_through(camera, px).direction);
  }
};

/// Whether an outline or crease runs through the pixel: a neighbour of another part, or a jump in depth.
bool on_edge(const std::vector<Hit>& hits, const cv::Size& size, int x, int y) {
  const auto at = [&](int xx, int yy) -> const Hit& {
    return hits[static_cast<size_t>(yy) * static_cast<size_t>(size.width) + static_cast<size_t>(xx)];
  };
  const Hit& here = at(x, y);
  for (const auto& [dx, dy] : {std::pair{-1, 0}, {1, 0}, {0, -1}, {0, 1}}) {
    if (x + dx < 0 || y + dy < 0 || x + dx >= size.width || y + dy >= size.height) continue;
    const Hit& next = at(x + dx, y + dy);
    if (next.part != here.part) return true;
    if (here.part != Part::none && here.normal.dot(next.normal) < 0.75) return true;
  }
  return false;
}

Rgb smoothed_edge(const Studio& studio, int x, int y) {
  Rgb sum = Rgb::Zero();
  for (const Vec2& offset : {Vec2(0.125, 0.375), Vec2(0.375, 0.875), Vec2(0.625, 0.125), Vec2(0.875, 0.625)}) {
    const Vec2 px = Vec2(x, y) + offset;
    sum += studio.colour(trace(studio.context.anatomy, studio.grid, ray_through(studio.camera, px)), px);
  }
  return 0.25 * sum;
}

cv::Mat3f shaded_picture(const Studio& studio, const std::vector<Hit>& hits, Job& job) {
  const cv::Size size(studio.params.width_px, studio.params.height_px);
  cv::Mat3f picture(size);
  constexpr int rows_per_step = 64;
  for (int top = 0; top < size.height; top += rows_per_step) {
    job.step("lighting the client", static_cast<double>(top) / size.height);
    cv::parallel_for_({top, std::min(top + rows_per_step, size.height)}, [&](const cv::Range& rows) {
      for (int y = rows.start; y < rows.end; ++y)
        for (int x = 0; x < size.width; ++x) {
          const Hit& hit = hits[static_cast<size_t>(y) * static_cast<size_t>(size.width) + static_cast<size_t>(x)];
          const Rgb c =
              on_edge(hits, size, x, y) ? smoothed_edge(studio, x, y) : studio.colour(hit, {x + 0.5, y + 0.5});
          picture(y, x) = {static_cast<float>(c[0]), static_cast<float>(c[1]), static_cast<float>(c[2])};
        }
    });
  }
  return picture;
}

}  // namespace

Phantom make_phantom(const PhantomParams& params, Job& job) {
  const Anatomy anatomy = posed(anatomy_of(params.seed), params);
  const Regions regions = regions_of(anatomy, params.seed);
  const Complexion complexion = complexion_of(params.tone, params.seed);
  const HeadModel camera = camera_of(anatomy, params);
  const DistanceGrid grid(anatomy, job);

  const cv::Size size(params.width_px, params.height_px);
  const std::vector<Hit> hits = trace_picture(anatomy, grid, camera, size, job);
  const double pixel_mm = camera.centre_camera_mm.z() / camera.focal_px;
  const SkinContext context{anatomy, regions, complexion, params.hair, static_cast<uint32_t>(params.seed), pixel_mm};
  const Lighting lighting = lighting_of(camera, params.light_azimuth_degrees);
  cv::Mat3f picture = shaded_picture({context, grid, lighting, camera, params}, hits, job);

  job.step("growing hair", 0.0);
  const Salon salon{context, grid, lighting, ray_through(camera, camera.principal_px).origin};
  draw_strands(picture, beard(salon), hits, camera);
  draw_strands(picture, brows_and_lashes(salon), hits, camera);
  const cv::Mat1f strands = draw_strands(picture, scalp_hair(salon), hits, camera);

  Phantom made;
  made.photo.rgb = developed(picture, params.seed);
  made.truth = truth_of(anatomy, regions, grid, camera, hits, strands, params.hair);
  job.step("photographing the client", 1.0);
  return made;
}

}  // namespace stipple
