// Metrics as JSON: keys sorted, numbers with 12 significant digits, what is missing as null.
// Written to `metrics.json`; the summary for `--format json` holds the same. Keys and units:
// docs/formats/backtest_outputs.md.
#pragma once

#include <string>

#include "tickwerk/report/backtest_report.h"

namespace tickwerk::report {

/// Two spaces of indentation, ends in a newline.
std::string metrics_json(const BacktestReport& report);

/// One document for stdout: the job, its data and what metrics_json holds, under `metrics`.
std::string summary_json(const BacktestReport& report);

}  // namespace tickwerk::report
