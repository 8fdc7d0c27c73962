// The few facts that EXIF holds and the engine needs, read from a TIFF structure without trusting it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sim/photo/bytes.h"

namespace stipple {

/// A TIFF structure: a whole TIFF file, or the EXIF block inside another format.
struct TiffBlock {
  std::string_view bytes;
  ByteOrder order = ByteOrder::big;
  size_t first_directory = 0;
};

/// One field of a directory. `at` is the offset of its values in the block; all of them lie inside it.
struct TiffField {
  int type = 0;
  size_t count = 0, at = 0;
};

/// Nothing when the bytes do not start like a (classic, 32-bit) TIFF.
std::optional<TiffBlock> open_tiff(std::string_view bytes);
/// The first field with this tag, when its values lie inside the block.
std::optional<TiffField> find_field(const TiffBlock& block, size_t directory, uint32_t tag);
/// Value `index` of a field of type BYTE, SHORT or LONG; `otherwise` when there is none.
uint32_t field_number(const TiffBlock& block, const std::optional<TiffField>& field, size_t index, uint32_t otherwise);

struct Exif {
  int orientation = 1;                         // 1..8
  std::optional<double> focal_length_35mm_mm;  // when believable (8..300)
};

/// Defaults for whatever is missing or damaged; never throws. A leading "Exif\0\0" is skipped.
Exif read_exif(std::string_view bytes);

}  // namespace stipple
