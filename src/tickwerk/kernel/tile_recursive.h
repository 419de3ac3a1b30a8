// Recursive operators on tiles: a value depends on all bars before it through `state`, whose zeros
// mean "before the first bar"; the same bits however the bars are cut. A NaN bar gives NaN and
// leaves the state as it was, unless said otherwise. Used through the registry
// (expr/operators_recursive.cpp). No allocation.
#pragma once

#include "tickwerk/kernel/tile.h"

namespace tickwerk::kernel::tile {

inline constexpr std::size_t kMeanState = 2;
inline constexpr std::size_t kSumState = 1;
inline constexpr std::size_t kLastValueState = 2;
inline constexpr std::size_t kLatchState = 1;
inline constexpr std::size_t kBarsSinceState = 1;

/// Exponential mean: e = first value, then e + a (x - e) with a = 2 / (n + 1); NaN until n values
/// were seen. Constants: n. The mean of a constant is that constant.
void ema(const TileArgs& args) noexcept;

/// Wilder's mean: the mean of the first n values, then e + (x - e) / n; NaN until n values were
/// seen. Constants: n. Source: Wilder (1978), "New Concepts in Technical Trading Systems".
void wilder(const TileArgs& args) noexcept;

/// Sum of all values so far.
void cumulative_sum(const TileArgs& args) noexcept;

/// The last value that was not NaN; NaN before the first.
void last_value(const TileArgs& args) noexcept;

/// Inputs: enter, exit (conditions). Exit true: 0. Exit false and enter true: 1. Else as before,
/// 0 at first. Never NaN.
void latch(const TileArgs& args) noexcept;

/// Bars since the condition was last true, 0 where it is; NaN before. A NaN counts as not true.
void bars_since(const TileArgs& args) noexcept;

}  // namespace tickwerk::kernel::tile
