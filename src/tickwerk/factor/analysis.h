// Everything that factor analysis says of some factors at some horizons, from panels: information
// coefficients, quantile portfolios, turnover, correlations. Used by `factors analyze` and the
// report; reads no files, evaluates no expressions, knows no dates.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tickwerk/factor/ic.h"
#include "tickwerk/factor/portfolio_summary.h"
#include "tickwerk/factor/quantiles.h"
#include "tickwerk/factor/staggered_portfolios.h"

namespace tickwerk::factor {

enum class FactorCorrelation { kCompute, kSkip };

struct AnalysisConfig {
  QuantileConfig quantiles = {};
  PortfolioConfig portfolio = {};
  /// Grows with the square of the number of factors: 158 take longer than all the rest.
  FactorCorrelation correlation = FactorCorrelation::kCompute;
};

/// All panels: [time, symbol], the same shape. Views: what they look at must outlive the call.
struct NamedFactor {
  std::string name;
  PanelView values;  // NaN also where a symbol is no member on that day
};
struct HorizonLabels {
  std::size_t horizon = 1;  // bars
  PanelView label;          // what coefficients are taken against, log or simple
  PanelView trade;          // simple return from the next open (fwd_trade_h)
  PanelView close_return;   // simple return from the close (fwd_return_h)
};
struct AnalysisInputs {
  std::span<const NamedFactor> factors;
  std::span<const HorizonLabels> horizons;
  DailyReturns daily;
  RegimeOfRow regime = {};  // empty: no regimes
  std::size_t num_regimes = 0;
};

/// Portfolios that get in at one price.
struct PortfolioAnalysis {
  QuantileReturns returns;  // of h bars, which overlap
  QuantileSummary quantiles;
  Daily bottom;      // daily returns of the staggered portfolios of quantile 1
  Daily top;         // of the last quantile
  Daily long_short;  // top less bottom
  PortfolioSummary bottom_summary;
  PortfolioSummary top_summary;
  PortfolioSummary long_short_summary;
};

struct HorizonAnalysis {
  std::size_t horizon = 1;
  Daily ic;
  Daily rank_ic;
  IcSummary ic_summary;
  IcSummary rank_ic_summary;
  std::vector<IcSummary> rank_ic_by_regime;
  PortfolioAnalysis next_open;
  PortfolioAnalysis at_close;
  std::optional<double> bottom_turnover;
  std::optional<double> top_turnover;
};

/// What there is to order: tells why nothing could be measured.
struct ValueCount {
  std::size_t num_infinite = 0;
  std::size_t most_on_a_row = 0;     // symbols with a value, infinite ones too
  std::size_t num_ordered_rows = 0;  // with values of 3 symbols that are not all the same
};

struct FactorAnalysis {
  std::string name;
  Daily autocorrelation;  // of ranks, with the row before
  std::optional<double> mean_autocorrelation;
  std::size_t num_values = 0;  // that are not NaN
  ValueCount counted = {};
  std::vector<HorizonAnalysis> horizons;  // in the order of the inputs: the decay
};

struct Analysis {
  std::vector<FactorAnalysis> factors;  // in the order of the inputs
  Panel correlation;                    // [factor, factor]; empty where skipped
};

/// A factor without order (constant, all NaN), fewer symbols than quantiles, a horizon longer than
/// the panel: NaN and empty, no error. Every factor and label is sorted once a day, whatever the
/// number of horizons. The same bits for any number of threads. Throws kInvalidArgument when shapes
/// differ, a horizon is 0, the number of quantiles is out of its range, or regimes do not fit.
Analysis analyze(const AnalysisConfig& config, const AnalysisInputs& inputs);

}  // namespace tickwerk::factor
