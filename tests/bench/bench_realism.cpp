// How near the engine's dots come to real stubble: in each labelled photo a patch of short stubble is measured, erased
// down to the skin between its hairs, drawn again by the engine, and measured again.
//   bench_realism FOLDER [NAME...]     FOLDER/NAME.jpg with FOLDER/labels/NAME.png (DESIGN 3's class numbers)
// Only the shade is fitted (same mean lightness); dots lie at 160 per cm2, healed; the skin
// gets the texture of the photo's own bare skin, as in a virtual shave. Prints per photo: the difference of the mean
// colour (a*, b*), of the darkest pixels' colour, log2 of the contrast ratio per band, the difference in skewness, and
// the strandedness of the patch (0 dots, 1 parallel strands): means are given for all patches and for stubble alone.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "sim/core/error.h"
#include "sim/shave/grain.h"
#include "tests/test_pigment_scene.h"

using namespace stipple;

namespace {

constexpr double density_per_cm2 = 160;
constexpr double patch_mm = 22;
constexpr double erased_mm = 1.2;      // standard deviation of the low-pass: stubble goes, mottled skin stays
constexpr double most_strands = 0.35;  // hair that is longer than stubble runs in parallel
constexpr int bands = 4;               // octaves from 0.5 px on

struct Looks {
  cv::Vec3f mean_lab, core_lab, between;  // `between`: linear light of the 60th to 95th percentile
  double lightness = 0, skewness = 0;
  std::array<double, bands> contrast{};
};

cv::Vec3f lab_of(const cv::Vec3d& linear) {
  cv::Mat3f in(1, 1, cv::Vec3f(linear)), out;
  cv::cvtColor(in, out, cv::COLOR_LRGB2Lab);
  return out(0, 0);
}

/// Mean linear light of the pixels between two shares of the order of brightness.
cv::Vec3d mean_between(const cv::Mat3f& light, double from, double to) {
  std::vector<std::pair<float, int>> order;
  for (int i = 0; i < static_cast<int>(light.total()); ++i) {
    const cv::Vec3f v = light(i / light.cols, i % light.cols);
    order.emplace_back(v[0] + v[1] + v[2], i);
  }
  std::sort(order.begin(), order.end());
  const auto first = static_cast<size_t>(from * static_cast<double>(order.size()));
  const size_t last = std::max(first + 1, static_cast<size_t>(to * static_cast<double>(order.size())));
  cv::Vec3d sum(0, 0, 0);
  for (size_t k = first; k < last; ++k)
    sum += cv::Vec3d(light(order[k].second / light.cols, order[k].second % light.cols));
  return sum / static_cast<double>(last - first);
}

Looks looks_of(const cv::Mat3f& light) {
  Looks looks;
  const cv::Scalar mean = cv::mean(light);
  looks.mean_lab = lab_of({mean[0], mean[1], mean[2]});
  looks.lightness = looks.mean_lab[0];
  looks.core_lab = lab_of(mean_between(light, 0, 0.05));
  looks.between = cv::Vec3f(mean_between(light, 0.6, 0.95));

  // Contrast of log light by octave bands; the shading of the head is in none of them.
  cv::Mat1f log_light(light.size());
  for (int y = 0; y < light.rows; ++y)
    for (int x = 0; x < light.cols; ++x)
      log_light(y, x) = std::log(std::max((light(y, x)[0] + light(y, x)[1] + light(y, x)[2]) / 3, 1e-3f));
  cv::Mat1f finer = log_light, coarser, whole;
  for (int b = 0; b < bands; ++b) {
    cv::GaussianBlur(log_light, coarser, cv::Size(), 0.6 * std::exp2(b));
    cv::Scalar m, sd;
    cv::meanStdDev(finer - coarser, m, sd);
    looks.contrast[static_cast<size_t>(b)] = sd[0];
    finer = coarser.clone();
  }
  whole = log_light - coarser;
  double second = 0, third = 0;
  for (const float v : whole) second += v * v, third += v * v * v;
  const double n = static_cast<double>(whole.total());
  looks.skewness = third / n / std::pow(second / n, 1.5);
  return looks;
}

/// The patch of class 3 whose dots are clearest against skin that is still seen: short stubble, not longer hair.
cv::Rect find_patch(const cv::Mat3f& light, const cv::Mat1b& labels, int side) {
  cv::Mat1f grey(light.size()), blurred;
  for (int y = 0; y < grey.rows; ++y)
    for (int x = 0; x < grey.cols; ++x) grey(y, x) = (light(y, x)[0] + light(y, x)[1] + light(y, x)[2]) / 3;
  std::vector<float> bare;
  for (int y = 0; y < grey.rows; y += 3)
    for (int x = 0; x < grey.cols; x += 3)
      if (labels(y, x) == 1 || labels(y, x) == 2) bare.push_back(grey(y, x));
  if (bare.size() < 100) return {};
  std::nth_element(bare.begin(), bare.begin() + static_cast<ptrdiff_t>(bare.size() / 2), bare.end());
  const double skin = bare[bare.size() / 2];
  cv::Rect best;
  double best_score = 0;
  for (int y = 0; y + side <= grey.rows; y += side / 4)
    for (int x = 0; x + side <= grey.cols; x += side / 4) {
      const cv::Rect r(x, y, side, side);
      if (cv::countNonZero(labels(r) == 3) < 0.98 * r.area()) continue;
      cv::Scalar mean, sd;
      cv::GaussianBlur(grey(r), blurred, cv::Size(), side / 12.0);
      cv::meanStdDev(grey(r) / blurred, mean, sd);
      const double level = cv::mean(grey(r))[0] / skin;
      if (level < 0.3 || level > 1.1 || sd[0] > 0.45) continue;
      const double score = level * sd[0];
      if (score > best_score) best_score = score, best = r;
    }
  return best;
}

/// Logarithm of the texture of bare skin in this photo, made anew over the patch.
cv::Mat1f skin_texture(const cv::Mat3f& light, const cv::Mat1b& labels, const cv::Rect& patch, double px_per_mm) {
  cv::Mat1f grey(light.size());
  for (int y = 0; y < grey.rows; ++y)
    for (int x = 0; x < grey.cols; ++x) grey(y, x) = (light(y, x)[0] + light(y, x)[1] + light(y, x)[2]) / 3;
  cv::Mat1b bare(labels == 2), hairless;
  if (cv::countNonZero(bare) < 2000) bare = labels == 1;
  cv::erode(bare, hairless, cv::getStructuringElement(cv::MORPH_ELLIPSE, cv::Size(7, 7)));
  const cv::Mat1f tile = matched_grain(grey, hairless, 2 * erased_mm * px_per_mm);
  cv::Mat1f texture(patch.size());
  for (int y = 0; y < texture.rows; ++y)
    for (int x = 0; x < texture.cols; ++x) texture(y, x) = grain_at(tile, patch.x + x, patch.y + y);
  return texture;
}

/// How far all edges run one way: |l1 - l2| / (l1 + l2) of the patch's structure tensor, averaged over places of 3 mm.
double strandedness(const cv::Mat3f& patch, double px_per_mm) {
  cv::Mat1f grey(patch.size()), dx, dy;
  for (int y = 0; y < grey.rows; ++y)
    for (int x = 0; x < grey.cols; ++x) grey(y, x) = std::log(std::max(patch(y, x)[1], 1e-3f));
  cv::Sobel(grey, dx, CV_32F, 1, 0), cv::Sobel(grey, dy, CV_32F, 0, 1);
  cv::Mat1f xx(dx.mul(dx)), yy(dy.mul(dy)), xy(dx.mul(dy));
  for (cv::Mat1f* m : {&xx, &yy, &xy}) cv::GaussianBlur(*m, *m, {}, 3 * px_per_mm);
  double sum = 0;
  for (int y = 0; y < grey.rows; ++y)
    for (int x = 0; x < grey.cols; ++x)
      sum += std::hypot(xx(y, x) - yy(y, x), 2 * xy(y, x)) / std::max(xx(y, x) + yy(y, x), 1e-9f);
  return sum / static_cast<double>(grey.total());
}

/// The skin between the hairs: the patch's own shading, at the colour of its brighter pixels.
cv::Mat3f erased(const cv::Mat3f& patch, const cv::Vec3f& between, double px_per_mm) {
  cv::Mat3f base;
  cv::GaussianBlur(patch, base, cv::Size(), erased_mm * px_per_mm, 0, cv::BORDER_REFLECT);
  const cv::Scalar mean = cv::mean(base);
  for (auto& v : base)
    for (int c = 0; c < 3; ++c) v[c] *= between[c] / static_cast<float>(std::max(mean[c], 1e-4));
  return base;
}

/// A patch of stubble in its photo.
struct Patch {
  const Photo& photo;
  cv::Rect where;
  cv::Mat3f light;
  cv::Mat1f texture;
  double px_per_mm;
};

cv::Mat3f drawn(const Patch& patch, const Field& field, const cv::Vec3f& between, double shade) {
  cv::Mat3f base = erased(patch.light, between, patch.px_per_mm);
  const cv::Scalar mean = cv::mean(base);
  for (int y = 0; y < base.rows; ++y)
    for (int x = 0; x < base.cols; ++x) base(y, x) *= std::exp(patch.texture(y, x));
  Photo skin;
  skin.rgb = cv::Mat(base.size(), CV_16UC3);
  store_linear(skin, cv::Rect(cv::Point(0, 0), base.size()), base);
  Head head = scene::flat_head(base.size(), patch.px_per_mm);
  head.skin.scalp = Rgb(mean[0], mean[1], mean[2]);
  head.head_box_px = patch.where;
  PigmentParams params;
  params.shade_parts_water = shade;
  Job job;
  // The camera is the photo's own: its sharpness is measured where there are edges.
  const Deposit deposit = make_deposit(patch.photo, head, field, params, job);
  return linear_light(composite(skin, head, deposit, job), cv::Rect(cv::Point(0, 0), base.size()));
}

struct Match {
  double shade = 20;
  cv::Mat3f light;
};

/// Shade by bisection on lightness while the skin is corrected until the colour between dots is the photo's own.
Match matched(const Patch& patch, const Looks& real) {
  const cv::Size size = patch.where.size();
  const Field field =
      scene::random_field(scene::flat_head(size, patch.px_per_mm), cv::Rect(cv::Point(0, 0), size), density_per_cm2);
  cv::Vec3f skin = real.between;
  Match match;
  for (int round = 0; round < 3; ++round) {
    double dark = 3, light = 80;
    for (int step = 0; step < 6; ++step) {
      match.shade = std::sqrt(dark * light);
      match.light = drawn(patch, field, skin, match.shade);
      (looks_of(match.light).lightness < real.lightness ? dark : light) = match.shade;
    }
    const cv::Vec3f got = looks_of(match.light).between;
    for (int c = 0; c < 3; ++c) skin[c] = std::min(skin[c] * real.between[c] / std::max(got[c], 1e-3f), 0.95f);
  }
  return match;
}

struct Sums {
  double colour = 0, core = 0, contrast = 0, skewness = 0;
  int photos = 0;
  void print(const char* what) const {
    const double n = std::max(photos, 1);
    std::printf("%2d %-16s mean |dab| %.2f, core dE %.2f, |bands| %.2f octaves, |skewness| %.2f\n", photos, what,
                colour / n, core / n, contrast / n, skewness / n);
  }
};

void measure(const std::string& folder, const std::string& name, Sums& all, Sums& stubble) {
  const Photo photo = read_photo(folder + "/" + name + ".jpg");
  HeadParams params;
  params.labels = folder + "/labels/" + name + ".png";
  if (!std::filesystem::exists(params.labels)) return;
  Job job;
  const Head head = find_head(photo, params, job);
  if (!head.found) return;
  cv::Mat1b labels;
  cv::resize(head.classes, labels, photo.size(), 0, 0, cv::INTER_NEAREST);
  const double px_per_mm = head.scale.px_per_mm;
  const int side = static_cast<int>(patch_mm * px_per_mm);
  if (side < 40) return;
  const cv::Mat3f light = linear_light(photo, cv::Rect(cv::Point(0, 0), photo.size()));
  const cv::Rect where = find_patch(light, labels, side);
  if (where.empty()) return;
  const cv::Mat3f patch = linear_light(photo, where);
  const Looks real = looks_of(patch);
  const double strands = strandedness(patch, px_per_mm);
  const Match match = matched({photo, where, patch, skin_texture(light, labels, where, px_per_mm), px_per_mm}, real);
  const Looks ours = looks_of(match.light);

  const double colour = std::hypot(ours.mean_lab[1] - real.mean_lab[1], ours.mean_lab[2] - real.mean_lab[2]);
  const double core = cv::norm(ours.core_lab - real.core_lab);
  std::printf("%-22s %5.1f px/mm at %4d,%4d shade %4.1f  dL %+5.1f  dab %4.1f  core dE %5.1f  bands", name.c_str(),
              px_per_mm, where.x, where.y, match.shade, ours.lightness - real.lightness, colour, core);
  std::vector<Sums*> counted{&all};
  if (strands < most_strands) counted.push_back(&stubble);
  for (int b = 0; b < bands; ++b) {
    const double octaves = std::log2(ours.contrast[static_cast<size_t>(b)] / real.contrast[static_cast<size_t>(b)]);
    for (Sums* sums : counted) sums->contrast += std::abs(octaves) / bands;
    std::printf(" %+5.2f", octaves);
  }
  std::printf("  skew %+5.2f (real %+5.2f)  strands %.2f\n", ours.skewness - real.skewness, real.skewness, strands);
  std::fflush(stdout);
  for (Sums* sums : counted)
    sums->colour += colour, sums->core += core, sums->skewness += std::abs(ours.skewness - real.skewness),
        ++sums->photos;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: bench_realism FOLDER [NAME...]\n");
    return 2;
  }
  const std::string folder = argv[1];
  std::vector<std::string> names(argv + 2, argv + argc);
  try {
    if (names.empty())
      for (const auto& entry : std::filesystem::directory_iterator(folder))
        if (entry.path().extension() == ".jpg") names.push_back(entry.path().stem());
    std::sort(names.begin(), names.end());
    Sums all, stubble;
    for (const std::string& name : names) measure(folder, name, all, stubble);
    all.print("patches:"), stubble.print("of stubble:");
  } catch (const std::exception& e) {
    std::fprintf(stderr, "bench_realism: %s\n", e.what());
    return 1;
  }
}
