// Drawdowns of an equity curve: how far it fell below its highest value so far, start capital
// included.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace tickwerk::risk {

/// 100 * min(E_t / max(start, E_0 ... E_t) - 1, 0): zero or negative, in percent. Empty without
/// values.
std::optional<double> max_drawdown_pct(double start, std::span<const double> equity) noexcept;

/// One fall from a peak and the way back. Indices are rows of the curve.
struct Drawdown {
  double depth_pct = 0;             // negative
  std::optional<std::size_t> peak;  // empty: the start capital, before the first row
  std::size_t trough = 0;           // row of the lowest value, the first of equals
  std::optional<std::size_t>
      recovery;  // first row at or above the peak again; empty: not by the end
};

/// The `count` deepest drawdowns, deepest first, earlier first among equals. They do not overlap.
std::vector<Drawdown> worst_drawdowns(double start,
                                      std::span<const double> equity,
                                      std::size_t count);

/// cagr / abs(max drawdown as a fraction). Empty where either is missing or nothing was lost.
/// Source: Young (1991), "Calmar Ratio: A Smoother Tool", Futures 20(1); over the whole life, not
/// 36 months.
std::optional<double> calmar(std::optional<double> cagr,
                             std::optional<double> max_drawdown_pct) noexcept;

}  // namespace tickwerk::risk
