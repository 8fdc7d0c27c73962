// Runs the scalp parser network: a first look at the whole photo finds heads, a second look at each of the largest,
// straight and mirrored, labels it. The protocol is that of assets/models/MODEL_CARD.md and its reference in
// assets/models/training/head_parser.py.
#include <algorithm>
#include <cmath>
#include <opencv2/dnn.hpp>
#include <opencv2/imgproc.hpp>

#include "sim/core/error.h"
#include "sim/head/onnx_shape.h"
#include "sim/head/parse.h"
#include "sim/photo/file.h"

namespace stipple {
namespace {

constexpr int view_count = 6;
constexpr int64_t max_model_bytes = 500'000'000;
constexpr double margin = 1.15, least_fill = 0.7, most_fill = 0.95, least_side_px = 32;
constexpr double least_piece = 0.0004;  // of the window, for a head
constexpr size_t most_heads = 3;
constexpr std::array<int, landmark_count> mirrored_point{
    pupil_right, pupil_left, canthus_right, canthus_left, nose_tip, tragus_right, tragus_left, glabella, chin};

/// A square of the working photo, in its px, and how many px it is resampled to.
struct Window {
  double x, y, side;  // of the centre
  int input_px;

  cv::Matx23d to_input() const {
    const double scale = input_px / side;
    return {scale, 0,     input_px / 2.0 - scale * x + scale / 2 - 0.5,
            0,     scale, input_px / 2.0 - scale * y + scale / 2 - 0.5};
  }
  Window around(const cv::Rect& box_in_input) const {
    const double unit = side / input_px;
    return {x - side / 2 + (box_in_input.x + box_in_input.width / 2.0) * unit,
            y - side / 2 + (box_in_input.y + box_in_input.height / 2.0) * unit,
            margin * std::max(box_in_input.width, box_in_input.height) * unit, input_px};
  }
};

cv::Mat3b resampled(const cv::Mat3b& photo, Window window) {
  cv::Mat3b source = photo;
  if (window.side > 1.5 * window.input_px) {
    // Shrink first, so that no detail folds over.
    const double factor = window.input_px / window.side;
    cv::resize(photo, source, {std::max(1, cvRound(photo.cols * factor)), std::max(1, cvRound(photo.rows * factor))}, 0,
               0, cv::INTER_AREA);
    window = {window.x * source.cols / photo.cols, window.y * source.rows / photo.rows,
              static_cast<double>(window.input_px), window.input_px};
  }
  cv::Mat3b square;
  cv::warpAffine(source, square, window.to_input(), {window.input_px, window.input_px}, cv::INTER_LINEAR,
                 cv::BORDER_CONSTANT, cv::Scalar::all(128));
  return square;
}

struct Outputs {
  std::array<cv::Mat1f, 5> probability;
  std::array<double, view_count> view_logits{};
  std::array<cv::Mat1f, landmark_count> points;  // 0..1; empty when the network has none
};

void softmax(std::array<cv::Mat1f, 5>& logits) {
  for (int y = 0; y < logits[0].rows; ++y)
    for (int x = 0; x < logits[0].cols; ++x) {
      float highest = logits[0](y, x), sum = 0;
      for (const cv::Mat1f& l : logits) highest = std::max(highest, l(y, x));
      for (cv::Mat1f& l : logits) sum += l(y, x) = std::exp(l(y, x) - highest);
      for (cv::Mat1f& l : logits) l(y, x) /= sum;
    }
}

class Network {
 public:
  explicit Network(const std::string& path) : path_(path) {
    try {
      const std::string model = read_file(path, max_model_bytes);
      input_px_ = onnx_input_side(model);
      net_ = cv::dnn::readNetFromONNX(model.data(), model.size());
      names_ = net_.getUnconnectedOutLayersNames();
    } catch (const cv::Exception&) {
      throw unusable("not a readable ONNX network");
    }
    if (input_px_ < 32 || input_px_ % 4 != 0) throw unusable("no square input picture of fixed size");
    for (const char* wanted : {"classes", "view"})
      if (std::find(names_.begin(), names_.end(), wanted) == names_.end())
        throw unusable(std::string("a network without the output \"") + wanted + "\"");
    if (std::find(names_.begin(), names_.end(), "points") == names_.end()) has_points_ = false;
  }

  int input_px() const { return input_px_; }

