#include "tickwerk/factor/portfolio_summary.h"

#include "tickwerk/factor/panel_fixture.h"
#include "tickwerk/risk/sharpe_inference.h"

namespace tickwerk::factor {
namespace {

TEST(CumulativeReturn, CompoundsAndRepeatsWhereThereIsNone) {
  expect_same(cumulative_return(Daily{kNaN, 0.1, kNaN, -0.5}), {kNaN, 0.1, 0.1, 0.55 - 1});
}

TEST(SummarizePortfolio, AnnualisesDailyReturns) {
  // 0.1, -0.2, 0.1, 0.2: mean 0.05, squares 0.09; equity 1.1, 0.88, 0.968, 1.1616.
  const Daily daily{kNaN, 0.1, -0.2, 0.1, kNaN, 0.2};
  const PortfolioSummary found = summarize_portfolio(daily, {});
  EXPECT_EQ(found.num_returns, 4u);
  EXPECT_NEAR(*found.total_return, 0.1616, 1e-15);
  EXPECT_NEAR(*found.yearly_return, 12.6, 1e-13);
  EXPECT_NEAR(*found.volatility, std::sqrt(0.03 * 252), 1e-13);
  EXPECT_NEAR(*found.sharpe, 0.05 / std::sqrt(0.03) * std::sqrt(252), 1e-12);
  EXPECT_NEAR(*found.max_drawdown_pct, -20, 1e-12);
  EXPECT_FALSE(found.deflated_sharpe);
}

TEST(SummarizePortfolio, DeflatesByTheTrialsGiven) {
  const Panel noise = random_panel(1, 500, 3, 0.01);
  const Daily daily(noise.row(0), noise.row(0) + 500);
  const PortfolioSummary ten = summarize_portfolio(daily, {.num_trials = 10});
  const PortfolioSummary more = summarize_portfolio(daily, {.num_trials = 100});
  EXPECT_LT(*ten.deflated_sharpe, *ten.probabilistic_sharpe);
  EXPECT_LT(*more.deflated_sharpe, *ten.deflated_sharpe);
  // Trials that were all alike had nothing to choose from.
  const PortfolioSummary alike =
      summarize_portfolio(daily, {.num_trials = 100, .trial_variance = 0});
  EXPECT_EQ(*alike.deflated_sharpe, *alike.probabilistic_sharpe);
}

TEST(SummarizePortfolio, IsEmptyWithoutReturnsOrDeviation) {
  const PortfolioSummary none = summarize_portfolio(Daily(4, kNaN), {});
  EXPECT_EQ(none.num_returns, 0u);
  EXPECT_FALSE(none.total_return || none.sharpe || none.max_drawdown_pct);
  const PortfolioSummary constant = summarize_portfolio(Daily(40, 0.0), {});
  EXPECT_EQ(*constant.total_return, 0);
  EXPECT_FALSE(constant.sharpe || constant.sharpe_error || constant.deflated_sharpe);
}

}  // namespace
}  // namespace tickwerk::factor
