// The flags by which `backtest` runs a strategy more than once: every combination of parameters,
// or the same under stress. No part of a RunConfig: jobs under measurement have none of them.
#pragma once

#include "cli/flag.h"
#include "cli/output.h"
#include "cli/settings.h"
#include "tickwerk/job/sweep.h"

namespace tickwerk::cli {

/// --sweep, --metric, --top, --no-resume, --stress.
FlagGroup sweep_flags();

enum class Repetition { kNone, kSweep, kStress };

/// Throws kInvalidArgument for flags that exclude or miss each other.
Repetition repetition(const Settings& settings);

/// What the flags say of a sweep; progress goes to stderr on a terminal. Throws as parse_grid.
job::SweepConfig sweep_config(const Settings& settings, const Output& output);

}  // namespace tickwerk::cli
