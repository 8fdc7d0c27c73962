// The standard head in numbers. Landmarks follow ANSUR II means (DOMAIN 5.1) with the origin 23 mm above the tragion;
// the border is the mature hairline of DOMAIN 1.4 (mid-frontal point 70 mm above the glabella), continued round the ear
// and along the nape; its knots are medians over labelled heads of every hair state, fitted with this surface.
#include "sim/head/anatomy.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace stipple {
namespace {

constexpr double degree = std::numbers::pi / 180;

struct BorderKnot {
  double azimuth_degrees, polar_degrees;
};
constexpr BorderKnot border_knots[] = {{0, 39},    {15, 40},     {30, 41},   {37, 42},     {45, 44},
                                       {52, 50},   {60, 63},     {67, 81},   {75, 98},     {82, 92},
                                       {90, 86.5}, {97, 83.5},   {105, 84},  {112, 90},    {120, 103},
                                       {127, 115}, {135, 118.5}, {150, 124}, {165, 127.5}, {180, 128}};

Vec2 chart_at(double azimuth, double polar) { return polar * Vec2(std::sin(azimuth), std::cos(azimuth)); }

std::vector<Vec3> border_curve(const HeadModel& head) {
  std::vector<Vec3> curve;
  for (int i = -180; i < 180; ++i) curve.push_back(head.chart_point(chart_at(i * degree, scalp_end_polar(i * degree))));
  return curve;
}

}  // namespace

LandmarkAnatomy landmark_anatomy(Landmark landmark) {
  switch (landmark) {
    case pupil_left:
      return {{32, -3, 80}, 4};
    case pupil_right:
      return {{-32, -3, 80}, 4};
    case canthus_left:
      return {{46, -4, 70}, 5};
    case canthus_right:
      return {{-46, -4, 70}, 5};
    case nose_tip:
      return {{0, -45, 118}, 6};
    case tragus_left:
      return {{73, -23, 2}, 6};
    case tragus_right:
      return {{-73, -23, 2}, 6};
    case glabella:
      return {{0, 17, 99}, 5};
    default:
      return {{0, -116, 86}, 9};
  }
}

double scalp_end_polar(double azimuth) {
  const double at = std::abs(azimuth) / degree;
  const auto* next = std::upper_bound(std::begin(border_knots), std::end(border_knots) - 1, at,
                                      [](double a, const BorderKnot& knot) { return a < knot.azimuth_degrees; });
  const BorderKnot &low = *(next - 1), &high = *next;
  const double share = (at - low.azimuth_degrees) / (high.azimuth_degrees - low.azimuth_degrees);
  return degree * (low.polar_degrees + share * (high.polar_degrees - low.polar_degrees));
}

BorderPlace border_place(const HeadModel& model, const Vec3& head_mm) {
  const Vec2 chart = model.chart_of(head_mm.cwiseQuotient(model.semi_axes_mm).cwiseProduct(standard_semi_axes_mm));
  const double azimuth = std::atan2(chart.x(), chart.y());
  return {(scalp_end_polar(azimuth) - chart.norm()) * head_mm.norm(), std::abs(azimuth)};
}

std::vector<BorderSample> border_samples(int count, double max_polar, double limit_mm) {
  HeadModel head;
  head.semi_axes_mm = standard_semi_axes_mm;
  const std::vector<Vec3> curve = border_curve(head);

  // A Fibonacci spiral on the sphere for one side, mirrored for the other.
  std::vector<BorderSample> samples;
  const int half = count / 2;
  const double golden = std::numbers::pi * (3 - std::sqrt(5.0)), depth = 1 - std::cos(max_polar);
  for (int i = 0; i < half; ++i) {
    const double polar = std::acos(1 - depth * (i + 0.5) / half);
    const double azimuth = std::numbers::pi * std::fmod(i * golden / std::numbers::pi, 1.0);
    const Vec3 point = head.chart_point(chart_at(azimuth, polar));
    const Vec3 nearest = *std::min_element(curve.begin(), curve.end(), [&](const Vec3& a, const Vec3& b) {
      return (a - point).squaredNorm() < (b - point).squaredNorm();
    });
    const Vec3 normal = head.normal(point), away = point - nearest;
    const Vec3 across = (away - normal * normal.dot(away)).normalized();
    const double distance = std::min(away.norm(), limit_mm);
    const double scalp_mm = polar < scalp_end_polar(azimuth) ? distance : -distance;
    const Vec3 mirror(-1, 1, 1);
    samples.push_back({point, scalp_mm, across});
    samples.push_back({point.cwiseProduct(mirror), scalp_mm, across.cwiseProduct(mirror)});
  }
  return samples;
}

}  // namespace stipple
