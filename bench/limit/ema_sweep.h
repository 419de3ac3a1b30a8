// The limit of a parameter sweep: trend_baseline at same_close for every pair of two lists of
// windows, equity alone. The means of a window are shared by all pairs that use it; the book of a
// pair is one loop over bars. Every bar of every symbol must be there, and the number of symbols a
// multiple of 8. Used by bench/ema_sweep only, compiled for the machine.
#pragma once

#include <array>
#include <cstddef>

#include "tickwerk/panel/panel.h"

namespace tickwerk::limit {

inline constexpr std::size_t kNumFast = 10;
inline constexpr std::size_t kNumSlow = 10;
inline constexpr std::size_t kNumPairs = kNumFast * kNumSlow;

struct Sweep {
  std::array<int, kNumFast> fast = {5, 10, 15, 20, 25, 30, 35, 40, 45, 50};
  std::array<int, kNumSlow> slow = {60,  80,  100, 120, 140,
                                    160, 180, 200, 220, 240};  // > every fast
  double start_capital = 10'000;
  double cost_rate = 1.25 / 1e4;  // of traded notional
  double min_trade = 1e-9;        // share of equity
};

/// Equity after the fills of row t of pair k (fast varies slowest) in equity(k, t).
/// Equity after costs is the fixed point itself, which eight iterations from the equity before
/// costs reach to the last digit; what differs from them is below 1e-12 of the equity.
/// NaN: none allowed. Row t reads rows [0, t]. With more threads each takes some fast windows.
/// Cost: O(time * symbol * pair). Source: docs/backtest.md.
void ema_sweep(PanelView close, const Sweep& sweep, int num_threads, PanelSpan equity);

}  // namespace tickwerk::limit
