// Thin dress over zlib, so that the rest of the room deals in strings.
#include "sim/photo/packing.h"

#include <zlib.h>

#include <algorithm>
#include <new>

namespace stipple {
namespace {

const Bytef* data_of(std::string_view bytes) { return reinterpret_cast<const Bytef*>(bytes.data()); }

}  // namespace

uint32_t crc32(std::string_view bytes, uint32_t before) {
  return static_cast<uint32_t>(::crc32_z(before, data_of(bytes), bytes.size()));
}

uint32_t adler32(std::string_view bytes, uint32_t before) {
  return static_cast<uint32_t>(::adler32_z(before, data_of(bytes), bytes.size()));
}

uint32_t joined_adler32(uint32_t first, uint32_t second, size_t second_size) {
  return static_cast<uint32_t>(::adler32_combine(first, second, static_cast<z_off_t>(second_size)));
}

void deflate_strip(std::string_view bytes, bool last, std::string& out) {
  z_stream stream{};
  if (deflateInit2(&stream, 1, Z_DEFLATED, -MAX_WBITS, MAX_MEM_LEVEL, Z_RLE) != Z_OK) throw std::bad_alloc();
  const size_t start = out.size();
  out.resize(start + deflateBound(&stream, static_cast<uLong>(bytes.size())) + 16);
  stream.next_in = const_cast<Bytef*>(data_of(bytes));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data() + start);
  stream.avail_out = static_cast<uInt>(out.size() - start);
  deflate(&stream, last ? Z_FINISH : Z_SYNC_FLUSH);
  out.resize(start + stream.total_out);
  deflateEnd(&stream);
}

std::optional<std::string> inflate_zlib(std::string_view packed, size_t max_bytes) {
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) throw std::bad_alloc();
  stream.next_in = const_cast<Bytef*>(data_of(packed));
  stream.avail_in = static_cast<uInt>(packed.size());
  std::string out;
  int state = Z_OK;
  while (state == Z_OK && out.size() <= max_bytes) {
    const size_t had = out.size();
    out.resize(had + std::min<size_t>(1 << 16, max_bytes + 1 - had));
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + had);
    stream.avail_out = static_cast<uInt>(out.size() - had);
    state = inflate(&stream, Z_NO_FLUSH);
    out.resize(out.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  if (state != Z_STREAM_END || out.size() > max_bytes) return {};
  return out;
}

}  // namespace stipple
