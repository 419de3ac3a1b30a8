#include "tickwerk/risk/volatility.h"

#include <cmath>

#include "tickwerk/risk/moments.h"

namespace tickwerk::risk {

std::optional<double> volatility(std::span<const double> returns,
                                 double periods_per_year) noexcept {
  const auto deviation = sample_deviation(returns);
  if (!deviation) return {};
  return *deviation * std::sqrt(periods_per_year);
}

}  // namespace tickwerk::risk
