// What out-of-sample predictions of returns are worth, day by day: information coefficients, and
// the fifth with the highest predictions against the fifth with the lowest. Used by the validation
// of factors by models; row by row without dates: regression_scores.h.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "tickwerk/factor/ic.h"
#include "tickwerk/factor/portfolio_summary.h"
#include "tickwerk/factor/staggered_portfolios.h"
#include "tickwerk/model/dataset.h"
#include "tickwerk/model/regression_scores.h"

namespace tickwerk::model {

/// [time, symbol]: a value of each row at its bar and symbol, NaN elsewhere. values: one a row, NaN
/// where there is none. Throws kInvalidArgument for another number of them.
Panel panel_of_rows(const Dataset& dataset, std::span<const double> values);

inline constexpr std::uint8_t kBottomFifth = 1;
inline constexpr std::uint8_t kTopFifth = 5;

/// [time, symbol]: kTopFifth and kBottomFifth for the n / 5 symbols (rounded down) with the highest
/// and the lowest predictions among n, 0 for all others and on rows with fewer than five. Of equal
/// predictions the symbol further left counts as the lower.
factor::Buckets extreme_fifths(PanelView prediction);

struct PredictionInputs {
  PanelView prediction;  // [time, symbol], NaN where nothing was predicted
  PanelView outcome;     // [time, symbol], the return over the horizon that follows the decision
  /// What symbols returned day by day, for portfolios that can be held; empty: none are made.
  std::optional<factor::DailyReturns> daily = {};
};

struct PredictionConfig {
  std::size_t horizon = 1;  // bars that an outcome spans, so that neighbours overlap
  factor::Entry entry = factor::Entry::kNextOpen;
  double periods_per_year = 252;
  /// Models that were tried before this one was shown, itself included.
  std::size_t num_models = 1;
  /// Variance of their Sharpe ratios, per period; empty: that of the estimate stands in.
  std::optional<double> trial_variance = {};
};

struct PredictionScores {
  RegressionScores regression;  // of all cells with both values
  std::size_t num_dates = 0;    // with a prediction and an outcome
  factor::Daily ic;
  factor::Daily rank_ic;
  factor::IcSummary ic_summary;  // its ir has the deviation of a sample, a day
  factor::IcSummary rank_ic_summary;

  /// Mean outcome of the top fifth less that of the bottom fifth; NaN where either has none.
  factor::Daily spread;
  std::optional<double> spread_mean = {};
  std::optional<double> spread_deviation = {};  // of a sample
  /// spread_mean / spread_deviation * sqrt(periods a year / horizon). Right in size, but neighbours
  /// share horizon - 1 bars: how sure it is says spread_t, not the number of days.
  std::optional<double> spread_sharpe = {};
  std::optional<risk::MeanT> spread_t = {};

  /// Daily returns of holding the top fifth less those of the bottom fifth: `horizon` portfolios
  /// side by side, one renewed each day (factor/staggered_portfolios.h). Nothing overlaps in them,
  /// and the Sharpe ratio is deflated by num_models. Empty without daily returns.
  factor::Daily long_short;
  std::optional<factor::PortfolioSummary> long_short_summary = {};
};

/// Throws kInvalidArgument when shapes differ or horizon is 0. The same bits for any number of
/// threads. Cost: a sort of each row.
PredictionScores prediction_scores(const PredictionInputs& inputs, const PredictionConfig& config);

}  // namespace tickwerk::model
