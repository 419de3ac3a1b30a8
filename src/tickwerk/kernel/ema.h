// Recursive means over panels: exponential, Wilder's, and the comparison of two exponential ones in
// one pass. Symbols are the vector lanes; time runs in the outer loop. Used by the built-in
// strategies and features.
#pragma once

#include <cstdint>

#include "tickwerk/panel/panel.h"

namespace tickwerk::kernel {

/// Exponential mean with a = 2 / (window + 1): e_0 = x_0, e_t = (1 - a) e_{t-1} + a x_t over the
/// symbol's own bars. in, out: [time, symbol], same shape, not overlapping; out has the unit of in.
/// NaN: a missing bar gives NaN and leaves the state as it was; NaN for the first window - 1 bars
/// of a symbol. Row t reads rows [0, t]. Cost: O(time * symbol), no allocation. Requires window
/// >= 1. Source: docs/backtest.md; pandas `ewm(span=window, adjust=False)` where no bar is missing.
void ema(PanelView in, int window, PanelSpan out) noexcept;

/// Wilder's mean: the simple mean of the first `window` bars, then e_t = (1 - a) e_{t-1} + a x_t
/// with a = 1 / window. Shapes, units, NaN rule, rows read and cost as `ema`. Source: Wilder
/// (1978), "New Concepts in Technical Trading Systems", section on smoothing.
void wilder(PanelView in, int window, PanelSpan out) noexcept;

/// Where `ema(in, fast)` stands above `ema(in, slow)`: 1 above, 0 not above, 2 where either is NaN.
/// in: [time, symbol]; above: the same rows and symbols. Bits of the two means are those of `ema`.
/// NaN rule, rows read and cost as `ema`. Requires fast >= 1 and slow >= 1.
void ema_above(PanelView in, int fast, int slow, BasicPanelSpan<std::int8_t> above) noexcept;

/// ema(in, fast) / ema(in, slow) - 1, dimensionless; NaN where either is NaN.
/// Shapes, rows read and cost as `ema`. Requires fast >= 1 and slow >= 1.
void ema_ratio(PanelView in, int fast, int slow, PanelSpan out) noexcept;

}  // namespace tickwerk::kernel
