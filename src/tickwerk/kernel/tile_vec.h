// Vectors of doubles of the width that the processor has, and the dispatch between widths. Used by
// the tile kernels (kernel/tile_*.cpp): each is one text over `kWidth` lanes, compiled for two
// (any x86-64), four (AVX2) and eight (AVX-512) of the eight lanes of a tile. GCC cuts a 64-byte
// comparison into eight scalar ones where registers are shorter, so TW_VECTOR_CLONES would not do.
// Only IEEE basic operations: every width gives the same bits.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tickwerk/kernel/tile.h"

/// No calling convention is ever asked for vectors: what takes or returns one is inlined, also in
/// builds without optimisation.
#define TW_INLINE [[gnu::always_inline]] inline

namespace tickwerk::kernel {

template <std::size_t kWidth>
struct VecOf {
  using Type __attribute__((vector_size(kWidth * sizeof(double)))) = double;
  using Mask __attribute__((vector_size(kWidth * sizeof(double)))) = std::int64_t;
};

template <std::size_t kWidth>
using Vec = typename VecOf<kWidth>::Type;

/// Bar `bar`, which may be negative, of the lanes that `lanes` points to at bar 0.
template <std::size_t kWidth>
TW_INLINE Vec<kWidth> load(const double* lanes, std::ptrdiff_t bar) noexcept {
  constexpr auto kStride = static_cast<std::ptrdiff_t>(kTileLanes);
  const void* at = __builtin_assume_aligned(lanes + bar * kStride, kWidth * sizeof(double));
  return *static_cast<const Vec<kWidth>*>(at);
}

template <std::size_t kWidth>
TW_INLINE void store(double* lanes, std::ptrdiff_t bar, Vec<kWidth> value) noexcept {
  constexpr auto kStride = static_cast<std::ptrdiff_t>(kTileLanes);
  void* at = __builtin_assume_aligned(lanes + bar * kStride, kWidth * sizeof(double));
  *static_cast<Vec<kWidth>*>(at) = value;
}

template <class V>
TW_INLINE V every(double value) noexcept {
  return V{} + value;
}

template <class V>
TW_INLINE V nan_of() noexcept {
  return every<V>(__builtin_nan(""));
}

// Choices lane by lane. Comparison and choice stand in one statement, and an empty one follows:
// else GCC 12 merges the comparisons of nested choices, or keeps their masks, in a form that
// AVX-512 lacks, and cuts them into scalars (-Wvector-operation-performance shows it).
#if defined(__x86_64__) && !defined(__clang__)
#define TW_CHOSEN(value) asm("" : "+x"(value))
#else
#define TW_CHOSEN(value)
#endif

/// yes where a < b, else no (also where one is NaN).
template <class V>
TW_INLINE V if_less(V a, V b, V yes, V no) noexcept {
  V chosen = a < b ? yes : no;
  TW_CHOSEN(chosen);
  return chosen;
}

template <class V>
TW_INLINE V if_not_above(V a, V b, V yes, V no) noexcept {
  V chosen = a <= b ? yes : no;
  TW_CHOSEN(chosen);
  return chosen;
}

template <class V>
TW_INLINE V if_equal(V a, V b, V yes, V no) noexcept {
  V chosen = a == b ? yes : no;
  TW_CHOSEN(chosen);
  return chosen;
}

/// yes where x is a value, no where it is NaN.
template <class V>
TW_INLINE V if_value(V x, V yes, V no) noexcept {
  return if_equal(x, x, yes, no);
}

#undef TW_CHOSEN

template <class V>
TW_INLINE V one_if_value(V x) noexcept {
  return if_value(x, every<V>(1.0), V{});
}

/// x, or `other` where x is NaN.
template <class V>
TW_INLINE V value_or(V x, V other) noexcept {
  return if_value(x, x, other);
}

/// The smaller of two, b where one is NaN.
template <class V>
TW_INLINE V least(V a, V b) noexcept {
  return if_less(a, b, a, b);
}

template <class V>
TW_INLINE V greatest(V a, V b) noexcept {
  return if_less(b, a, a, b);
}

/// `value` where a > b, else NaN.
template <class V>
TW_INLINE V only_above(V a, double b, V value) noexcept {
  return if_less(every<V>(b), a, value, nan_of<V>());
}

/// `value` where a >= b, else NaN.
template <class V>
TW_INLINE V only_from(V a, double b, V value) noexcept {
  return if_not_above(every<V>(b), a, value, nan_of<V>());
}

/// NaN where x is not finite.
template <class V>
TW_INLINE V finite_or_nan(V x) noexcept {
  return x + (x - x);
}

template <class V>
TW_INLINE V square_root(V x) noexcept {
  V root;
  for (std::size_t lane = 0; lane < sizeof(V) / sizeof(double); ++lane) {
    root[lane] = __builtin_sqrt(x[lane]);
  }
  return root;
}

/// Whether a value of bars [first, last) of these lanes is NaN.
template <std::size_t kWidth>
TW_INLINE bool any_nan(const double* lanes, std::ptrdiff_t first, std::ptrdiff_t last) noexcept {
  typename VecOf<kWidth>::Mask found{};
  for (std::ptrdiff_t bar = first; bar < last; ++bar) {
    const Vec<kWidth> x = load<kWidth>(lanes, bar);
    found |= x != x;
  }
  std::int64_t bits = 0;
  for (std::size_t lane = 0; lane < kWidth; ++lane) bits |= found[lane];
  return bits != 0;
}

enum class VectorWidth { kTwo = 2, kFour = 4, kEight = 8 };

/// What the tile kernels use: the widest of the processor unless limited.
VectorWidth vector_width() noexcept;

/// For the tests, which compare the widths bit for bit. Never above what the processor has.
void limit_vector_width(VectorWidth widest) noexcept;

}  // namespace tickwerk::kernel

#if defined(__x86_64__)
#define TW_TARGET(isa) [[gnu::target(isa)]]
#else
#define TW_TARGET(isa)
#endif

/// Defines `linkage void name(parameters) noexcept` from a body over `kWidth` lanes that is inlined
/// into one function for each width; `arguments` are the names of the parameters.
#define TW_TILE_WIDTHS(linkage, name, parameters, arguments, ...)            \
  TW_TARGET("arch=x86-64-v4") static void name##_eight parameters noexcept { \
    constexpr std::size_t kWidth = 8;                                        \
    __VA_ARGS__;                                                             \
  }                                                                          \
  TW_TARGET("arch=x86-64-v3") static void name##_four parameters noexcept {  \
    constexpr std::size_t kWidth = 4;                                        \
    __VA_ARGS__;                                                             \
  }                                                                          \
  static void name##_two parameters noexcept {                               \
    constexpr std::size_t kWidth = 2;                                        \
    __VA_ARGS__;                                                             \
  }                                                                          \
  linkage void name parameters noexcept {                                    \
    switch (vector_width()) {                                                \
      case VectorWidth::kEight:                                              \
        return name##_eight arguments;                                       \
      case VectorWidth::kFour:                                               \
        return name##_four arguments;                                        \
      case VectorWidth::kTwo:                                                \
        return name##_two arguments;                                         \
    }                                                                        \
  }

/// Defines the TileKernel `name`.
#define TW_TILE_KERNEL(name, ...) \
  TW_TILE_WIDTHS(, name, (const TileArgs& args), (args), __VA_ARGS__)
