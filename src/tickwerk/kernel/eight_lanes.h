// Eight doubles as a value that stays in vector registers of a given width, and the dispatch
// between widths. Used by the row kernels (kernel/row_*.cpp) and the sorting network: each is one
// text over `width`, compiled for two (any x86-64), four (AVX2) and eight (AVX-512) doubles a
// register. Only IEEE basic operations: every width gives the same bits.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>

#include "tickwerk/kernel/lanes.h"
#include "tickwerk/kernel/vector_clones.h"

// Every function here is inlined, so that no calling convention is ever asked for vector types.
#pragma GCC diagnostic ignored "-Wpsabi"

// Without the checks of undefined behaviour, one for each lane and operation, which alone would
// make the sorting network compile for a minute; those of addresses stay.
#define TW_LANES_LAMBDA __attribute__((always_inline, no_sanitize("undefined")))
#define TW_LANES_INLINE TW_LANES_LAMBDA inline

/// Defines `name parameters`, which is `body<width> arguments` for the width of the processor. To
/// stand in an anonymous namespace: other files would call the narrowest one.
// NOLINTBEGIN(bugprone-macro-parentheses): the arguments are declarations, not expressions.
#ifdef TW_HAS_VECTOR_CLONES
#define TW_BY_WIDTH(result, name, parameters, body, arguments)                                    \
  [[gnu::target("arch=x86-64-v4")]] result name parameters noexcept { return body<8> arguments; } \
  [[gnu::target("arch=x86-64-v3")]] result name parameters noexcept { return body<4> arguments; } \
  [[gnu::target("default")]] result name parameters noexcept { return body<2> arguments; }
#else
#define TW_BY_WIDTH(result, name, parameters, body, arguments) \
  result name parameters noexcept { return body<2> arguments; }
#endif
// NOLINTEND(bugprone-macro-parentheses)

namespace tickwerk::kernel {

/// Lanes 0 to 7 in vectors of `width`.
template <std::size_t width>
struct Eight {
  using Vector [[gnu::vector_size(width * 8)]] = double;
  using Memory [[gnu::vector_size(width * 8), gnu::aligned(8), gnu::may_alias]] = double;
  static constexpr std::size_t kParts = kLanes / width;

  Vector part[kParts];
};

template <std::size_t width>
TW_LANES_INLINE Eight<width> load(const double* from) {
  Eight<width> lanes;
  for (std::size_t i = 0; i < Eight<width>::kParts; ++i) {
    lanes.part[i] = *reinterpret_cast<const typename Eight<width>::Memory*>(from + i * width);
  }
  return lanes;
}

template <std::size_t width>
TW_LANES_INLINE void store(const Eight<width>& lanes, double* to) {
  for (std::size_t i = 0; i < Eight<width>::kParts; ++i) {
    *reinterpret_cast<typename Eight<width>::Memory*>(to + i * width) = lanes.part[i];
  }
}

template <std::size_t width>
TW_LANES_INLINE Eight<width> all(double value) {
  Eight<width> lanes;
  for (auto& part : lanes.part) part = typename Eight<width>::Vector{} + value;
  return lanes;
}

/// result_i = expression of x and y, the lanes i of a and b.
#define TW_LANES_OPERATOR(name, expression)                                         \
  template <std::size_t width>                                                      \
  TW_LANES_INLINE Eight<width> name(const Eight<width>& a, const Eight<width>& b) { \
    using Vector [[maybe_unused]] = typename Eight<width>::Vector;                  \
    Eight<width> result;                                                            \
    for (std::size_t i = 0; i < Eight<width>::kParts; ++i) {                        \
      const Vector x = a.part[i];                                                   \
      const Vector y = b.part[i];                                                   \
      result.part[i] = expression;                                                  \
    }                                                                               \
    return result;                                                                  \
  }
TW_LANES_OPERATOR(operator+, (x + y))
TW_LANES_OPERATOR(operator-, (x - y))
TW_LANES_OPERATOR(operator*, (x * y))
TW_LANES_OPERATOR(operator/, (x / y))
/// Of the two, or y where x is NaN.
TW_LANES_OPERATOR(smaller, (x < y ? x : y))
TW_LANES_OPERATOR(larger, (x > y ? x : y))
/// x, or y where x is NaN.
TW_LANES_OPERATOR(or_else, (x == x ? x : y))
/// x, or NaN where y is NaN.
TW_LANES_OPERATOR(beside, (y == y ? x : y))
/// x, or 0 where y is NaN.
TW_LANES_OPERATOR(where_value, (y == y ? x : Vector{}))
#undef TW_LANES_OPERATOR

/// The sum of the lanes in the order of lanes.h.
template <std::size_t width>
TW_LANES_INLINE double total(const Eight<width>& lanes) {
  double lane[kLanes];
  store(lanes, lane);
  return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

template <std::size_t width>
TW_LANES_INLINE double smallest(const Eight<width>& lanes) {
  double lane[kLanes];
  store(lanes, lane);
  return *std::min_element(lane, lane + kLanes);
}

template <std::size_t width>
TW_LANES_INLINE double largest(const Eight<width>& lanes) {
  double lane[kLanes];
  store(lanes, lane);
  return *std::max_element(lane, lane + kLanes);
}

/// Runs `use(lanes of rows[k]...)` on eight symbols after another; those beyond `size` are NaN.
template <std::size_t width, class Use, class... Rows>
TW_LANES_INLINE void each_eight(std::size_t size, Use use, const Rows*... rows) {
  const std::size_t whole = size / kLanes * kLanes;
  for (std::size_t i = 0; i < whole; i += kLanes) use(load<width>(rows + i)...);
  if (whole == size) return;
  const auto rest = [whole, size](const double* row) TW_LANES_LAMBDA {
    double lane[kLanes];
    std::fill_n(lane, kLanes, std::numeric_limits<double>::quiet_NaN());
    std::copy(row + whole, row + size, lane);
    return load<width>(lane);
  };
  use(rest(rows)...);
}

}  // namespace tickwerk::kernel
