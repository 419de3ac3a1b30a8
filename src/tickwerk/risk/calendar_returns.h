// Results by calendar year and by month, from the equity rows of a backtest. Used by the report.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "tickwerk/base/time.h"
#include "tickwerk/risk/fill.h"

namespace tickwerk::risk {

enum class CalendarPeriod { kYear, kMonth };

struct CalendarRow {
  int year = 0;
  int month = 0;  // 1 to 12; 0 for a whole year
  std::size_t num_bars = 0;
  double net_return = 0;        // to the last equity, from that before the period or the start
  double gross_return = 0;      // the same with the costs of the period added to its last equity
  double max_drawdown_pct = 0;  // within the period, net, from the same base
  double cost = 0;              // cash
  std::optional<double> volatility;  // a year, of the returns that end in the period
  std::optional<double> sharpe;      // a year, of the same
};

/// One row for each period with a bar, in order. Net returns of all rows compound to the total
/// return.
struct CalendarInput {
  std::span<const EquityRow> rows;
  double start_capital = 0;
  Frequency frequency = Frequency::kDaily;
  double rf = 0;  // a year
};
std::vector<CalendarRow> calendar_returns(const CalendarInput& input, CalendarPeriod period);

}  // namespace tickwerk::risk