  Outputs run(const cv::Mat3b& square) {
    std::vector<cv::Mat> raw;
    std::vector<cv::String> wanted{"classes", "view"};
    if (has_points_) wanted.emplace_back("points");
    try {
      net_.setInput(cv::dnn::blobFromImage(square, 1 / 255.0), "image");
      net_.forward(raw, wanted);
    } catch (const cv::Exception&) {
      throw unusable("the network does not run on a picture of its own input size");
    }
    require_shape(raw[0], 5, input_px_);
    if (raw[1].total() != view_count) throw unusable("the output \"view\" does not have 6 values");
    Outputs outputs;
    for (int c = 0; c < 5; ++c) outputs.probability[static_cast<size_t>(c)] = plane(raw[0], c, input_px_);
    softmax(outputs.probability);
    for (size_t v = 0; v < view_count; ++v) outputs.view_logits[v] = raw[1].ptr<float>()[v];
    if (has_points_) {
      require_shape(raw[2], landmark_count, input_px_ / 4);
      for (int l = 0; l < landmark_count; ++l) {
        cv::Mat1f& map = outputs.points[static_cast<size_t>(l)] = plane(raw[2], l, input_px_ / 4);
        for (float& v : map) v = 1 / (1 + std::exp(-v));
      }
    }
    return outputs;
  }

  /// The mean of a square and its mirror image.
  Outputs run_both(const cv::Mat3b& square) {
    cv::Mat3b mirror;
    cv::flip(square, mirror, 1);
    Outputs straight = run(square), other = run(mirror);
    const auto merge = [](cv::Mat1f& mine, cv::Mat1f& theirs) {
      cv::flip(theirs, theirs, 1);
      cv::addWeighted(mine, 0.5, theirs, 0.5, 0, mine);
    };
    for (size_t c = 0; c < 5; ++c) merge(straight.probability[c], other.probability[c]);
    for (size_t v = 0; v < view_count; ++v)
      straight.view_logits[v] = (straight.view_logits[v] + other.view_logits[v]) / 2;
    for (size_t l = 0; has_points_ && l < landmark_count; ++l)
      merge(straight.points[l], other.points[static_cast<size_t>(mirrored_point[l])]);
    return straight;
  }

 private:
  static cv::Mat1f plane(cv::Mat& blob, int channel, int side) {
    return cv::Mat1f(side, side, blob.ptr<float>(0, channel)).clone();
  }
  void require_shape(const cv::Mat& blob, int channels, int side) const {
    if (blob.dims != 4 || blob.size[1] != channels || blob.size[2] != side || blob.size[3] != side)
      throw unusable("an output has another shape than the parser contract says");
  }
  Error unusable(const std::string& problem) const {
    return {ErrorKind::unreadable, path_, problem, "use a parser of the contract in assets/models/MODEL_CARD.md"};
  }

