// How much a symbol trades and how much it moves, as the cost model and the participation cap read
// it. Made once per run from the bars; knows no orders.
#pragma once

#include "tickwerk/market/bars.h"

namespace tickwerk::backtest {

inline constexpr int kLiquidityWindow = 20;  // bars

/// [time, symbol]; NaN where the symbol has no bar, and before its window is full.
struct Liquidity {
  Panel volatility;  // vol_20: sample deviation of log returns over 20 bars
  Panel adv;         // adv_20: mean of close * volume over 20 bars, cash
};

/// Row t reads the symbol's own bars up to and including t. NaN in a window gives NaN. Cost:
/// O(time * symbol * window), parallel over symbols. Throws kNotFound when the bars have no volume.
Liquidity liquidity(const market::Bars& bars);

}  // namespace tickwerk::backtest
