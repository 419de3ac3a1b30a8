// Factor reports made by hand for the tests of factor_report.h: figures that can be checked by
// reading. Used by tests only.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "tickwerk/report/factor_report.h"

namespace tickwerk::report {

inline constexpr std::size_t kSampleBuckets = 3;

/// What a made factor shall look like; series swing around their means.
struct SampleFactor {
  std::string name;
  double mean = 0;  // of the rank IC, at one bar; half of it at each further horizon
  double t = 0;
  double p_value = 1;
};

inline factor::IcSummary sample_summary(std::size_t count, double mean, double t, double p_value) {
  factor::IcSummary summary{.count = count};
  summary.mean = mean;
  summary.deviation = 0.25;
  summary.ir = mean / 0.25;
  summary.hit_ratio = 0.5 + mean;
  summary.q05 = -0.375;
  summary.q95 = 0.4375;
  summary.min = -0.625;
  summary.max = 0.75;
  summary.t =
      risk::MeanT{.t = t, .p_value = p_value, .weights = risk::LagWeights::kUniform, .num_lags = 4};
  return summary;
}

inline factor::PortfolioSummary sample_portfolio(double yearly) {
  factor::PortfolioSummary summary{.num_returns = 3};
  summary.total_return = yearly / 2;
  summary.yearly_return = yearly;
  summary.volatility = 0.125;
  summary.sharpe = yearly / 0.125;
  summary.sharpe_error = 0.5;
  summary.max_drawdown_pct = -12.5;
  summary.probabilistic_sharpe = 0.875;
  summary.deflated_sharpe = 0.25;
  return summary;
}

inline factor::PortfolioAnalysis sample_entry(const SampleFactor& made,
                                              std::size_t num_rows,
                                              double loss) {
  factor::PortfolioAnalysis of;
  of.returns = factor::QuantileReturns(num_rows, kSampleBuckets);
  of.quantiles.num_rows = num_rows;
  for (std::size_t k = 0; k < kSampleBuckets; ++k) {
    const double mean = made.mean * (static_cast<double>(k) - 1) / 4 - loss;
    of.quantiles.mean.push_back(mean);
    for (std::size_t t = 0; t < num_rows; ++t) of.returns(t, k) = mean;
  }
  of.quantiles.spread_mean = made.mean / 2;
  of.quantiles.spread_t = risk::MeanT{
      .t = made.t / 2, .p_value = 0.25, .weights = risk::LagWeights::kBartlett, .num_lags = 15};
  of.quantiles.monotonicity = made.mean > 0 ? 1 : -1;
  of.long_short = factor::Daily(num_rows, made.mean / 64);
  of.bottom_summary = sample_portfolio(-made.mean);
  of.top_summary = sample_portfolio(made.mean);
  of.long_short_summary = sample_portfolio(2 * made.mean);
  return of;
}

/// Horizons 5 (the main one) and 1.
inline factor::FactorAnalysis sample_factor(const SampleFactor& made,
                                            std::size_t num_rows,
                                            std::size_t num_regimes) {
  factor::FactorAnalysis of{.name = made.name,
                            .autocorrelation = factor::Daily(num_rows, 0.875),
                            .mean_autocorrelation = 0.875,
                            .num_values = num_rows * 10,
                            .horizons = {}};
  for (const std::size_t horizon : {5u, 1u}) {
    const double mean = horizon == 1 ? 2 * made.mean : made.mean;
    factor::HorizonAnalysis at;
    at.horizon = horizon;
    for (std::size_t t = 0; t < num_rows; ++t) {
      const double swing = 0.25 * std::sin(static_cast<double>(t) * 12.9);
      at.rank_ic.push_back(made.mean + swing);
      at.ic.push_back(made.mean / 2 + swing);
    }
    at.ic_summary = sample_summary(num_rows, mean / 2, made.t / 2, 0.5);
    at.rank_ic_summary = sample_summary(num_rows, mean, made.t, made.p_value);
    for (std::size_t k = 0; k < num_regimes; ++k) {
      at.rank_ic_by_regime.push_back(
          sample_summary(num_rows / num_regimes, k == 0 ? mean : -mean, made.t / 2, 0.125));
    }
    at.next_open = sample_entry(made, num_rows, 0.0625);
    at.at_close = sample_entry(made, num_rows, 0);
    at.bottom_turnover = 0.25;
    at.top_turnover = 0.75;
    of.horizons.push_back(std::move(at));
  }
  return of;
}

/// What analyze() leaves of a factor that orders nothing.
inline factor::FactorAnalysis empty_factor(const std::string& name,
                                           std::size_t num_rows,
                                           std::size_t num_regimes) {
  const factor::Daily none(num_rows, kNaN);
  factor::FactorAnalysis of{.name = name,
                            .autocorrelation = none,
                            .mean_autocorrelation = {},
                            .num_values = num_rows * 10,
                            .counted = {.most_on_a_row = 10},
                            .horizons = {}};
  for (const std::size_t horizon : {5u, 1u}) {
    factor::HorizonAnalysis at;
    at.horizon = horizon;
    at.ic = none;
    at.rank_ic = none;
    at.rank_ic_by_regime.resize(num_regimes);
    for (factor::PortfolioAnalysis* entry : {&at.next_open, &at.at_close}) {
      entry->returns = factor::QuantileReturns(num_rows, kSampleBuckets);
      entry->returns = Panel(num_rows, kSampleBuckets, kNaN);
      entry->quantiles.mean.resize(kSampleBuckets);
      entry->long_short = none;
    }
    of.horizons.push_back(std::move(at));
  }
  return of;
}

/// Weekdays from 2024-01-01 on.
inline std::vector<Timestamp> sample_times(std::size_t num_rows) {
  std::vector<Timestamp> times;
  for (Date day = make_date(2024, 1, 1); times.size() < num_rows; ++day.days) {
    if (weekday(day) < Weekday::kSaturday) times.push_back(midnight(day));
  }
  return times;
}

inline Panel sample_correlation(std::size_t num_factors) {
  Panel matrix(num_factors, num_factors, 0.5);
  for (std::size_t i = 0; i < num_factors; ++i) matrix(i, i) = 1;
  return matrix;
}

}  // namespace tickwerk::report
