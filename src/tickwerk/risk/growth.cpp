#include "tickwerk/risk/growth.h"

#include <cmath>

namespace tickwerk::risk {

double total_return(double start, double end) noexcept { return end / start - 1; }

std::optional<double> cagr(double start,
                           double end,
                           std::size_t num_returns,
                           double periods_per_year) noexcept {
  const double count = static_cast<double>(num_returns);
  if (num_returns == 0 || count < periods_per_year || end < 0) return {};
  return std::pow(end / start, periods_per_year / count) - 1;
}

}  // namespace tickwerk::risk
