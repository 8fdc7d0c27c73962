// Marks a function to be compiled for AVX2 as well, chosen when the program starts. Contraction is off, so both give
// the same bits.
#pragma once

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define STIPPLE_VECTOR_CODE __attribute__((target_clones("avx2", "default")))
#else
#define STIPPLE_VECTOR_CODE
#endif
