#include "tickwerk/risk/benchmark.h"

#include <cmath>
#include <vector>

#include "tickwerk/base/error.h"
#include "tickwerk/risk/moments.h"

namespace tickwerk::risk {

BenchmarkComparison compare_to_benchmark(std::span<const double> returns,
                                         std::span<const double> benchmark,
                                         double rf,
                                         double periods_per_year) {
  TW_CHECK(returns.size(), ==, benchmark.size());
  std::vector<double> own;
  std::vector<double> other;
  std::vector<double> active;
  for (std::size_t i = 0; i < returns.size(); ++i) {
    if (std::isnan(returns[i]) || std::isnan(benchmark[i])) continue;
    own.push_back(returns[i]);
    other.push_back(benchmark[i]);
    active.push_back(returns[i] - benchmark[i]);
  }
  BenchmarkComparison comparison;
  comparison.num_returns = own.size();
  if (own.size() < 2) return comparison;

  const double own_mean = *mean(own);
  const double other_mean = *mean(other);
  const double own_deviation = *sample_deviation(own);
  const double other_deviation = *sample_deviation(other);
  if (other_deviation >= kNoDeviation) {
    double products = 0;
    for (std::size_t i = 0; i < own.size(); ++i) {
      products += (own[i] - own_mean) * (other[i] - other_mean);
    }
    const double covariance = products / static_cast<double>(own.size() - 1);
    const double beta = covariance / (other_deviation * other_deviation);
    const double rf_a_period = rf / periods_per_year;
    comparison.beta = beta;
    comparison.alpha =
        (own_mean - rf_a_period - beta * (other_mean - rf_a_period)) * periods_per_year;
    if (own_deviation >= kNoDeviation) {
      comparison.correlation = covariance / (own_deviation * other_deviation);
    }
  }
  const double active_deviation = *sample_deviation(active);
  comparison.tracking_error = active_deviation * std::sqrt(periods_per_year);
  if (active_deviation >= kNoDeviation) {
    comparison.information_ratio = *mean(active) * periods_per_year / *comparison.tracking_error;
  }
  return comparison;
}

}  // namespace tickwerk::risk
