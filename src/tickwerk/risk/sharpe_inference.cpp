#include "tickwerk/risk/sharpe_inference.h"

#include <cmath>
#include <numbers>

#include "tickwerk/risk/normal.h"

namespace tickwerk::risk {
namespace {

/// n times the variance of the estimated ratio.
double unit_variance(const SharpeSample& sample) noexcept {
  const double ratio = sample.sharpe;
  return 1 - sample.skewness * ratio + (sample.kurtosis - 1) / 4 * ratio * ratio;
}

}  // namespace

double sharpe_error_lo(double sharpe, std::size_t num_returns) noexcept {
  return std::sqrt((1 + sharpe * sharpe / 2) / static_cast<double>(num_returns));
}

std::optional<double> sharpe_error_mertens(const SharpeSample& sample) noexcept {
  const double variance = unit_variance(sample);
  if (sample.num_returns == 0 || !(variance >= 0)) return {};
  return std::sqrt(variance / static_cast<double>(sample.num_returns));
}

std::optional<double> probabilistic_sharpe(const SharpeSample& sample, double benchmark) noexcept {
  const double variance = unit_variance(sample);
  if (sample.num_returns < 2 || !(variance > 0)) return {};
  const double root = std::sqrt(static_cast<double>(sample.num_returns - 1));
  return normal_cdf((sample.sharpe - benchmark) * root / std::sqrt(variance));
}

std::optional<double> min_track_record_length(const SharpeSample& sample,
                                              double benchmark,
                                              double confidence) noexcept {
  const double variance = unit_variance(sample);
  if (!(sample.sharpe > benchmark) || !(variance > 0)) return {};
  const double ratio = normal_quantile(confidence) / (sample.sharpe - benchmark);
  return 1 + variance * ratio * ratio;
}

std::optional<double> expected_best_sharpe(double variance, std::size_t num_trials) noexcept {
  if (num_trials < 2 || !(variance >= 0)) return {};
  const double trials = static_cast<double>(num_trials);
  const double best = normal_quantile(1 - 1 / trials);
  const double beyond = normal_quantile(1 - 1 / (trials * std::numbers::e));
  return std::sqrt(variance) * ((1 - std::numbers::egamma) * best + std::numbers::egamma * beyond);
}

std::optional<double> deflated_sharpe(const SharpeSample& sample,
                                      double trial_variance,
                                      std::size_t num_trials) noexcept {
  const auto benchmark = expected_best_sharpe(trial_variance, num_trials);
  if (!benchmark) return {};
  return probabilistic_sharpe(sample, *benchmark);
}

}  // namespace tickwerk::risk
