#include "tickwerk/factor/portfolio_summary.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "tickwerk/risk/drawdown.h"
#include "tickwerk/risk/moments.h"
#include "tickwerk/risk/sharpe.h"
#include "tickwerk/risk/sharpe_inference.h"

namespace tickwerk::factor {
namespace {

void judge_sharpe(std::span<const double> returns,
                  const PortfolioConfig& config,
                  PortfolioSummary& summary) {
  const auto ratio = risk::sharpe_per_period(returns, 0);
  if (!ratio) return;
  const double root = std::sqrt(config.periods_per_year);
  summary.sharpe = *ratio * root;
  const auto skewness = risk::skewness(returns);
  const auto kurtosis = risk::excess_kurtosis(returns);
  if (!skewness || !kurtosis) return;
  const risk::SharpeSample sample{*ratio, returns.size(), *skewness, *kurtosis + 3};
  summary.probabilistic_sharpe = risk::probabilistic_sharpe(sample, 0);
  const auto error = risk::sharpe_error_mertens(sample);
  if (!error) return;
  summary.sharpe_error = *error * root;
  const double variance = config.trial_variance.value_or(*error * *error);
  summary.deflated_sharpe = risk::deflated_sharpe(sample, variance, config.num_trials);
}

}  // namespace

PortfolioSummary summarize_portfolio(std::span<const double> daily, const PortfolioConfig& config) {
  std::vector<double> returns;
  returns.reserve(daily.size());
  std::copy_if(daily.begin(), daily.end(), std::back_inserter(returns),
               [](double value) { return !std::isnan(value); });
  PortfolioSummary summary{.num_returns = returns.size()};
  if (returns.empty()) return summary;
  const Daily growth = cumulative_return(returns);
  std::vector<double> equity;
  for (const double gain : growth) equity.push_back(1 + gain);
  summary.total_return = growth.back();
  summary.max_drawdown_pct = risk::max_drawdown_pct(1, equity);
  summary.yearly_return = *risk::mean(returns) * config.periods_per_year;
  if (const auto deviation = risk::sample_deviation(returns)) {
    summary.volatility = *deviation * std::sqrt(config.periods_per_year);
  }
  judge_sharpe(returns, config, summary);
  return summary;
}

Daily cumulative_return(std::span<const double> daily) {
  Daily growth(daily.size(), kNaN);
  double value = 1;
  bool begun = false;
  for (std::size_t t = 0; t < daily.size(); ++t) {
    if (!std::isnan(daily[t])) {
      value *= 1 + daily[t];
      begun = true;
    }
    if (begun) growth[t] = value - 1;
  }
  return growth;
}

}  // namespace tickwerk::factor
