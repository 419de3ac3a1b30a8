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
  std::vector<double> parted(values.begin(), values.end());
  const double position = static_cast<double>(parted.size() - 1) * probability;
  const auto below = static_cast<std::size_t>(position);
  const auto low = parted.begin() + static_cast<std::ptrdiff_t>(below);
  std::nth_element(parted.begin(), low, parted.end());
  if (below + 1 >= parted.size()) return *low;
  const double share = position - static_cast<double>(below);
  return *low + share * (*std::min_element(low + 1, parted.end()) - *low);
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
