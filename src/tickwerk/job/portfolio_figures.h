// The figures on record of a trial that is a portfolio of symbols without costs: of a factor's
// buckets, of a model's predictions. Used by the analysis of factors and by the zoo of models;
// those of a backtest are in trial_figures.h.
#pragma once

#include "tickwerk/factor/portfolio_summary.h"
#include "tickwerk/job/trial_figures.h"

namespace tickwerk::job {

/// `daily` has a NaN on a day without a return; `summary` is its own. What only a backtest has
/// (orders, costs, turnover) is missing.
TrialFigures measure_portfolio(const factor::Daily& daily, const factor::PortfolioSummary& summary);

}  // namespace tickwerk::job
