// The Sortino ratio: reward over what fell short of the risk-free rate only.
#pragma once

#include <optional>
#include <span>

namespace tickwerk::risk {

/// mean(r - rf / P) / sqrt(mean(min(r - rf / P, 0)^2)) * sqrt(P), with `rf` a year and P periods a
/// year; the mean under the root runs over all returns. Empty without returns and where the
/// downside deviation is below kNoDeviation (no return fell short). Source: Sortino and Price
/// (1994), "Performance Measurement in a Downside Risk Framework", with the risk-free rate as the
/// minimal acceptable return.
std::optional<double> sortino(std::span<const double> returns,
                              double rf,
                              double periods_per_year) noexcept;

}  // namespace tickwerk::risk
