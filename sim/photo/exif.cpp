// Walks TIFF directories with every offset checked against the block, because EXIF is where broken files lie most.
// Based on: TIFF 6.0 (Adobe 1992); Exif 2.32 (CIPA DC-008-2019), tags 0x0112 and 0xA405.
#include "sim/photo/exif.h"

#include <iterator>

namespace stipple {
namespace {

constexpr uint32_t tag_orientation = 274, tag_exif_directory = 34665, tag_focal_length_35mm = 41989;

size_t type_width(uint32_t type) {
  constexpr size_t widths[] = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8};
  return type < std::size(widths) ? widths[type] : 0;
}

}  // namespace

std::optional<TiffBlock> open_tiff(std::string_view bytes) {
  TiffBlock block{bytes};
  if (bytes.starts_with("II"))
    block.order = ByteOrder::little;
  else if (!bytes.starts_with("MM"))
    return {};
  if (number_at(bytes, 2, 2, block.order) != 42) return {};
  block.first_directory = number_at(bytes, 4, 4, block.order);
  return block;
}

std::optional<TiffField> find_field(const TiffBlock& block, size_t directory, uint32_t tag) {
  if (directory == 0) return {};
  const uint32_t entries = number_at(block.bytes, directory, 2, block.order);
  for (uint32_t i = 0; i < entries; ++i) {
    const size_t entry = directory + 2 + size_t{12} * i;
    if (entry + 12 > block.bytes.size()) return {};
    if (number_at(block.bytes, entry, 2, block.order) != tag) continue;
    const uint32_t type = number_at(block.bytes, entry + 2, 2, block.order);
    const uint32_t count = number_at(block.bytes, entry + 4, 4, block.order);
    const size_t size = type_width(type) * count;
    if (size == 0) return {};
    const size_t at = size <= 4 ? entry + 8 : number_at(block.bytes, entry + 8, 4, block.order);
    if (at > block.bytes.size() || block.bytes.size() - at < size) return {};
    return TiffField{static_cast<int>(type), count, at};
  }
  return {};
}

uint32_t field_number(const TiffBlock& block, const std::optional<TiffField>& field, size_t index, uint32_t otherwise) {
  if (!field || index >= field->count) return otherwise;
  if (field->type != 1 && field->type != 3 && field->type != 4) return otherwise;
  const size_t width = type_width(static_cast<uint32_t>(field->type));
  return number_at(block.bytes, field->at + index * width, width, block.order);
}

Exif read_exif(std::string_view bytes) {
  using namespace std::string_view_literals;
  if (bytes.starts_with("Exif\0\0"sv)) bytes.remove_prefix(6);
  Exif exif;
  const auto block = open_tiff(bytes);
  if (!block) return exif;
  const size_t main = block->first_directory;
  const uint32_t orientation = field_number(*block, find_field(*block, main, tag_orientation), 0, 1);
  if (orientation >= 1 && orientation <= 8) exif.orientation = static_cast<int>(orientation);
  const size_t details = field_number(*block, find_field(*block, main, tag_exif_directory), 0, 0);
  const uint32_t focal_mm = field_number(*block, find_field(*block, details, tag_focal_length_35mm), 0, 0);
  if (focal_mm >= 8 && focal_mm <= 300) exif.focal_length_35mm_mm = focal_mm;
  return exif;
}

}  // namespace stipple
