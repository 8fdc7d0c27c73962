// Eight floats at once. Plain arithmetic on them is one AVX2 instruction, or two of SSE2, with the same bits either
// way.
#pragma once
#include <cstdint>
#include <cstring>

// Functions compiled for AVX2 as well, chosen when the program starts. Contraction is off, so both give the same bits.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define STIPPLE_VECTOR_CODE __attribute__((target_clones("avx2", "default")))
#else
#define STIPPLE_VECTOR_CODE
#endif
// What such functions call must become part of them.
#define STIPPLE_VECTOR_PART inline __attribute__((always_inline))

#ifdef __GNUC__
#pragma GCC diagnostic ignored "-Wpsabi"  // lanes never cross a call: everything that takes them is inlined
#endif

namespace stipple {

inline constexpr int lane_count = 8;
typedef float Lanes __attribute__((vector_size(32)));
typedef int32_t LaneInts __attribute__((vector_size(32)));

STIPPLE_VECTOR_PART Lanes load_lanes(const float* from) {
  Lanes out;
  std::memcpy(&out, from, sizeof out);
  return out;
}
STIPPLE_VECTOR_PART void store_lanes(const Lanes& lanes, float* to) { std::memcpy(to, &lanes, sizeof lanes); }
STIPPLE_VECTOR_PART Lanes all_lanes(float value) { return Lanes{} + value; }
STIPPLE_VECTOR_PART float sum_of(const Lanes& v) {
  return ((v[0] + v[1]) + (v[2] + v[3])) + ((v[4] + v[5]) + (v[6] + v[7]));
}
STIPPLE_VECTOR_PART int32_t to_int(float x) { return static_cast<int32_t>(x); }
STIPPLE_VECTOR_PART LaneInts to_int(const Lanes& x) { return __builtin_convertvector(x, LaneInts); }

}  // namespace stipple
