// The report of a backtest for people, in Markdown: headline, metrics net and gross, benchmark,
// gates, drawdowns, years and months, trading, notes, configuration, provenance. Every figure comes
// from the structs it is given.
#pragma once

#include <string>

#include "tickwerk/report/backtest_report.h"

namespace tickwerk::report {

/// The text of `performance_report_1d.md`; the same bytes for the same results.
std::string performance_report(const BacktestReport& report);

}  // namespace tickwerk::report
