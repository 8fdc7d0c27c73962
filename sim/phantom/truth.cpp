// Classes from the anatomy, areas from depth and normal, and the superellipsoid that fits the scalp best.
#include "sim/phantom/truth.h"

#include <Eigen/Dense>
#include <array>

namespace stipple::phantom {
namespace {

constexpr double hair_class_share = 0.35;   // of full density: above it a pixel counts as hair
constexpr float strand_class_cover = 0.5f;  // of a pixel, off the scalp

uint8_t class_of(const Regions& regions, PhantomHair hair, const Hit& hit, float cover) {
  const bool covered = cover > strand_class_cover;
  if (hit.part == Part::head && mm_inside_hairline(regions, hit.point) > 0)
    return covered || hair_share(regions, hair, hit.point) > hair_class_share ? Class::hair_on_scalp
                                                                              : Class::bare_scalp;
  if (covered) return Class::hair_on_scalp;
  return hit.part == Part::none || hit.part == Part::garment ? Class::other : Class::face_skin;
}

double facing_of(const HeadModel& camera, const Hit& hit) {
  const Vec3 c = camera.head_to_camera * hit.point + camera.centre_camera_mm;
  return std::max(-(camera.head_to_camera * hit.normal).dot(c) / c.norm(), 1e-4);
}

/// mm2 of surface that would face the camera squarely, per pixel: t^2 times the pixel's solid angle
/// cos^3(off-axis)/f^2.
double frontal_area_per_px(const HeadModel& camera, const Hit& hit) {
  const Vec3 c = camera.head_to_camera * hit.point + camera.centre_camera_mm;
  return c.z() * c.z() * (c.z() / c.norm()) / (camera.focal_px * camera.focal_px);
}

/// Mean of 1/facing over a pixel. Towards a silhouette facing^2 falls linearly, by `slope` per pixel, so the mean has a
/// closed form; the sliver seen by the next pixel, whose centre misses, is counted in, so that sums over pixels are
/// sums over the surface.
double mean_inverse_facing(double facing, double slope) {
  const double s = facing * facing / std::max(slope, 1e-12);  // pixels to the silhouette
  if (s > 2) return 1 / facing;
  const double scale = 2 / std::sqrt(slope);
  return s < 0.5 ? scale * (std::sqrt(0.5 + s) + std::sqrt(0.5 - s))
                 : scale * (std::sqrt(s + 0.5) - std::sqrt(s - 0.5));
}

/// How fast facing^2 changes per pixel, from the neighbours on the same surface.
double facing_slope(const HeadModel& camera, const std::vector<Hit>& hits, cv::Size size, int x, int y) {
  const auto at = [&](int xx, int yy) -> const Hit* {
    if (xx < 0 || yy < 0 || xx >= size.width || yy >= size.height) return nullptr;
    return &hits[static_cast<size_t>(yy) * static_cast<size_t>(size.width) + static_cast<size_t>(xx)];
  };
  const Hit& here = *at(x, y);
  const double f2 = std::pow(facing_of(camera, here), 2);
  const auto change = [&](int dx, int dy) {
    double sum = 0, count = 0;
    for (const int side : {-1, 1}) {
      const Hit* next = at(x + side * dx, y + side * dy);
      if (!next || next->part != here.part || next->normal.dot(here.normal) < 0.7) continue;
      sum += side * (std::pow(facing_of(camera, *next), 2) - f2), ++count;
    }
    return count > 0 ? sum / count : 0.0;
  };
  return std::hypot(change(1, 0), change(0, 1));
}

/// Semi-axes of the HeadModel surface nearest to the scalp in least squares of the radial distance: Gauss-Newton on the
/// logarithms of the axes.
Vec3 fit_vault(const Anatomy& an, const Regions& regions) {
  std::vector<Vec3> scalp;
  constexpr int directions = 1200;
  for (int i = 0; i < directions; ++i) {
    const double polar = std::acos(1 - 2 * (i + 0.5) / directions),
                 azimuth = std::remainder(2.399963229728653 * i, 2 * M_PI);
    if (polar < regions.hairline(azimuth)) scalp.push_back(skin_point(an, azimuth, polar));
  }
  const auto surface = [](const Vec3& log_axes) {
    HeadModel model;
    model.semi_axes_mm = log_axes.array().exp();
    return model;
  };
  const auto outside_mm = [](const HeadModel& model, const Vec3& p) { return p.norm() * (1 - 1 / model.norm(p)); };
  constexpr double step = 1e-4;
  Vec3 log_axes = an.vault_mm.array().log();
  for (int round = 0; round < 12; ++round) {
    const HeadModel here = surface(log_axes);
    const std::array<HeadModel, 3> beside{surface(log_axes + step * Vec3::UnitX()),
                                          surface(log_axes + step * Vec3::UnitY()),
                                          surface(log_axes + step * Vec3::UnitZ())};
    Mat3 hessian = Mat3::Zero();
    Vec3 gradient = Vec3::Zero();
    for (const Vec3& p : scalp) {
      const double error = outside_mm(here, p);
      Vec3 j;
      for (int k = 0; k < 3; ++k) j[k] = (outside_mm(beside[static_cast<size_t>(k)], p) - error) / step;
      hessian += j * j.transpose(), gradient += error * j;
    }
    log_axes -= hessian.ldlt().solve(gradient);
  }
  return log_axes.array().exp();
}

LandmarkPoint landmark(const Anatomy& an, const DistanceGrid& grid, const HeadModel& camera, const Vec3& p) {
  // Seen when the ray to it meets nothing more than 3 mm before it.
  const Vec2 px = project_px(camera, p);
  const Ray ray = ray_through(camera, px);
  const Hit hit = trace(an, grid, ray);
  const bool seen = hit.part != Part::none && hit.t_mm > (p - ray.origin).norm() - 3.0;
  return {px, seen ? 1.0 : 0.0};
}

}  // namespace

PhantomTruth truth_of(const Anatomy& an, const Regions& regions, const DistanceGrid& grid, const HeadModel& camera,
                      const std::vector<Hit>& hits, const cv::Mat1f& strands, PhantomHair hair) {
  PhantomTruth truth;
  const cv::Size size = strands.size();
  truth.classes = cv::Mat1b::zeros(size);
  truth.normal = cv::Mat3f::zeros(size);
  truth.head_mm = cv::Mat3f::zeros(size);
  truth.area_mm2_per_px = cv::Mat1f::zeros(size);
  cv::parallel_for_({0, size.height}, [&](const cv::Range& rows) {
    for (int y = rows.start; y < rows.end; ++y)
      for (int x = 0; x < size.width; ++x) {
        const Hit& hit = hits[static_cast<size_t>(y) * static_cast<size_t>(size.width) + static_cast<size_t>(x)];
        truth.classes(y, x) = class_of(regions, hair, hit, strands(y, x));
        if (hit.part == Part::none || hit.part == Part::garment) continue;
        const Eigen::Vector3f n = hit.normal.cast<float>(), p = hit.point.cast<float>();
        truth.normal(y, x) = {n.x(), n.y(), n.z()};
        truth.head_mm(y, x) = {p.x(), p.y(), p.z()};
        truth.area_mm2_per_px(y, x) =
            static_cast<float>(frontal_area_per_px(camera, hit) *
                               mean_inverse_facing(facing_of(camera, hit), facing_slope(camera, hits, size, x, y)));
      }
  });
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x)
      if (is_scalp(truth.classes(y, x)))
        truth.scalp_area_cm2 += 0.01 * static_cast<double>(truth.area_mm2_per_px(y, x));

  truth.camera = camera;
  truth.camera.semi_axes_mm = fit_vault(an, regions);
  truth.px_per_mm = camera.focal_px / camera.centre_camera_mm.z();

  const auto mirrored = [](const Vec3& p) { return Vec3(-p.x(), p.y(), p.z()); };
  const auto place = [&](Landmark which, const Vec3& p) { truth.landmarks[which] = landmark(an, grid, camera, p); };
  const Vec3 right_pupil = mirrored(eye_centre(an)) + eyeball_radius_mm * gaze(an);
  place(pupil_left, pupil(an)), place(pupil_right, right_pupil);
  place(canthus_left, lateral_canthus(an)), place(canthus_right, mirrored(lateral_canthus(an)));
  place(tragus_left, tragus(an)), place(tragus_right, mirrored(tragus(an)));
  place(Landmark::nose_tip, phantom::nose_tip(an));
  place(Landmark::glabella, phantom::glabella(an));
  place(Landmark::chin, menton(an));
  for (const Vec3& p : frontal_hairline(an, regions)) truth.hairline_px.push_back(project_px(camera, p));
  return truth;
}

}  // namespace stipple::phantom
