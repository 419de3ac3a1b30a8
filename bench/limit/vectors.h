// Eight doubles at a time, as the compiler's own vectors: the words the loops of the limit are
// written in. All of it is inlined. Used by bench/limit only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "limit/fused_loops.h"

#if defined(__AVX512DQ__)
#include <immintrin.h>
#endif

// Vectors are passed between inlined functions of one file alone.
#pragma GCC diagnostic ignored "-Wpsabi"

namespace tickwerk::limit {

using Vector = double __attribute__((vector_size(64)));
using Mask = long long __attribute__((vector_size(64)));

[[gnu::always_inline]] inline Vector load(const double* from) noexcept {
  Vector value;
  std::memcpy(&value, __builtin_assume_aligned(from, 64), sizeof value);
  return value;
}

[[gnu::always_inline]] inline void store(double* to, Vector value) noexcept {
  std::memcpy(__builtin_assume_aligned(to, 64), &value, sizeof value);
}

[[gnu::always_inline]] inline Vector absolute(Vector x) noexcept {
  const Mask magnitude = Mask{} + 0x7fffffffffffffff;
  return reinterpret_cast<Vector>(reinterpret_cast<Mask>(x) & magnitude);
}

[[gnu::always_inline]] inline double total(Vector x) noexcept {
  return ((x[0] + x[4]) + (x[2] + x[6])) + ((x[1] + x[5]) + (x[3] + x[7]));
}

/// Two chains of additions, so that one addition need not wait for the last.
struct Sum {
  Vector chain[2] = {};
  [[gnu::always_inline]] double value() const noexcept { return total(chain[0] + chain[1]); }
};

/// body(first symbol, chain) for every vector of a row.
template <class Body>
[[gnu::always_inline]] inline void for_vectors(std::size_t num_symbols, Body body) noexcept {
  std::size_t i = 0;
  for (; i + kLanes < num_symbols; i += 2 * kLanes) {
    body(i, 0);
    body(i + kLanes, 1);
  }
  if (i < num_symbols) body(i, 0);
}

/// One bit a lane.
[[gnu::always_inline]] inline std::uint8_t pack(Mask mask) noexcept {
#if defined(__AVX512DQ__)
  return _mm512_movepi64_mask(reinterpret_cast<__m512i>(mask));
#else
  unsigned bits = 0;
  for (std::size_t j = 0; j < kLanes; ++j) bits |= mask[j] != 0 ? 1u << j : 0u;
  return static_cast<std::uint8_t>(bits);
#endif
}

[[gnu::always_inline]] inline Mask unpack(std::uint8_t bits) noexcept {
#if defined(__AVX512DQ__)
  return reinterpret_cast<Mask>(_mm512_movm_epi64(bits));
#else
  return ((Mask{} + bits) & Mask{1, 2, 4, 8, 16, 32, 64, 128}) != 0;
#endif
}

}  // namespace tickwerk::limit
