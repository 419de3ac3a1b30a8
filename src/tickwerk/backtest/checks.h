// What a configuration, a strategy and its signals must be for any run over them. Internal to
// `backtest`; flags have ranges of their own.
#pragma once

#include "tickwerk/backtest/backtest.h"

namespace tickwerk::backtest {

/// Throws kInvalidArgument naming the rule and what was found.
void check(const BacktestConfig& config);

/// Of the bars.
struct Shape {
  std::size_t num_rows = 0;
  std::size_t num_symbols = 0;
};

/// Throws kInvalidArgument for exposures that cash or margin never allow and for short signals that
/// are not; signals of another shape are an error of the caller.
void check(const strategy::Signals& signals,
           const strategy::StrategySpec& spec,
           const BacktestConfig& config,
           const Shape& shape);

}  // namespace tickwerk::backtest
