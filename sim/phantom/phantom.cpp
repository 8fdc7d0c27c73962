// The phantom end to end: anatomy, camera, tracing, shading, hair, lens, truth.
#include "sim/phantom/phantom.h"

#include <opencv2/core/utility.hpp>

#include "sim/phantom/lens.h"
#include "sim/phantom/light.h"
#include "sim/phantom/truth.h"

namespace stipple {
using namespace phantom;

namespace {

cv::Mat3f shaded_picture(const SkinContext& context, const DistanceGrid& grid, const HeadModel& camera,
                         const PhantomParams& params, const std::vector<Hit>& hits, Job& job) {
  const cv::Size size(params.width_px, params.height_px);
  const Lighting lighting = lighting_of(camera, params.light_azimuth_degrees);
  cv::Mat3f picture(size);
  constexpr int rows_per_step = 64;
  for (int top = 0; top < size.height; top += rows_per_step) {
    job.step("lighting the client", static_cast<double>(top) / size.height);
    cv::parallel_for_({top, std::min(top + rows_per_step, size.height)}, [&](const cv::Range& rows) {
      for (int y = rows.start; y < rows.end; ++y)
        for (int x = 0; x < size.width; ++x) {
          const Hit& hit = hits[static_cast<size_t>(y) * static_cast<size_t>(size.width) + static_cast<size_t>(x)];
          const double u = (x + 0.5) / size.width, v = (y + 0.5) / size.height;
          const Rgb c = hit.part == Part::none ? backdrop(u, v, params.light_azimuth_degrees, params.seed)
                                               : shade(context, grid, lighting, params.shine, hit,
                                                       -ray_through(camera, {x + 0.5, y + 0.5}).direction);
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
  cv::Mat3f picture = shaded_picture(context, grid, camera, params, hits, job);
  const cv::Mat1f strands(size, 0.0f);

  Phantom made;
  made.photo.rgb = developed(picture, params.seed);
  made.truth = truth_of(anatomy, regions, grid, camera, hits, strands, params.hair);
  job.step("photographing the client", 1.0);
  return made;
}

}  // namespace stipple
