// Signals: per symbol and deciding bar, hold it (and with what strength among the chosen), leave
// it, or keep the holding as it is. Weights follow in the backtest, since what is kept takes its
// share first.
#pragma once

#include <cstdint>
#include <vector>

#include "tickwerk/strategy/factors.h"

namespace tickwerk::strategy {

struct Signals {
  DirectionPanel direction;
  Panel
      strength;  // >= 0, relative among the longs and among the shorts of a row; empty = all equal
  std::vector<std::uint8_t> decides;  // per row: 1 where the strategy decides
};

struct SignalConfig {
  std::size_t first_row = 0;  // rows before do not decide
  int delist_after = 5;       // rows without a bar after which a symbol is no longer held
};

/// Applies universe, volume filter, weighting, `top_n` and the rebalance schedule of the
/// specification to its factors. [time, symbol] like the bars; a symbol without a bar is kKeep, one
/// outside the universe on that day kFlat. Longs rank from the highest score, shorts from the
/// lowest. Row t reads rows up to and including t only. Cost: O(time * symbol), with top_n
/// O(time * symbol * log symbol).
Signals build_signals(const market::Bars& bars,
                      const StrategySpec& spec,
                      Factors factors,
                      const SignalConfig& config = {});

}  // namespace tickwerk::strategy
