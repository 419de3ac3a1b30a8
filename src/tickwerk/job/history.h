// The steps that a backtest and an end-of-day run have in common: prices to factors, signals and a
// backtest, and its files. Internal to `job`.
#pragma once

#include <string>
#include <vector>

#include "tickwerk/job/job.h"

namespace tickwerk::job {

struct History {
  market::LoadedBars loaded;
  strategy::Signals signals;
  strategy::StrategySpec spec;
  backtest::BacktestResult result;
  std::vector<double> benchmark;
};

/// The step load_data. Throws kCorruptData when no bar is left to trade.
void load_history(const RunConfig& config, History& history);

/// The steps build_factors and build_signals.
void build_signals(const RunConfig& config, History& history);

/// The backtest over the history; inside the step run_backtest of the caller.
void run_history(const RunConfig& config, History& history);

/// Metrics and the files of the history; inside the step generate_reports of the caller.
JobResult report_history(const RunConfig& config, const History& history);

}  // namespace tickwerk::job
