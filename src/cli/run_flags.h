// The flags that fill a job::RunConfig, shared by backtest, daily, profile and run-job: one table
// holds for each flag its description, how its value enters the configuration and how the
// configuration shows it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cli/flag.h"
#include "cli/settings.h"
#include "tickwerk/job/run_config.h"

namespace tickwerk::cli {

/// --prices, --symbols, --universe, --max-symbols, --from, --to, --freq, --strict, --on-duplicate.
FlagGroup bars_flags();
/// --groups, --events, --as-of: for commands that evaluate expressions.
FlagGroup source_flags();
/// --store, --no-store, --rebuild, --cold: for commands that read factors.
FlagGroup store_flags();
/// --strategy, --param, --weights, --top-n, --max-weight, --gross, --rebalance, --band,
/// --min-volume-ratio, --meta-model, --meta-mode, --min-confidence.
FlagGroup strategy_flags();
/// --start-capital, costs, --fill, --min-trade, --lot-size, delisting, --no-trades, --benchmark,
/// --rf.
FlagGroup backtest_flags();
/// --date, --positions, --max-orders, --max-notional, --max-order-weight.
FlagGroup daily_flags();

/// The six groups in this order: for `profile` and `run-job`, which run any job.
std::vector<FlagGroup> run_flag_groups();

/// `defaults` with every given setting applied: the strategy first, then what adjusts it. Takes
/// --seed and --output of the common flags too, and the kill switch from TICKWERK_KILL_SWITCH.
/// Throws kInvalidArgument for what only shows in combination (unknown strategy or parameter,
/// --from after --to).
job::RunConfig run_config(const Settings& settings, job::RunConfig defaults);

/// The same of the bars and what stands beside them alone, for commands that run no strategy.
job::RunConfig bars_config(const Settings& settings);

/// Every run flag with the value the configuration has for it (empty = none).
std::vector<std::pair<std::string, std::string>> show(const job::RunConfig& config);

}  // namespace tickwerk::cli
