// Which of the parsed pieces are the client's head.
#pragma once
#include <initializer_list>
#include <opencv2/core.hpp>

#include "sim/head/head.h"

namespace stipple {

struct Regions {
  cv::Mat1b classes;  // the largest head alone; stray pieces turned into what surrounds them
  int heads = 0;      // heads of a size worth naming
};

/// 255 where the class is one of `wanted`, else 0.
cv::Mat1b mask_of(const cv::Mat1b& classes, std::initializer_list<Class> wanted);

/// Works on Class numbers. Heads nearer to each other than 1 % of the picture count as one.
Regions largest_head(const cv::Mat1b& classes);

}  // namespace stipple
