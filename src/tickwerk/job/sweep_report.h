// What a sweep leaves for people: the report, and the summary for stdout, beside the files of
// sweep_table.h. Internal to `job`. Formats: docs/formats/sweep_outputs.md.
#pragma once

#include "tickwerk/job/sweep_table.h"

namespace tickwerk::job {

/// Writes sweep_1d.csv, sweep_heatmap_<metric>.csv and sweep_report_1d.md. Throws kIo.
JobResult report_sweep(const SweepReport& report);

}  // namespace tickwerk::job
