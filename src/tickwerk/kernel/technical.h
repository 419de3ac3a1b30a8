// Technical features of one series of bars: the symbol's own bars in time order, without gaps. All
// spans of a call have the same size and do not overlap; row t reads rows [0, t]; nothing
// allocates. A NaN gives NaN wherever it is read, which in rsi and atr is every later bar.
// Formulas: docs/backtest.md.
#pragma once

#include <span>

namespace tickwerk::kernel {

/// ln(close_t / close_{t-1}); the first is NaN. Deterministic logarithm (kernel/exp_log.h).
void log_return(std::span<const double> close, std::span<double> out) noexcept;

/// Largest of high - low, |high - previous close|, |low - previous close|; the first is high - low.
/// Unit: price.
void true_range(std::span<const double> high,
                std::span<const double> low,
                std::span<const double> close,
                std::span<double> out) noexcept;

/// 100 - 100 / (1 + gains / losses), both as simple means of the last `window` differences; the
/// first value stands at bar window + 1. No loss gives 100, neither gain nor loss NaN. Cost: O(size
/// * window). Requires window >= 1. Source: docs/backtest.md, `ta_rsi_14_v1`.
void rsi_simple(std::span<const double> close, int window, std::span<double> out) noexcept;

/// The relative strength index with Wilder's mean of gains and losses; the first value stands at
/// bar window + 1. Neither gain nor loss since the first bar gives NaN. Cost: O(size). Requires
/// window >= 1. Source: Wilder (1978), "New Concepts in Technical Trading Systems"; equal to
/// TA-Lib's RSI, but for bars without any movement, where TA-Lib gives 0.
void rsi(std::span<const double> close, int window, std::span<double> out) noexcept;

/// Wilder's mean of the true range from the second bar on; the first value stands at bar window
/// + 1. Unit: price. Cost: O(size). Requires window >= 1. Source: Wilder (1978), as above; equal to
/// TA-Lib's ATR.
void atr(std::span<const double> high,
         std::span<const double> low,
         std::span<const double> close,
         int window,
         std::span<double> out) noexcept;

}  // namespace tickwerk::kernel
