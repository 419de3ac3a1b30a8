// From the equity rows of a backtest to the series that statistics read: equity net or gross of
// costs, and its simple returns. The first row has no return. Used by summary.h and
// calendar_returns.h.
#pragma once

#include <span>
#include <vector>

#include "tickwerk/base/time.h"
#include "tickwerk/risk/fill.h"

namespace tickwerk::risk {

/// kGross: the same fills with their costs added back, equity_t + sum of costs up to and including
/// t.
enum class Basis { kNet, kGross };

std::vector<double> equity_values(std::span<const EquityRow> rows, Basis basis);

/// values[i + 1] / values[i] - 1: one fewer than the values. NaN where the earlier value is not
/// positive.
std::vector<double> simple_returns(std::span<const double> values);

/// The returns that a Sharpe ratio is made of, and how many of them make a year.
struct ReturnSeries {
  std::vector<double> returns;
  double periods_per_year = 252;
};

/// Daily bars: the returns of the rows. Intraday bars: returns between the last rows of successive
/// UTC days, 252 a year; the first day has none. `values` belong to `rows` one by one.
ReturnSeries sharpe_series(std::span<const EquityRow> rows,
                           std::span<const double> values,
                           Frequency frequency);

}  // namespace tickwerk::risk
