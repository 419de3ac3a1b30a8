// Growth of a portfolio over its whole life: total return and its yearly rate.
#pragma once

#include <cstddef>
#include <optional>

namespace tickwerk::risk {

/// end / start - 1, dimensionless.
double total_return(double start, double end) noexcept;

/// (end / start)^(periods_per_year / num_returns) - 1, the compound rate a year. Empty with fewer
/// returns than a year has, since a part of a year extrapolated is no rate, and where the portfolio
/// ended below zero. The exponent counts returns, not rows: n rows span n - 1 periods.
std::optional<double> cagr(double start,
                           double end,
                           std::size_t num_returns,
                           double periods_per_year) noexcept;

}  // namespace tickwerk::risk
