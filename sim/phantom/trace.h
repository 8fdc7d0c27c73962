// What each pixel sees: sphere tracing of the field through the exact camera.
#pragma once
#include <opencv2/core.hpp>

#include "sim/phantom/camera.h"
#include "sim/phantom/grid.h"

namespace stipple::phantom {

struct Hit {
  Part part = Part::none;
  double t_mm = 0;  // along the ray
  Vec3 point{0, 0, 0}, normal{0, 0, 0};
};

/// The first surface on the ray, within 0.005 mm. Part::none where the ray leaves the lattice's box.
Hit trace(const Anatomy& anatomy, const DistanceGrid& grid, const Ray& ray);

/// Row-major hits at the centres of all pixels.
std::vector<Hit> trace_picture(const Anatomy& anatomy, const DistanceGrid& grid, const HeadModel& camera, cv::Size size,
                               Job& job);

}  // namespace stipple::phantom
