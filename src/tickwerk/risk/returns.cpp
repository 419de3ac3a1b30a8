#include "tickwerk/risk/returns.h"

#include <cmath>
#include <limits>

#include "tickwerk/base/error.h"

namespace tickwerk::risk {

std::vector<double> equity_values(std::span<const EquityRow> rows, Basis basis) {
  std::vector<double> values;
  values.reserve(rows.size());
  double cost = 0;
  for (const EquityRow& row : rows) {
    cost += row.cost;
    values.push_back(basis == Basis::kNet ? row.equity : row.equity + cost);
  }
  return values;
}

std::vector<double> simple_returns(std::span<const double> values) {
  std::vector<double> returns;
  if (values.size() < 2) return returns;
  returns.reserve(values.size() - 1);
  for (std::size_t i = 1; i < values.size(); ++i) {
    returns.push_back(values[i - 1] > 0 ? values[i] / values[i - 1] - 1
                                        : std::numeric_limits<double>::quiet_NaN());
  }
  return returns;
}

ReturnSeries sharpe_series(std::span<const EquityRow> rows,
                           std::span<const double> values,
                           Frequency frequency) {
  TW_CHECK(rows.size(), ==, values.size());
  if (frequency == Frequency::kDaily) {
    return {simple_returns(values), periods_per_year(Frequency::kDaily)};
  }
  std::vector<double> day_ends;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool last_of_day =
        i + 1 == rows.size() || date_of(rows[i + 1].time) != date_of(rows[i].time);
    if (last_of_day) day_ends.push_back(values[i]);
  }
  return {simple_returns(day_ends), periods_per_year(Frequency::kDaily)};
}

}  // namespace tickwerk::risk
