// What a daily series of returns of a factor portfolio amounts to: growth, risk, Sharpe ratio and
// how far to believe it. Used by analysis.h; reads returns before costs, so nothing here is what
// an account earns.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "tickwerk/factor/ic.h"

namespace tickwerk::factor {

struct PortfolioConfig {
  double periods_per_year = 252;
  /// Portfolios that were tried before this one was shown, itself included: what the deflated
  /// Sharpe ratio counts. Trials that are alike count in full, so that it errs to the low side.
  std::size_t num_trials = 1;
  /// Variance of the Sharpe ratios tried, per period; empty: that of the estimate stands in.
  std::optional<double> trial_variance = {};
};

/// Over the rows that have a return. Empty where there are too few, or no deviation.
struct PortfolioSummary {
  std::size_t num_returns = 0;
  std::optional<double> total_return = {};      // compounded
  std::optional<double> yearly_return = {};     // mean * periods a year
  std::optional<double> volatility = {};        // a year
  std::optional<double> sharpe = {};            // a year
  std::optional<double> sharpe_error = {};      // a year; Mertens (2002)
  std::optional<double> max_drawdown_pct = {};  // 0 or negative
  std::optional<double> probabilistic_sharpe = {};
  std::optional<double> deflated_sharpe = {};  // empty with one trial
};
PortfolioSummary summarize_portfolio(std::span<const double> daily, const PortfolioConfig& config);

/// Product of 1 + return up to each row, less 1; a row without a return repeats the one before, NaN
/// before the first.
Daily cumulative_return(std::span<const double> daily);

}  // namespace tickwerk::factor
