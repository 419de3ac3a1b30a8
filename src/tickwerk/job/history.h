// The steps that a backtest and an end-of-day run have in common: prices to factors, signals and a
// backtest, and its files. Internal to `job`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tickwerk/job/job.h"
#include "tickwerk/model/meta_model_file.h"

namespace tickwerk::job {

struct History {
  market::LoadedBars loaded;
  factor::LoadedSources sources;
  factor::StoreReport store;
  strategy::Signals signals;
  /// With a meta-model: the signals as the strategy says, and what became of its entries.
  strategy::Signals own_signals;
  std::optional<report::MetaModelCounts> meta_model;
  /// Of sweeps only: what the meta-model says on every bar, and what is known of it.
  Panel probability;
  std::optional<model::MetaModelNotes> meta_model_notes;
  strategy::StrategySpec spec;
  backtest::BacktestResult result;
  std::vector<double> benchmark;      // a value for each traded row, or empty
  std::vector<std::string> warnings;  // what a user must know of the result, a sentence each
};

/// The step load_data: bars, groups and events beside them, the row on which trading begins, the
/// benchmark; what was cut is in the notes, what is empty in the warnings. Throws as market::load,
/// factor::load_sources and benchmark_values; kInvalidArgument when no bar is left to trade.
void load_history(const RunConfig& config, History& history);

/// The steps build_factors and build_signals; what is odd about the strategy's expressions on these
/// data is in the warnings. Throws as strategy::make_strategy and strategy::build_factors.
void build_signals(const RunConfig& config, History& history);

/// The backtest over the history; inside the step run_backtest of the caller. Throws as
/// backtest::run.
void run_history(const RunConfig& config, History& history);

/// Metrics and the files of the history; inside the step generate_reports of the caller. With
/// `config.trials` the run is put on record first, and the metrics count the trials there. Throws
/// kIo, and as TrialBook.
JobResult report_history(const RunConfig& config, const History& history);

}  // namespace tickwerk::job
