// Volatility: the sample deviation of simple returns, a year.
#pragma once

#include <optional>
#include <span>

namespace tickwerk::risk {

/// std1(r) * sqrt(periods_per_year), with std1 of n - 1 degrees of freedom. Empty with fewer than
/// two returns.
std::optional<double> volatility(std::span<const double> returns, double periods_per_year) noexcept;

}  // namespace tickwerk::risk
