// Windowed statistics of one series: the symbol's own bars in time order, without gaps. Each value
// is computed from its window alone, so it does not depend on where the series began. Used by
// features and strategies.
#pragma once

#include <span>

namespace tickwerk::kernel {

/// Mean of the last min(window, available) values that are not NaN; NaN when fewer than `min_count`
/// are there. in, out: same size, not overlapping; out has the unit of in. Row t reads (t - window,
/// t]. Cost: O(size * window), no allocation. Requires window >= 1, min_count >= 1. Source:
/// docs/backtest.md, `ta_ma` and `adv_20`.
void rolling_mean(std::span<const double> in,
                  int window,
                  int min_count,
                  std::span<double> out) noexcept;

/// Sample standard deviation (ddof 1) of the last `window` values; NaN unless all of them are
/// there. in, out: same size, not overlapping; out has the unit of in. Row t reads (t - window, t].
/// Two passes over the window: mean first, then squared differences; a constant gives exactly 0.
/// Cost: O(size * window), no allocation. Requires window >= 2. Source: docs/backtest.md, `vol_20`.
void rolling_deviation(std::span<const double> in, int window, std::span<double> out) noexcept;

}  // namespace tickwerk::kernel
