// A backtest on one screen of a terminal: headline and the metrics one looks at first. JSON:
// metrics_json.h.
#pragma once

#include <string>

#include "tickwerk/report/backtest_report.h"

namespace tickwerk::report {

/// Ends in a newline.
std::string summary_text(const BacktestReport& report);

}  // namespace tickwerk::report
