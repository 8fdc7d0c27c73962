// Strings the steps of head analysis together: parse, choose the head, refine edges, fit the surface, measure.
#include "sim/head/head.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numbers>
#include <opencv2/imgproc.hpp>

#include "sim/core/error.h"
#include "sim/head/anatomy.h"
#include "sim/head/certainty.h"
#include "sim/head/corrections.h"
#include "sim/head/fit.h"
#include "sim/head/forehead.h"
#include "sim/head/matte.h"
#include "sim/head/parse.h"
#include "sim/head/refine.h"
#include "sim/head/regions.h"
#include "sim/head/scale.h"
#include "sim/head/skin.h"

namespace stipple {
namespace {

constexpr int work_side_px = 1024;
constexpr double least_scalp_share = 0.0015;  // of the photo

constexpr const char* draw_hint = "draw the scalp by hand in the viewer or give --set labels=LABELS.png";

cv::Mat3b reduced_rgb(const Photo& photo, const cv::Size& size) {
  cv::Mat reduced;
  cv::resize(photo.rgb, reduced, size, 0, 0, cv::INTER_AREA);
  if (reduced.depth() == CV_16U) reduced.convertTo(reduced, CV_8U, 1 / 257.0);
  return reduced;
}

int count(const cv::Mat1b& classes, Class c) { return cv::countNonZero(mask_of(classes, {c})); }

/// Whether there is a scalp worth treating; says in the notes what is missing.
bool scalp_is_there(Head& head, int heads) {
  const int scalp = count(head.classes, bare_scalp) + count(head.classes, hair_on_scalp);
  const int covered = count(head.classes, hat);
  if (scalp >= least_scalp_share * static_cast<double>(head.classes.total()) && scalp * 4 > covered) return true;
  if (heads == 0)
    head.notes.push_back(std::string("no head found: ") + draw_hint);
  else if (covered > scalp)
    head.notes.push_back("the head is covered: take a photo without the hat or cap");
  else
    head.notes.push_back(std::string("no scalp found on the head: ") + draw_hint);
  return false;
}

cv::Rect box_on_photo(const Head& head, std::initializer_list<Class> wanted) {
  const cv::Rect box = cv::boundingRect(mask_of(head.classes, wanted));
  const double sx = static_cast<double>(head.photo_size.width) / head.classes.cols;
  const double sy = static_cast<double>(head.photo_size.height) / head.classes.rows;
  const cv::Point low(static_cast<int>(box.x * sx), static_cast<int>(box.y * sy));
  const cv::Point high(cvCeil(box.br().x * sx), cvCeil(box.br().y * sy));
  return cv::Rect(low, high) & cv::Rect({0, 0}, head.photo_size);
}

/// The scalp's mask with its outline against the background moved out by `margin_mm`: a surface that stands a pixel
/// beyond the outline there still is scalp, and near the silhouette a pixel is a tenth of the head.
cv::Mat1b scalp_with_margin(const Head& head, double margin_mm) {
  cv::Mat1b scalp = mask_of(head.classes, {bare_scalp, hair_on_scalp}), wide;
  const int radius = std::max(1, cvRound(margin_mm * head.scale.px_per_mm / head.work_scale));
  cv::dilate(scalp, wide, cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * radius + 1, 2 * radius + 1}));
  wide.copyTo(scalp, mask_of(head.classes, {other}));
  return scalp;
}

/// Summed over the surface, not over pixels: towards the silhouette a pixel's share of skin has no bound.
double scalp_area_cm2(const Head& head) {
  const cv::Mat1b scalp = scalp_with_margin(head, 4);
  constexpr int azimuths = 360, polars = 160;
  constexpr double deepest = 2.8, turn = 2 * std::numbers::pi / azimuths, step = deepest / polars;
  const auto at = [&](double azimuth, double polar) {
    return head.model.chart_point(polar * Vec2(std::sin(azimuth), std::cos(azimuth)));
  };
  double area_mm2 = 0;
  for (int i = 0; i < azimuths; ++i) {
    Vec3 low_left = at(i * turn, 0), low_right = low_left;
    for (int j = 0; j < polars; ++j) {
      const Vec3 left = at(i * turn, (j + 1) * step), right = at((i + 1) * turn, (j + 1) * step);
      const Vec3 middle = 0.25 * (left + right + low_left + low_right);
      const Vec2 grid = head.model.project(middle) / head.work_scale;
      const cv::Point pixel(cvFloor(grid.x()), cvFloor(grid.y()));
      if (cv::Rect({0, 0}, head.classes.size()).contains(pixel) && scalp(pixel) && head.model.faces_camera(middle))
        area_mm2 += 0.5 * (right - low_left).cross(left - low_right).norm();
      low_left = left;
      low_right = right;
    }
  }
  return area_mm2 / 100;
}

