// Chooses the parser.
#include "sim/head/parse.h"

#include "sim/core/assets.h"

namespace stipple {

Parsed parse(const Photo& photo, const cv::Mat3b& work_rgb, const HeadParams& params, Job& job) {
  if (!params.labels.empty()) return parse_labels(params.labels, photo.size(), work_rgb.size());
  return parse_network(params.parser_model.empty() ? asset_path("models/scalp_parser.onnx") : params.parser_model,
                       work_rgb, job);
}

cv::Mat1b likeliest(const std::array<cv::Mat1f, 5>& probability) {
  cv::Mat1b classes(probability[0].size());
  for (int y = 0; y < classes.rows; ++y) {
    const float* row[5];
    for (size_t c = 0; c < 5; ++c) row[c] = probability[c][y];
    for (int x = 0; x < classes.cols; ++x) {
      size_t best = 0;
      for (size_t c = 1; c < 5; ++c)
        if (row[c][x] > row[best][x]) best = c;
      classes(y, x) = parsed_classes[best];
    }
  }
  return classes;
}

}  // namespace stipple
