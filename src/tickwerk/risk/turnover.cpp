#include "tickwerk/risk/turnover.h"

namespace tickwerk::risk {

std::optional<double> turnover(std::span<const EquityRow> rows, double periods_per_year) noexcept {
  if (rows.size() < 2) return {};
  double traded = 0;
  double equity = 0;
  for (const EquityRow& row : rows) {
    traded += row.bought + row.sold;
    equity += row.equity;
  }
  const double mean_equity = equity / static_cast<double>(rows.size());
  if (!(mean_equity > 0)) return {};
  const double years = static_cast<double>(rows.size() - 1) / periods_per_year;
  return traded / 2 / mean_equity / years;
}

}  // namespace tickwerk::risk