/// The model widened about its centre, by 4 % at the most, until no bare scalp stands outside its silhouette: a rim
/// without surface would stay without dots. Hair may stand off and does not count.
HeadModel covering_scalp(const Head& head) {
  constexpr double most = 1.04, step = 0.005, allowed_outside = 0.005;
  constexpr int stride = 3;
  std::vector<Vec2> scalp;
  for (int y = 0; y < head.classes.rows; y += stride)
    for (int x = 0; x < head.classes.cols; x += stride)
      if (head.classes(y, x) == bare_scalp) scalp.push_back(Vec2(x + 0.5, y + 0.5) * head.work_scale);
  HeadModel model = head.model;
  for (double factor = 1; factor <= most; factor += step) {
    model.semi_axes_mm = factor * head.model.semi_axes_mm;
    const auto outside =
        std::count_if(scalp.begin(), scalp.end(), [&](const Vec2& px) { return !model.intersect(px).has_value(); });
    if (static_cast<double>(outside) <= allowed_outside * static_cast<double>(scalp.size())) break;
  }
  return model;
}

/// Refuses a stated size that no head has: everything after counts in millimetres.
void check_size(const HeadModel& model) {
  constexpr double narrowest_mm = 80, widest_mm = 300;
  const double breadth_mm = 2 * model.semi_axes_mm.x();
  if (breadth_mm >= narrowest_mm && breadth_mm <= widest_mm) return;
  char problem[100];
  std::snprintf(problem, sizeof problem, "the stated scale makes the head %.3g mm wide", breadth_mm);
  throw Error(ErrorKind::usage, "mm_per_px or marker", problem, "state it again, or leave it out to have it measured");
}

/// Landmarks that were not seen get the place where the fitted head has them, marked as not seen.
void complete_landmarks(Head& head) {
  const Vec3 ratio = head.model.semi_axes_mm.cwiseQuotient(standard_semi_axes_mm);
  for (int l = 0; l < landmark_count; ++l) {
    LandmarkPoint& point = head.landmarks[static_cast<size_t>(l)];
    if (point.confidence >= 0.3) continue;
    point = {head.model.project(landmark_anatomy(static_cast<Landmark>(l)).head_mm.cwiseProduct(ratio)), 0.0};
  }
}

FitInput fit_input(const Photo& photo, const Head& head, const Parsed& parsed, const HeadParams& params) {
  FitInput input;
  input.classes = head.classes;
  input.work_scale = head.work_scale;
  input.photo_size = head.photo_size;
  input.landmarks = head.landmarks;
  input.view_probability = parsed.view_probability;
  input.view_probability[static_cast<size_t>(View::unknown)] = 0;
  if (params.view > 0) {
    input.view_probability.fill(0);
    input.view_probability[static_cast<size_t>(params.view - 1)] = 1;
  }
  const double diagonal = std::hypot(head.photo_size.width, head.photo_size.height);
  if (photo.focal_length_35mm_mm) input.focal_px = *photo.focal_length_35mm_mm / 43.27 * diagonal;
  return input;
}

/// Classes and landmarks of the largest head; returns how many heads there are. Strokes come before the choice of the
/// head, which they may join or part, and after it, so that no small one is taken for noise.
int label_client(Head& head, const Parsed& parsed, const cv::Mat3b& work_rgb, const HeadParams& params) {
  constexpr double edge_share = 0.012, flat_variance = 2e-3;
  const std::vector<Stroke> strokes = parse_corrections(params.corrections);
  head.classes = cv::Mat1b(work_rgb.size(), static_cast<uint8_t>(other));
  if (strokes.empty() && parsed.view_probability[static_cast<size_t>(View::unknown)] >= most_doubt) return 0;
  const double edge_px = edge_share * std::max(work_rgb.cols, work_rgb.rows);
  const auto classes_of = [&](const std::array<cv::Mat1f, 5>& probability) {
    return likeliest(parsed.by_hand ? probability : refined(probability, work_rgb, edge_px, flat_variance));
  };
  cv::Mat1b seen = classes_of(parsed.probability);
  paint_corrections(strokes, seen);
  const Regions regions = largest_head(seen);
  head.classes = regions.classes;
  head.bystanders = cv::Mat1b(work_rgb.size(), static_cast<uint8_t>(other));
  for (const std::array<cv::Mat1f, 5>& probability : parsed.bystanders) {
    const cv::Mat1b theirs = largest_head(classes_of(probability)).classes;
    theirs.copyTo(head.bystanders,
                  (theirs != static_cast<uint8_t>(other)) & (head.classes == static_cast<uint8_t>(other)));
  }
  paint_corrections(strokes, head.classes);
  head.landmarks = parsed.landmarks;
  for (LandmarkPoint& point : head.landmarks) point.photo_px *= head.work_scale;
  place_landmarks(params.landmarks, head.photo_size, head.landmarks);
  return std::max(regions.heads, parsed.heads);
}

