#include "cli/backtest.h"

#include "cli/job_command.h"
#include "cli/run_flags.h"
#include "cli/sweep_flags.h"
#include "tickwerk/job/backtest_job.h"

namespace tickwerk::cli {
namespace {

job::RunConfig defaults(const Settings&) {
  job::RunConfig config = command_defaults("backtest", "trend_baseline");
  config.trials = job::TrialRecord::kKeep;
  return config;
}

int run(const Invocation& invocation) {
  job::RunConfig config = defaults(invocation.settings);
  switch (repetition(invocation.settings)) {
    case Repetition::kSweep: {
      const job::SweepConfig sweep = sweep_config(invocation.settings, invocation.output);
      return run_job_command(invocation, std::move(config),
                             [&](const job::RunConfig& run) { return job::run_sweep(run, sweep); });
    }
    case Repetition::kStress:
      return run_job_command(invocation, std::move(config), job::run_stressed_backtest);
    case Repetition::kNone:
      break;
  }
  return run_job_command(invocation, std::move(config), job::run_backtest);
}

}  // namespace

Command backtest_command() {
  return {
      .name = "backtest",
      .summary = "a strategy over history: orders, trades, equity, metrics, report",
      .details =
          "Decides on the close of each bar with data up to it and fills at the next open, after "
          "costs. Writes orders_1d.csv, trades_1d.csv, equity_curve_1d.csv, "
          "performance_report_1d.md and metrics.json to the output folder. With --sweep it writes "
          "sweep_1d.csv, sweep_heatmap_METRIC.csv and sweep_report_1d.md instead, with --stress "
          "stress_1d.csv and stress_1d.md besides. Every run is a trial on record in the folder "
          "trials of the output folder, and the deflated Sharpe ratio counts them.",
      .groups = {bars_flags(), source_flags(), store_flags(), strategy_flags(), backtest_flags(),
                 sweep_flags()},
      .defaults = defaults,
      .run = run};
}

}  // namespace tickwerk::cli
