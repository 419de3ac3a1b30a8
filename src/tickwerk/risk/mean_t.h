// Is the mean of a series zero, when neighbours are correlated because they overlap? Student's t
// with a long-run variance: of daily information coefficients against returns of h days, say. Used
// by factor/ic.h. Knows no dates: rows are one period apart, NaN where a row has no value.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace tickwerk::risk {

/// Weight of the autocovariance at lag j of L: 1 (Hansen and Hodrick 1980, "Forward Exchange Rates
/// as Optimal Predictors of Future Spot Rates", Journal of Political Economy 88(5)), exact for
/// overlapping sums, but the variance may come out negative; or 1 - j / (L + 1) (Newey and West
/// 1987, "A Simple, Positive Semi-Definite, Heteroskedasticity and Autocorrelation Consistent
/// Covariance Matrix", Econometrica 55(3)).
enum class LagWeights { kUniform, kBartlett };

/// Variance of the mean: (g_0 + 2 sum_j w_j g_j) / (n - 1), with n values, lags j = 1 to num_lags,
/// and g_j = sum of (x_t - mean)(x_{t-j} - mean) / n over the pairs of rows that both have a value
/// (Parzen 1963, "On Spectral Analysis with Missing Observations"). Without gaps it is what
/// statsmodels gives for a regression on a constant with HAC errors and `use_correction`. May be
/// negative with uniform weights. Empty with fewer than two values. Cost: rows * num_lags.
std::optional<double> mean_variance(std::span<const double> values,
                                    std::size_t num_lags,
                                    LagWeights weights);

struct MeanT {
  double t = 0;        // mean / sqrt(mean_variance)
  double p_value = 1;  // two-sided, corrected for small samples: see mean_t()
  LagWeights weights{};
  std::size_t num_lags = 0;
};

/// Tests the mean of a series whose values overlap over `horizon` >= 1 rows: uniform weights up to
/// lag horizon - 1, else Bartlett's up to 3 * horizon where that variance is not positive. With
/// horizon 1 it is the usual t of a sample.
///
/// The t above rejects a true mean of zero too often: the variance is estimated, and from
/// differences to a mean that took part of it (8.5 % at the 5 % level for 500 rows, 6.2 % for 2520,
/// horizon 20). `p_value` gives that part back and takes Student's distribution: with K and Q the
/// sums of the weights and of their squares from lag -L to L, the variance is scaled by (n - 1) /
/// (n - K), the degrees of freedom are n / Q - 1 (5.1 % and 5.5 %). Source of the spread of such
/// estimates: Priestley (1981), "Spectral Analysis and Time Series", chapter 6.
///
/// Empty where n <= K, where the degrees are not positive, and without deviation.
std::optional<MeanT> mean_t(std::span<const double> values, std::size_t horizon);

}  // namespace tickwerk::risk
