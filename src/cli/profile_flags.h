// The flags of `tickwerk profile` and of `run-job`, which runs its iterations, as data. Used by
// profile.cpp only.
#pragma once

#include <vector>

#include "cli/flag.h"

namespace tickwerk::cli {

/// Measurement, then the flags of a job. `--top-n` counts functions here, so the strategy's is
/// `--strategy-top-n`; their keys are `top_functions` and, as everywhere, `top_n`.
std::vector<FlagGroup> profile_groups();

/// The flags of a job as `backtest` and `daily` spell them, and where the measurement goes.
std::vector<FlagGroup> measured_run_groups();

/// Those of measured_run_groups() and of the common flags that `profile` hands on to its
/// iterations: whatever can change the job's work or place.
std::vector<Flag> iteration_flags();

}  // namespace tickwerk::cli
