#include "tickwerk/risk/sortino.h"

#include <algorithm>
#include <cmath>

#include "tickwerk/risk/moments.h"

namespace tickwerk::risk {

std::optional<double> sortino(std::span<const double> returns,
                              double rf,
                              double periods_per_year) noexcept {
  if (returns.empty()) return {};
  const double rf_a_period = rf / periods_per_year;
  double squares = 0;
  for (const double value : returns) {
    const double shortfall = std::min(value - rf_a_period, 0.0);
    squares += shortfall * shortfall;
  }
  const double downside = std::sqrt(squares / static_cast<double>(returns.size()));
  if (!(downside >= kNoDeviation)) return {};
  return (*mean(returns) - rf_a_period) / downside * std::sqrt(periods_per_year);
}

}  // namespace tickwerk::risk