/// Of the head's expected IoU: heads whose scalp is in doubt lie above 0.84, things taken for heads mostly below.
constexpr double least_head_iou = 0.8;

/// Confidence, and what to do about a low one. Who has corrected the picture has seen a head there.
void judge(Head& head, const Parsed& parsed, const Fit& fit, bool corrected) {
  head.confidence =
      parsed.by_hand ? 1 : calibrated_confidence(expected_scalp_iou(parsed.probability, head.classes), fit.misfit);
  if (!parsed.by_hand && !corrected && expected_head_iou(parsed.probability, head.classes) < least_head_iou) {
    head.found = false;
    head.notes = {std::string("no head that could be told with confidence: ") + draw_hint};
  } else if (head.confidence < 0.5)
    head.notes.push_back(std::string("not sure of the scalp: check the marked area, or ") + draw_hint);
  if (head.scale.relative_error > 0.06)
    head.notes.push_back("the size is uncertain: state it by two points of known distance (marker)");
}

}  // namespace

Head find_head(const Photo& photo, const HeadParams& params, Job& job) {
  Head head;
  head.photo_size = photo.size();
  const int longest = std::max(photo.rgb.cols, photo.rgb.rows);
  head.work_scale = std::max(1.0, static_cast<double>(longest) / work_side_px);
  const cv::Size work_size(std::max(1, cvRound(photo.rgb.cols / head.work_scale)),
                           std::max(1, cvRound(photo.rgb.rows / head.work_scale)));
  head.hair_matte = cv::Mat1b(photo.size(), uint8_t{0});
  head.model.principal_px = {photo.rgb.cols / 2.0, photo.rgb.rows / 2.0};

  job.step("reading the photo", 0.0);
  const cv::Mat3b work_rgb = reduced_rgb(photo, work_size);
  job.step("finding the head", 0.1);
  const Parsed parsed = parse(photo, work_rgb, params, job);
  const int heads = label_client(head, parsed, work_rgb, params);
  head.found = scalp_is_there(head, heads);
  if (!head.found) return head;
  if (heads > 1) head.notes.push_back("several heads: the largest was taken; crop the photo for another");

  job.step("fitting the head", 0.5);
  const Fit fit = fit_head(fit_input(photo, head, parsed, params));
  if (!parsed.by_hand) {
    settle_forehead(parsed.probability, fit.model, head.work_scale, head.classes);
    paint_corrections(parse_corrections(params.corrections), head.classes);
  }
  head.scale = measure_scale(fit, head.landmarks, params);
  head.model = scaled(fit.model, fit.model.focal_px / fit.model.centre_camera_mm.z() / head.scale.px_per_mm);
  check_size(head.model);
  head.scalp_area_cm2 = scalp_area_cm2(head);
  head.model = covering_scalp(head);
  head.view = params.view > 0 ? static_cast<View>(params.view - 1) : fit.view;
  complete_landmarks(head);

  job.step("measuring skin and hair", 0.7);
  const cv::Mat3f work_linear = linear_from_srgb(work_rgb);
  head.skin = measure_skin(work_linear, head.classes);
  head.hair_matte = hair_matte(photo, work_linear, head, job);
  head.head_box_px = box_on_photo(head, {face_skin, bare_scalp, hair_on_scalp});
  head.scalp_box_px = box_on_photo(head, {bare_scalp, hair_on_scalp});
  judge(head, parsed, fit, !params.corrections.empty());
  job.step("finding the head", 1.0);
  return head;
}

cv::Mat1b full_size_classes(const Photo& photo, const Head& head) {
  cv::Mat rgb = photo.rgb;
  if (rgb.depth() == CV_16U) photo.rgb.convertTo(rgb, CV_8U, 1 / 257.0);
  cv::Mat1b all = head.classes.clone();
  head.bystanders.copyTo(all, head.bystanders != static_cast<uint8_t>(other));
  return enlarged(all, rgb);
}

}  // namespace stipple
