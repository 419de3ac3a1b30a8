// How sure one can be of a Sharpe ratio: standard errors, the record it takes, the probability that
// the true ratio is above a benchmark, and the same after having tried many strategies. All ratios
// here are per period of the returns, kurtosis is not in excess (3 for a normal). Used by
// summary.h.
#pragma once

#include <cstddef>
#include <optional>

namespace tickwerk::risk {

/// What the formulas read of a sample of returns.
struct SharpeSample {
  double sharpe = 0;  // per period
  std::size_t num_returns = 0;
  double skewness = 0;
  double kurtosis = 3;
};

/// sqrt((1 + SR^2 / 2) / n), for independent normal returns. Requires n >= 1.
/// Source: Lo (2002), "The Statistics of Sharpe Ratios", Financial Analysts Journal 58(4),
/// equation 9.
double sharpe_error_lo(double sharpe, std::size_t num_returns) noexcept;

/// sqrt((1 + SR^2 / 2 - skew SR + (kurtosis - 3) / 4 SR^2) / n): as Lo's, for any distribution with
/// four moments. Empty where the sample moments make the variance negative. Source: Mertens (2002),
/// "Comments on variance of the IID estimator in Lo (2002)".
std::optional<double> sharpe_error_mertens(const SharpeSample& sample) noexcept;

/// Phi((SR - benchmark) sqrt(n - 1) / sqrt(1 - skew SR + (kurtosis - 1) / 4 SR^2)): the probability
/// that the true ratio is above `benchmark`. Empty with fewer than two returns and where the
/// variance is not positive. Source: Bailey and Lopez de Prado (2012), "The Sharpe Ratio Efficient
/// Frontier", probabilistic Sharpe ratio.
std::optional<double> probabilistic_sharpe(const SharpeSample& sample, double benchmark) noexcept;

/// 1 + (1 - skew SR + (kurtosis - 1) / 4 SR^2) (z / (SR - benchmark))^2 with z the normal quantile
/// of `confidence`: the number of returns at which probabilistic_sharpe reaches `confidence`. Empty
/// where the ratio is not above the benchmark. Source: as probabilistic_sharpe(), minimum track
/// record length.
std::optional<double> min_track_record_length(const SharpeSample& sample,
                                              double benchmark,
                                              double confidence) noexcept;

/// sqrt(variance) ((1 - g) Phi^-1(1 - 1/N) + g Phi^-1(1 - 1/(N e))), g = 0.5772...: the best of N
/// ratios that one expects when all true ratios are zero and `variance` is that of the ratios
/// tried. Empty with fewer than two. Source: Bailey and Lopez de Prado (2014), "The Deflated Sharpe
/// Ratio", Journal of Portfolio Management 40(5).
std::optional<double> expected_best_sharpe(double variance, std::size_t num_trials) noexcept;

/// probabilistic_sharpe against expected_best_sharpe. Empty with one trial.
/// Source: as expected_best_sharpe(); its example gives 0.9004 with 100 trials.
std::optional<double> deflated_sharpe(const SharpeSample& sample,
                                      double trial_variance,
                                      std::size_t num_trials) noexcept;

}  // namespace tickwerk::risk
