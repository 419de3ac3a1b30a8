// End-of-day orders for the next session: the job EOD_SMALL and `tickwerk daily`.
#pragma once

#include "tickwerk/job/job.h"

namespace tickwerk::job {

/// Orders that a backtest over the same history decides at `config.date`, sized, checked against
/// limits and written with the files of the history. The same steps as run_backtest; the same bytes
/// when run twice.
JobResult run_daily(const RunConfig& config);

}  // namespace tickwerk::job
