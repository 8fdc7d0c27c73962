// Photo -> what each place shows, by a network or by a label image. The seam behind which parsers are exchanged.
#pragma once
#include <array>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "sim/head/head.h"

namespace stipple {

/// Parsers speak of five classes in this order.
inline constexpr std::array<Class, 5> parsed_classes{other, face_skin, bare_scalp, hair_on_scalp, hat};

/// Of the view "none": heads lie below 0.01, things mistaken for heads mostly above.
inline constexpr double most_doubt = 0.04;

/// What a parser saw, on the working grid of `find_head`.
struct Parsed {
  std::array<cv::Mat1f, 5> probability;                 // in the order of parsed_classes; sums to 1 at every pixel
  std::array<double, 6> view_probability{};             // in the order of View; all 0 = not known
  std::array<LandmarkPoint, landmark_count> landmarks;  // working px
  std::vector<std::array<cv::Mat1f, 5>> bystanders;     // as `probability`, of further heads by size
  int heads = 0;         // heads that the parser saw; 0 also where it does not count them
  bool by_hand = false;  // drawn by a person: edges are meant as they are
};

/// Runs the parser that `params` names. `work_rgb` is the photo reduced to the working grid (8 bit). Throws
/// Error{usage} for a label image of another shape than the photo's, Error{unreadable} for files that are not what they
/// should be.
Parsed parse(const Photo& photo, const cv::Mat3b& work_rgb, const HeadParams& params, Job& job);

/// The label image of HeadParams::labels as certain probabilities. Grey or indexed PNG with Class numbers, of the
/// photo's size or of its shape within 2 %.
Parsed parse_labels(const std::string& path, const cv::Size& photo_size, const cv::Size& work_size);

/// A network of the contract in assets/models/MODEL_CARD.md.
Parsed parse_network(const std::string& path, const cv::Mat3b& work_rgb, Job& job);

/// Class number of the likeliest class at every pixel.
cv::Mat1b likeliest(const std::array<cv::Mat1f, 5>& probability);

}  // namespace stipple
