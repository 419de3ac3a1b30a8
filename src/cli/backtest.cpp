#include "cli/backtest.h"

#include "cli/job_command.h"
#include "cli/run_flags.h"
#include "tickwerk/job/backtest_job.h"

namespace tickwerk::cli {
namespace {

job::RunConfig defaults(const Settings&) { return command_defaults("backtest", "trend_baseline"); }

int run(const Invocation& invocation) {
  return run_job_command(invocation, defaults(invocation.settings), job::run_backtest);
}

}  // namespace

Command backtest_command() {
  return {
      .name = "backtest",
      .summary = "a strategy over history: orders, trades, equity, metrics, report",
      .details =
          "Decides on the close of each bar with data up to it and fills at the next open, after "
          "costs. Writes orders_1d.csv, trades_1d.csv, equity_curve_1d.csv, "
          "performance_report_1d.md and metrics.json to the output folder.",
      .groups = {bars_flags(), source_flags(), strategy_flags(), backtest_flags()},
      .defaults = defaults,
      .run = run};
}

}  // namespace tickwerk::cli
