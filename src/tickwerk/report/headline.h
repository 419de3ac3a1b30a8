// What came of a backtest in a sentence or two and one line of blocks. Used by the report and the
// summary.
#pragma once

#include <span>
#include <string>

#include "tickwerk/report/backtest_report.h"

namespace tickwerk::report {

/// `10,000.00 became 12,345.67 in 2,520 bars from 2014-01-02 to 2023-12-29: ...`.
std::string headline(const BacktestReport& report);

/// The curve as at most `width` blocks of eight heights between its lowest and highest value, each
/// block the last value of its share of the rows. Empty for fewer than two rows or a value that is
/// not positive.
std::string sparkline(std::span<const risk::EquityRow> rows, std::size_t width);

}  // namespace tickwerk::report
