// Turnover: how often a year the portfolio is traded over.
#pragma once

#include <optional>
#include <span>

#include "tickwerk/risk/fill.h"

namespace tickwerk::risk {

/// (buys + sells) / 2 / mean equity / years, in notional before slippage; years = returns /
/// periods_per_year and the mean runs over all rows. Empty with fewer than two rows or without a
/// positive mean.
std::optional<double> turnover(std::span<const EquityRow> rows, double periods_per_year) noexcept;

}  // namespace tickwerk::risk
