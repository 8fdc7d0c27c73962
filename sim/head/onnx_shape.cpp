// Walks the protobuf of an ONNX model down to ModelProto.graph.input.type.tensor_type.shape.dim.dim_value.
// Based on: onnx.proto of the ONNX specification; "Encoding" in the Protocol Buffers documentation.
#include "sim/head/onnx_shape.h"

#include <cstdint>
#include <vector>

namespace stipple {
namespace {

/// One field of a message: its number, and its bytes or its value.
struct WireField {
  uint64_t number = 0, value = 0;
  std::string_view bytes;
};

/// Takes fields off the front of a message.
class WireReader {
 public:
  explicit WireReader(std::string_view message) : rest_(message) {}

  bool next(WireField& field) {
    uint64_t key = 0, length = 0;
    if (rest_.empty() || !varint(key)) return false;
    field = {key >> 3, 0, {}};
    switch (key & 7) {
      case 0:
        return varint(field.value);
      case 1:
        return take(8, field.bytes);
      case 2:
        return varint(length) && take(length, field.bytes);
      case 5:
        return take(4, field.bytes);
      default:
        return false;
    }
  }

 private:
  bool varint(uint64_t& value) {
    value = 0;
    for (int shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<uint8_t>(rest_.front());
      rest_.remove_prefix(1);
      value |= static_cast<uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return true;
    }
    return false;
  }
  bool take(uint64_t length, std::string_view& bytes) {
    if (length > rest_.size()) return false;
    bytes = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return true;
  }

  std::string_view rest_;
};

/// All submessages of one number.
std::vector<std::string_view> children(std::string_view message, uint64_t number) {
  std::vector<std::string_view> found;
  WireReader reader(message);
  for (WireField field; reader.next(field);)
    if (field.number == number) found.push_back(field.bytes);
  return found;
}

std::string_view child(std::string_view message, uint64_t number) {
  const std::vector<std::string_view> all = children(message, number);
  return all.empty() ? std::string_view{} : all.front();
}

uint64_t fixed_size(std::string_view dimension) {
  WireReader reader(dimension);
  for (WireField field; reader.next(field);)
    if (field.number == 1) return field.value;
  return 0;
}

}  // namespace

int onnx_input_side(std::string_view model) {
  constexpr uint64_t graph = 7, input = 11, type = 2, tensor_type = 1, shape = 2, dim = 1, largest = 4096;
  for (const std::string_view value : children(child(model, graph), input)) {
    const std::vector<std::string_view> dims = children(child(child(child(value, type), tensor_type), shape), dim);
    if (dims.size() != 4) continue;
    const uint64_t width = fixed_size(dims[3]);
    if (width == fixed_size(dims[2]) && width > 0 && width <= largest) return static_cast<int>(width);
  }
  return 0;
}

}  // namespace stipple
