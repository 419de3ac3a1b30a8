#include "tickwerk/risk/calendar_returns.h"

#include "tickwerk/risk/drawdown.h"
#include "tickwerk/risk/growth.h"
#include "tickwerk/risk/returns.h"
#include "tickwerk/risk/sharpe.h"
#include "tickwerk/risk/volatility.h"

namespace tickwerk::risk {
namespace {

struct Key {
  int year = 0;
  int month = 0;
  bool operator==(const Key&) const = default;
};

Key key_of(Timestamp time, CalendarPeriod period) {
  const YearMonthDay day = year_month_day(date_of(time));
  return {day.year, period == CalendarPeriod::kYear ? 0 : day.month};
}

}  // namespace

std::vector<CalendarRow> calendar_returns(const CalendarInput& input, CalendarPeriod period) {
  const auto rows = input.rows;
  const std::vector<double> net = equity_values(rows, Basis::kNet);
  std::vector<CalendarRow> table;
  std::size_t first = 0;
  while (first < rows.size()) {
    const Key key = key_of(rows[first].time, period);
    std::size_t end = first + 1;
    while (end < rows.size() && key_of(rows[end].time, period) == key) ++end;

    const double net_base = first == 0 ? input.start_capital : net[first - 1];
    CalendarRow row;
    row.year = key.year;
    row.month = key.month;
    row.num_bars = end - first;
    row.net_return = total_return(net_base, net[end - 1]);
    row.max_drawdown_pct = *max_drawdown_pct(net_base, std::span(net).subspan(first, end - first));
    for (std::size_t i = first; i < end; ++i) row.cost += rows[i].cost;
    row.gross_return = total_return(net_base, net[end - 1] + row.cost);

    const std::size_t before = first == 0 ? 0 : first - 1;
    const auto values = std::span<const double>(net).subspan(before, end - before);
    row.volatility = volatility(simple_returns(values), periods_per_year(input.frequency));
    const ReturnSeries series =
        sharpe_series(rows.subspan(before, end - before), values, input.frequency);
    row.sharpe = sharpe(series.returns, input.rf, series.periods_per_year);
    table.push_back(row);
    first = end;
  }
  return table;
}

}  // namespace tickwerk::risk
