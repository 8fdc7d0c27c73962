#include "sim/core/error.h"
#include "sim/head/parse.h"
namespace stipple {
Parsed parse_network(const std::string& path, const cv::Mat3b&, Job&) {
  throw Error(ErrorKind::internal, path, "no network parser yet", "give --set labels=LABELS.png");
}
}  // namespace stipple
