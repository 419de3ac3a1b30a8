// The Sharpe ratio of simple returns, a period or a year. How sure one can be of it:
// sharpe_inference.h.
#pragma once

#include <optional>
#include <span>

namespace tickwerk::risk {

/// mean(r - rf) / std1(r) in the returns' own period, `rf` a period. Empty with fewer than two
/// returns and where the deviation is below kNoDeviation. Source: Sharpe (1994), "The Sharpe
/// Ratio", Journal of Portfolio Management 21(1), ex post ratio.
std::optional<double> sharpe_per_period(std::span<const double> returns, double rf) noexcept;

/// mean(r - rf / P) / std1(r) * sqrt(P), with `rf` a year and P periods a year.
std::optional<double> sharpe(std::span<const double> returns,
                             double rf,
                             double periods_per_year) noexcept;

}  // namespace tickwerk::risk
