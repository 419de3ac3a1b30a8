// A backtest that is only asked for its equity, many times over the same bars: what a sweep runs
// for each of its parameters. Holdings are kept as values, so a bar needs two rows of the signals
// and one of the price steps. Fills at the same close, in fractions of shares, long only, at one
// cost rate; `backtest::run` is the engine for everything else and agrees within 1e-12 of equity.
#pragma once

#include <span>
#include <vector>

#include "tickwerk/backtest/backtest.h"
#include "tickwerk/backtest/close_steps.h"

namespace tickwerk::backtest {

/// Whether `EquityRun` has the rules of this run; otherwise use `run` with nothing listed.
bool equity_alone_suffices(const strategy::StrategySpec& spec,
                           const BacktestConfig& config) noexcept;

/// As in BacktestResult. The rows are valid until the next run.
struct EquityOutcome {
  std::span<const risk::EquityRow> equity;
  std::uint64_t num_orders = 0;
  std::uint64_t num_fills = 0;
  std::uint64_t num_partial = 0;
  std::uint64_t num_delisted = 0;
};

/// Memory of one run after the other; one for each thread.
class EquityRun {
 public:
  /// `steps` must outlive the run and be made with the delist_after of the configurations.
  explicit EquityRun(const CloseSteps& steps);

  /// Requires equity_alone_suffices and signals of the shape of the steps. Cost: O(time * symbol),
  /// no allocation. Throws kInvalidArgument as `run` does.
  EquityOutcome run(const strategy::Signals& signals,
                    const strategy::StrategySpec& spec,
                    const BacktestConfig& config);

 private:
  const CloseSteps& steps_;
  Panel memory_;
  std::vector<risk::EquityRow> equity_;
};

}  // namespace tickwerk::backtest
