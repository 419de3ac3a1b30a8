#include "tickwerk/risk/mean_t.h"

#include <cmath>
#include <vector>

#include "tickwerk/risk/moments.h"
#include "tickwerk/risk/student_t.h"

namespace tickwerk::risk {
namespace {

double weight_at(std::size_t lag, std::size_t num_lags, LagWeights weights) noexcept {
  if (weights == LagWeights::kUniform) return 1;
  return 1 - static_cast<double>(lag) / static_cast<double>(num_lags + 1);
}

/// Differences from the mean, zero where a row has no value: a product with them adds nothing.
struct Centred {
  std::vector<double> differences;
  double mean = 0;
  double count = 0;

  explicit Centred(std::span<const double> values) : differences(values.size(), 0.0) {
    double total = 0;
    for (const double value : values) {
      if (std::isnan(value)) continue;
      total += value;
      ++count;
    }
    mean = total / count;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!std::isnan(values[i])) differences[i] = values[i] - mean;
    }
  }

  double autocovariance(std::size_t lag) const noexcept {
    double total = 0;
    for (std::size_t i = lag; i < differences.size(); ++i) {
      total += differences[i] * differences[i - lag];
    }
    return total / count;
  }

  double mean_variance(std::size_t num_lags, LagWeights weights) const noexcept {
    double total = autocovariance(0);
    for (std::size_t lag = 1; lag <= num_lags; ++lag) {
      total += 2 * weight_at(lag, num_lags, weights) * autocovariance(lag);
    }
    return total / (count - 1);
  }
};

std::optional<MeanT> tested(const Centred& series, std::size_t num_lags, LagWeights weights) {
  double weight_sum = 1;
  double square_sum = 1;
  for (std::size_t lag = 1; lag <= num_lags; ++lag) {
    const double weight = weight_at(lag, num_lags, weights);
    weight_sum += 2 * weight;
    square_sum += 2 * weight * weight;
  }
  const double degrees = series.count / square_sum - 1;
  if (!(series.count > weight_sum) || !(degrees > 0)) return {};
  const double variance = series.mean_variance(num_lags, weights);
  if (!(variance > 0)) return {};
  MeanT result{.weights = weights, .num_lags = num_lags};
  result.t = series.mean / std::sqrt(variance);
  const double shrunk = std::sqrt((series.count - weight_sum) / (series.count - 1));
  result.p_value = student_t_two_sided(result.t * shrunk, degrees);
  return result;
}

}  // namespace

std::optional<double> mean_variance(std::span<const double> values,
                                    std::size_t num_lags,
                                    LagWeights weights) {
  const Centred series(values);
  if (series.count < 2) return {};
  return series.mean_variance(num_lags, weights);
}

std::optional<MeanT> mean_t(std::span<const double> values, std::size_t horizon) {
  const Centred series(values);
  if (series.count < 2 || std::sqrt(series.autocovariance(0)) < kNoDeviation) return {};
  if (auto result = tested(series, horizon - 1, LagWeights::kUniform)) return result;
  return tested(series, 3 * horizon, LagWeights::kBartlett);
}

}  // namespace tickwerk::risk
