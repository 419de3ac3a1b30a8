// A strategy over history for every combination of some of its parameters and of settings of the
// backtest: `tickwerk backtest --sweep`. Reports and ranks; chooses nothing for the user. Files:
// docs/formats/sweep_outputs.md.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "tickwerk/job/job.h"
#include "tickwerk/job/sweep_grid.h"
#include "tickwerk/job/trials.h"

namespace tickwerk::job {

struct History;

/// kRecord: combinations that are on record are taken from there. kCompute: run again, and put on
/// record in place of what was there.
enum class Resume { kRecord, kCompute };

/// Settings of a run that can be swept beside the parameters of the strategy, which come first
/// where both have a name.
struct SweepSettings {
  std::vector<std::string> names;
  /// Throws kInvalidArgument for a value that the setting does not take.
  std::function<void(const std::string& name, const std::string& value, RunConfig& config)> apply;
};

struct SweepConfig {
  SweepGrid grid;
  SweepSettings settings = {};
  std::string metric = "sharpe";  // one of kTrialMetrics that is an aim
  std::size_t num_shown = 10;     // best and worst in the report
  Resume resume = Resume::kRecord;

  /// Told from time to time on the calling thread; empty = nobody. Must not throw.
  std::function<void(std::size_t num_done, std::size_t num_all)> progress = {};
};

/// What became of one combination.
struct SweepOutcome {
  TrialFigures figures;  // meaningless when it failed
  std::string failure;   // empty = it ran
};

struct SweepResult {
  std::vector<SweepOutcome> outcomes;  // of the combinations, in the order of the grid
  std::size_t num_failed = 0;
  std::size_t num_on_record = 0;      // taken from the record
  std::vector<std::string> warnings;  // what is odd about expressions on these data, each once
};

/// Runs the combinations that are not on record: those that share their settings one after another;
/// all expressions of a chunk of them are planned together, the backtests of a chunk run side by
/// side, and what is done is put on record as it goes. Each figure has the bits that a backtest of
/// the combination alone gives, except where backtest::EquityRun has the rules of the run (equity
/// within 1e-12). The same bits for any number of threads. `book` may be null: then nothing is on
/// record. A combination that the strategy or the backtest refuses has failed, with the reason;
/// throws that error when all did. Memory: a chunk of signals (about 128 MB, at least those of one
/// combination) and about 200 bytes a combination.
SweepResult run_combinations(const RunConfig& config,
                             const SweepConfig& sweep,
                             const History& history,
                             TrialBook* book);

/// The whole job. Throws kInvalidArgument for a metric or a parameter that is none, with the
/// nearest names.
JobResult run_sweep(const RunConfig& config, const SweepConfig& sweep);

}  // namespace tickwerk::job
