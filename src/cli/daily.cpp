#include "cli/daily.h"

#include "cli/job_command.h"
#include "cli/run_flags.h"
#include "tickwerk/job/daily_job.h"

namespace tickwerk::cli {
namespace {

job::RunConfig defaults(const Settings&) { return command_defaults("daily", "ema_trend"); }

int run(const Invocation& invocation) {
  return run_job_command(invocation, defaults(invocation.settings), job::run_daily);
}

}  // namespace

Command daily_command() {
  return {
      .name = "daily",
      .summary = "end-of-day orders for the next session",
      .details =
          "The orders that a backtest over the same history decides at the date, as "
          "orders_YYYYMMDD.csv, beside the files of that history. TICKWERK_KILL_SWITCH=1 in the "
          "environment writes an empty order file.",
      .groups = run_flag_groups(),
      .defaults = defaults,
      .run = run};
}

}  // namespace tickwerk::cli
