// Historical value at risk and expected shortfall, as positive losses of one period.
#pragma once

#include <optional>
#include <span>

namespace tickwerk::risk {

/// Type-7 quantile: linear between the order statistics around (n - 1) * probability. Empty without
/// values. Source: Hyndman and Fan (1996), "Sample Quantiles in Statistical Packages",
/// definition 7.
std::optional<double> quantile(std::span<const double> values, double probability);

/// The loss that the worst `tail` of the returns exceed, and the mean loss of those at or
/// beyond it. Positive numbers are losses; where even the tail gained, both are negative.
struct TailLoss {
  std::optional<double> value_at_risk;       // -quantile(r, tail)
  std::optional<double> expected_shortfall;  // -mean(r where r <= -value_at_risk)
};
TailLoss tail_loss(std::span<const double> returns, double tail);

}  // namespace tickwerk::risk
