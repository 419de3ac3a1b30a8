#include "tickwerk/risk/sharpe.h"

#include <cmath>

#include "tickwerk/risk/moments.h"

namespace tickwerk::risk {

std::optional<double> sharpe_per_period(std::span<const double> returns, double rf) noexcept {
  const auto deviation = sample_deviation(returns);
  if (!deviation || !(*deviation >= kNoDeviation)) return {};
  return (*mean(returns) - rf) / *deviation;
}

std::optional<double> sharpe(std::span<const double> returns,
                             double rf,
                             double periods_per_year) noexcept {
  const auto ratio = sharpe_per_period(returns, rf / periods_per_year);
  if (!ratio) return {};
  return *ratio * std::sqrt(periods_per_year);
}

}  // namespace tickwerk::risk
