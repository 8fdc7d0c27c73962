// The input size of an ONNX network, which OpenCV keeps to itself.
#pragma once
#include <string_view>

namespace stipple {

/// Width of the first input whose shape ends in two equal fixed sides (N x C x W x W); 0 where there is none or the
/// bytes are no ONNX model. Reads nothing beyond the bytes whatever they are.
int onnx_input_side(std::string_view model);

}  // namespace stipple
