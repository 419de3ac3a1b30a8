// The book of the limit and the two means of its strategy. Used by bench/limit only.
#pragma once

#include <algorithm>
#include <bit>

#include "limit/vectors.h"

namespace tickwerk::limit {

/// The strategy's two means and the book, symbols contiguous.
struct State {
  State(std::size_t num_symbols, const Memory& memory) noexcept
      : size(num_symbols),
        fast(memory.state.data()),
        slow(fast + size),
        shares(fast + 2 * size),
        orders(fast + 3 * size),
        held_value(fast + 4 * size),
        above(memory.above.data()) {
    std::memset(fast, 0, num_state(size) * sizeof(double));
  }

  std::size_t size;
  double* fast;
  double* slow;
  double* shares;
  double* orders;
  double* held_value;
  std::uint8_t* above;  // kBlockRows rows, one bit a symbol: the fast mean is above the slow one
};

struct Means {
  explicit Means(const Rules& rules) noexcept
      : fast(2.0 / (rules.fast + 1.0)), slow(2.0 / (rules.slow + 1.0)) {}

  double fast;
  double slow;
};

/// Moves the means of kGroup * 8 symbols over rows [first, last): in registers, side by side.
template <std::size_t kGroup>
[[gnu::always_inline]] inline void compare_means(PanelView close,
                                                 std::size_t first,
                                                 std::size_t last,
                                                 std::size_t symbol,
                                                 const Means& means,
                                                 const State& state) noexcept {
  const double* start = first == 0 ? close.row(0) + symbol : nullptr;
  Vector fast[kGroup], slow[kGroup];
  for (std::size_t g = 0; g < kGroup; ++g) {
    fast[g] = load((start != nullptr ? start : state.fast + symbol) + g * kLanes);
    slow[g] = load((start != nullptr ? start : state.slow + symbol) + g * kLanes);
  }
  for (std::size_t t = first == 0 ? 1 : first; t < last; ++t) {
    const double* price = close.row(t) + symbol;
    std::uint8_t* above = state.above + ((t - first) * state.size + symbol) / kLanes;
    for (std::size_t g = 0; g < kGroup; ++g) {
      const Vector p = load(price + g * kLanes);
      fast[g] = (1 - means.fast) * fast[g] + means.fast * p;
      slow[g] = (1 - means.slow) * slow[g] + means.slow * p;
      above[g] = pack(fast[g] > slow[g]);
    }
  }
  for (std::size_t g = 0; g < kGroup; ++g) {
    store(state.fast + symbol + g * kLanes, fast[g]);
    store(state.slow + symbol + g * kLanes, slow[g]);
  }
}

/// Where the fast mean is above the slow one on row t; computed for a block of rows at a time, so
/// that the loop over bars need not carry the means through the cache.
inline const std::uint8_t* above_on(std::size_t t,
                                    PanelView close,
                                    const Means& means,
                                    const State& state) noexcept {
  if (t % kBlockRows == 0) {
    constexpr std::size_t kGroup = 4;
    const std::size_t last = std::min(t + kBlockRows, close.num_rows);
    std::size_t i = 0;
    for (; i + kGroup * kLanes <= state.size; i += kGroup * kLanes) {
      compare_means<kGroup>(close, t, last, i, means, state);
    }
    for (; i < state.size; i += kLanes) compare_means<1>(close, t, last, i, means, state);
  }
  return state.above + (t % kBlockRows) * state.size / kLanes;
}

/// How many symbols a row of above_on holds.
inline double count_above(const std::uint8_t* above, std::size_t num_symbols) noexcept {
  int count = 0;
  for (std::size_t i = 0; i < num_symbols / kLanes; ++i) count += std::popcount(above[i]);
  return count;
}

}  // namespace tickwerk::limit