  std::string path_;
  int input_px_ = 0;
  cv::dnn::Net net_;
  std::vector<cv::String> names_;
  bool has_points_ = true;
};

/// Boxes of the pieces of head in an output, largest first.
std::vector<cv::Rect> head_boxes(const Outputs& outputs, double least_share) {
  cv::Mat1b head(outputs.probability[0].size());
  for (int y = 0; y < head.rows; ++y)
    for (int x = 0; x < head.cols; ++x)
      head(y, x) = outputs.probability[1](y, x) + outputs.probability[2](y, x) + outputs.probability[3](y, x) > 0.5F;
  cv::Mat labels, stats, centres;
  const int count = cv::connectedComponentsWithStats(head, labels, stats, centres, 8, CV_32S);
  std::vector<std::pair<int, cv::Rect>> pieces;
  for (int i = 1; i < count; ++i) {
    const int* s = stats.ptr<int>(i);
    if (s[cv::CC_STAT_AREA] >= least_share * static_cast<double>(head.total()))
      pieces.emplace_back(s[cv::CC_STAT_AREA], cv::Rect(s[cv::CC_STAT_LEFT], s[cv::CC_STAT_TOP], s[cv::CC_STAT_WIDTH],
                                                        s[cv::CC_STAT_HEIGHT]));
  }
  std::stable_sort(pieces.begin(), pieces.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<cv::Rect> boxes;
  for (const auto& [area, box] : pieces)
    if (area * 6 >= pieces.front().first) boxes.push_back(box);
  return boxes;
}

/// Probabilities of a window set into the working grid; certain `other` around it.
std::array<cv::Mat1f, 5> set_back(const Outputs& outputs, const Window& window, const cv::Size& size) {
  const cv::Rect inside =
      cv::Rect(cv::Point(cvRound(window.x - window.side / 2), cvRound(window.y - window.side / 2)),
               cv::Point(cvRound(window.x + window.side / 2), cvRound(window.y + window.side / 2))) &
      cv::Rect({0, 0}, size);
  std::array<cv::Mat1f, 5> result;
  for (size_t c = 0; c < 5; ++c) {
    result[c] = cv::Mat1f(size, c == 0 ? 1.0F : 0.0F);
    cv::Mat1f back;
    cv::warpAffine(outputs.probability[c], back, window.to_input(), size, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP,
                   cv::BORDER_REPLICATE);
    back(inside).copyTo(result[c](inside));
  }
  return result;
}

/// The centroid about a map's peak, in working px; its confidence is the peak's height.
LandmarkPoint point_of(const cv::Mat1f& map, const Window& window) {
  double peak = 0;
  cv::Point at;
  cv::minMaxLoc(map, nullptr, &peak, nullptr, &at);
  double sum = 0, x = 0, y = 0;
  for (int j = std::max(at.y - 1, 0); j <= std::min(at.y + 1, map.rows - 1); ++j)
    for (int i = std::max(at.x - 1, 0); i <= std::min(at.x + 1, map.cols - 1); ++i) {
      sum += map(j, i);
      x += i * static_cast<double>(map(j, i));
      y += j * static_cast<double>(map(j, i));
    }
  const double unit = window.side / window.input_px;
  const Vec2 in_window = Vec2(4 * x / std::max(sum, 1e-9) + 2, 4 * y / std::max(sum, 1e-9) + 2);
  return {Vec2(window.x - window.side / 2, window.y - window.side / 2) + unit * in_window, peak};
}

/// What a closer look at a head saw, and in which window.
struct Look {
  Window window;
  Outputs outputs;
};

/// Looks closer at the head in `box` of a window; once more if that shows that the window sat badly.
Look look_closer(Network& network, const cv::Mat3b& work_rgb, const Window& window, const cv::Rect& box) {
  Look look{window.around(box), {}};
  look.outputs = network.run_both(resampled(work_rgb, look.window));
  const std::vector<cv::Rect> boxes = head_boxes(look.outputs, 0);
  if (boxes.empty()) return look;
  const double fill = static_cast<double>(std::max(boxes[0].width, boxes[0].height)) / network.input_px();
  if (fill >= least_fill && fill <= most_fill) return look;
  look.window = look.window.around(boxes[0]);
  look.outputs = network.run_both(resampled(work_rgb, look.window));
  return look;
}

std::array<double, view_count> view_probability(const Outputs& outputs) {
  std::array<double, view_count> p{};
  const double highest = *std::max_element(outputs.view_logits.begin(), outputs.view_logits.end());
  double sum = 0;
  for (size_t v = 0; v < view_count; ++v) sum += p[v] = std::exp(outputs.view_logits[v] - highest);
  for (double& v : p) v /= sum;
  return p;
}

}  // namespace

Parsed parse_network(const std::string& path, const cv::Mat3b& work_rgb, Job& job) {
  Network network(path);
  job.step("finding the head", 0.15);
  const Window whole{work_rgb.cols / 2.0, work_rgb.rows / 2.0,
                     static_cast<double>(std::max(work_rgb.cols, work_rgb.rows)), network.input_px()};
  std::vector<cv::Rect> heads = head_boxes(network.run(resampled(work_rgb, whole)), least_piece);
  std::erase_if(heads, [&](const cv::Rect& box) { return whole.around(box).side < least_side_px; });

  Parsed parsed;
  parsed.heads = static_cast<int>(heads.size());
  for (size_t c = 0; c < 5; ++c) parsed.probability[c] = cv::Mat1f(work_rgb.size(), c == 0 ? 1.0F : 0.0F);
  for (size_t h = 0; h < std::min(heads.size(), most_heads); ++h) {
    job.step("finding the head", 0.25 + 0.05 * static_cast<double>(h));
    const Look look = look_closer(network, work_rgb, whole, heads[h]);
    std::array<cv::Mat1f, 5> probability = set_back(look.outputs, look.window, work_rgb.size());
    const std::array<double, view_count> view = view_probability(look.outputs);
    if (h > 0) {
      if (view[static_cast<size_t>(View::unknown)] < most_doubt) parsed.bystanders.push_back(std::move(probability));
      continue;
    }
    parsed.probability = std::move(probability);
    parsed.view_probability = view;
    for (size_t l = 0; l < landmark_count; ++l)
      if (!look.outputs.points[l].empty()) parsed.landmarks[l] = point_of(look.outputs.points[l], look.window);
  }
  return parsed;
}

}  // namespace stipple
