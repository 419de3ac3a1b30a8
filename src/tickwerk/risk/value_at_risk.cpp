#include "tickwerk/risk/value_at_risk.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace tickwerk::risk {

std::optional<double> quantile(std::span<const double> values, double probability) {
  if (values.empty()) return {};
  for (const double value : values) {
    if (std::isnan(value)) return {};
  }
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  const double position = static_cast<double>(sorted.size() - 1) * probability;
  const auto below = static_cast<std::size_t>(position);
  if (below + 1 >= sorted.size()) return sorted.back();
  const double share = position - static_cast<double>(below);
  return sorted[below] + share * (sorted[below + 1] - sorted[below]);
}

TailLoss tail_loss(std::span<const double> returns, double tail) {
  const auto threshold = quantile(returns, tail);
  if (!threshold) return {};
  double total = 0;
  std::size_t count = 0;
  for (const double value : returns) {
    if (value > *threshold) continue;
    total += value;
    ++count;
  }
  return {.value_at_risk = -*threshold, .expected_shortfall = -total / static_cast<double>(count)};
}

}  // namespace tickwerk::risk
