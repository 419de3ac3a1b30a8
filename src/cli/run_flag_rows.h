// The rows of the table behind run_flags.h, one file for each group. A row is a flag, how its value
// enters a RunConfig and how the configuration shows it: apply(show(config)) changes nothing.
#pragma once

#include <string>
#include <vector>

#include "cli/flag.h"
#include "cli/settings.h"
#include "tickwerk/job/run_config.h"

namespace tickwerk::cli {

struct RunFlagRow {
  Flag flag;
  void (*apply)(const Settings& settings, job::RunConfig& config) = nullptr;
  std::string (*show)(const job::RunConfig& config) = nullptr;
};

/// Rows are applied in their order: what a later row adjusts, an earlier one has set.
const std::vector<RunFlagRow>& bars_rows();
const std::vector<RunFlagRow>& source_rows();
const std::vector<RunFlagRow>& store_rows();
const std::vector<RunFlagRow>& strategy_rows();
const std::vector<RunFlagRow>& backtest_rows();
const std::vector<RunFlagRow>& daily_rows();

/// A number as its flag takes it.
std::string shown(double value);

}  // namespace tickwerk::cli
