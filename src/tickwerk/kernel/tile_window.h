// Windowed operators on tiles: bar k reads bars (k - n, k] and nothing else, not even in rounding.
// Constants begin with n. With a `min_count` (the constant after n) NaN values of the window are
// left out and the result is NaN where fewer are left; without, one NaN gives NaN. Sums of windows
// above 16 bars are prefix, whole blocks and suffix over blocks of kTileBlock own bars, so that
// their cost does not grow with the window. Used through the registry
// (expr/operators_window.cpp). No allocation; windows <= kLargestSortedWindow where it says so.
#pragma once

#include "tickwerk/kernel/tile.h"

namespace tickwerk::kernel::tile {

/// Sum, product, number of true conditions; smallest and largest value. Constants: n, min_count.
void window_sum(const TileArgs& args) noexcept;
void window_product(const TileArgs& args) noexcept;
void window_min(const TileArgs& args) noexcept;
void window_max(const TileArgs& args) noexcept;

/// Position in the window of the smallest, largest value: 1 the oldest bar, n this one; the oldest
/// on ties. Constants: n, min_count.
void window_argmin(const TileArgs& args) noexcept;
void window_argmax(const TileArgs& args) noexcept;

/// Means, variances and joint moments by Welford (1962) within blocks and Chan, Golub, LeVeque
/// (1983) between them: a constant has exactly its own mean and zero deviation. An infinite value
/// gives NaN. Constants: n, min_count, and ddof for variance, deviation and covariance, which are
/// NaN unless more than ddof values are there.
void window_mean(const TileArgs& args) noexcept;
void window_variance(const TileArgs& args) noexcept;
void window_deviation(const TileArgs& args) noexcept;
/// Inputs x, y; a bar counts where both have a value. Correlation and slope are NaN where a
/// deviation they divide by is zero; the correlation is cut to [-1, 1].
void window_covariance(const TileArgs& args) noexcept;
void window_correlation(const TileArgs& args) noexcept;
/// Slope of the first input on the second.
void window_beta(const TileArgs& args) noexcept;

/// Sample skewness G1 (3 values) and excess kurtosis G2 (4 values), moments about the mean in two
/// passes; NaN for a constant. Constants: n, min_count. O(n).
void window_skewness(const TileArgs& args) noexcept;
void window_kurtosis(const TileArgs& args) noexcept;

/// Regression of the window on time 1..n: slope, newest value less fitted, share of the variance
/// explained (NaN for a constant). Constants: n. O(n).
void window_slope(const TileArgs& args) noexcept;
void window_residual(const TileArgs& args) noexcept;
void window_r2(const TileArgs& args) noexcept;
/// Mean with weights 1 (oldest) to n (this bar). Constants: n. O(n).
void decay_linear(const TileArgs& args) noexcept;

/// Average rank of this bar's value in the window, from the smallest, divided by the number of
/// values; NaN where this bar is. Constants: n, min_count. O(n).
void window_rank(const TileArgs& args) noexcept;

/// Quantile q of the values, linear between order statistics (type 7). Constants: n, q, min_count.
/// The window is kept sorted: O(n) a bar. Requires n <= kLargestSortedWindow.
inline constexpr std::size_t kLargestSortedWindow = 4096;
void window_quantile(const TileArgs& args) noexcept;
/// Quantile 0.5. Constants: n, min_count.
void window_median(const TileArgs& args) noexcept;

}  // namespace tickwerk::kernel::tile
