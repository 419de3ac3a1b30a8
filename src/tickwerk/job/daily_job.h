// End-of-day orders for the next session: the job EOD_SMALL and `tickwerk daily`.
#pragma once

#include "tickwerk/job/job.h"

namespace tickwerk::job {

/// Orders that a backtest over the same history decides at `config.date`, sized, checked against
/// limits and written with the files of the history. With `same_close` the backtest has filled them
/// on that close; the file lists them all the same. The kill switch goes before the limits: the
/// order file has its heading only. The same steps as run_backtest; the same bytes when run twice.
/// Throws as run_backtest and read_positions; kInvalidArgument for a date that is no session and
/// for orders beyond a limit, before any file is written.
JobResult run_daily(const RunConfig& config);

}  // namespace tickwerk::job
