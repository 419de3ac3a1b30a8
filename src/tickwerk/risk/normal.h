// The standard normal distribution: its cumulative probability and the inverse. Used by
// sharpe_inference.h.
#pragma once

namespace tickwerk::risk {

/// P(Z <= x), accurate in the lower tail too.
double normal_cdf(double x) noexcept;

/// The x with normal_cdf(x) = probability, found by halving intervals down to neighbouring doubles;
/// infinite at 0 and 1, NaN outside. Cost: some seventy error functions.
double normal_quantile(double probability) noexcept;

}  // namespace tickwerk::risk
