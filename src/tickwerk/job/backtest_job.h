// A strategy over history, from prices to all its files: the job BACKTEST_MEDIUM and `tickwerk
// backtest`.
#pragma once

#include "tickwerk/job/job.h"

namespace tickwerk::job {

/// Steps: load_data, build_factors, build_signals, run_backtest, generate_reports.
/// `config.load.prices` must be set (see prepare_run). Throws Error; a failed run leaves no
/// half-written file.
JobResult run_backtest(const RunConfig& config);

/// The same and its stress test (stress.h).
JobResult run_stressed_backtest(const RunConfig& config);

}  // namespace tickwerk::job
