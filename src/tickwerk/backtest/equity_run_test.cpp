#include "tickwerk/backtest/equity_run.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tickwerk/backtest/market_fixture.h"
#include "tickwerk/market/synthetic.h"

namespace tickwerk::backtest {
namespace {

BacktestConfig at_the_close() {
  BacktestConfig config{.fill = FillRule::kSameClose};
  config.fills = config.orders = Listing::kCount;
  return config;
}

void expect_equal(const EquityOutcome& found, const BacktestResult& wanted) {
  ASSERT_EQ(found.equity.size(), wanted.equity.size());
  for (std::size_t t = 0; t < wanted.equity.size(); ++t) {
    const risk::EquityRow& a = found.equity[t];
    const risk::EquityRow& b = wanted.equity[t];
    const double allowed = 1e-12 * b.equity;
    ASSERT_EQ(a.time, b.time);
    ASSERT_NEAR(a.equity, b.equity, allowed) << t;
    ASSERT_NEAR(a.cash, b.cash, allowed) << t;
    ASSERT_NEAR(a.cost, b.cost, allowed) << t;
    ASSERT_NEAR(a.bought, b.bought, allowed) << t;
    ASSERT_NEAR(a.sold, b.sold, allowed) << t;
    ASSERT_NEAR(a.interest, b.interest, allowed) << t;
    ASSERT_NEAR(a.gross_exposure, b.gross_exposure, 1e-12) << t;
  }
  EXPECT_EQ(found.num_orders, wanted.num_orders);
  EXPECT_EQ(found.num_fills, wanted.num_fills);
  EXPECT_EQ(found.num_delisted, wanted.num_delisted);
}

TEST(EquityRun, AgreesWithTheEngineForEveryRuleItHas) {
  const market::Bars bars = market::make_synthetic({.num_symbols = 61, .num_sessions = 500});
  for (const std::size_t first_row : {0, 100}) {
    const CloseSteps steps(bars, 5, first_row);
    EquityRun runs(steps);
    for (const double costs : {0.0, 0.5, 120.0}) {
      for (const std::size_t every : {1, 4}) {
        for (const bool weighs : {false, true}) {
          strategy::Signals signals = trend_signals(bars, 20, Below::kFlat, every);
          if (weighs) signals.strength = uneven_strengths(bars);
          strategy::StrategySpec spec;
          spec.max_weight = costs > 1 ? 0.05 : 1;
          spec.band = costs == 0.5 ? 0.001 : 0;
          spec.gross = 0.9;
          BacktestConfig config = at_the_close();
          config.costs.commission = Bps{costs};
          config.delist_haircut = 0.3;
          config.cash_rate = 0.02;
          config.min_trade = costs == 0 ? 1e-4 : 1e-9;
          expect_equal(runs.run(signals, spec, config),
                       run(bars, signals, spec, config, first_row));
        }
      }
    }
  }
}

TEST(EquityRun, FindsTheFixedPointWhereOrdersChangeSides) {
  // Both are held and nearly at their targets; costs of a tenth move the targets through them.
  const market::Bars bars = bars_of({{10, 10, 10}, {10, 10.02, 5}}, {{10, 10, 10}, {10, 10.02, 5}});
  const strategy::Signals signals = signals_of({"111", "111"});
  BacktestConfig config = at_the_close();
  config.costs.commission = Bps{2000};
  const CloseSteps steps(bars, 5);
  EquityRun runs(steps);
  expect_equal(runs.run(signals, {}, config), run(bars, signals, {}, config));
}

TEST(EquityRun, ScalesBuysThatTheCashCannotPay) {
  // Row 1: the first is too small a difference to be sold, and the others' targets need its cash.
  const Rows close = {{10, 10, 10}, {10, 10, 10}, {10.5, 10, 10}};
  const market::Bars bars = bars_of(close, close);
  const strategy::Signals signals = signals_of({"110", "110", "111"});
  strategy::StrategySpec spec;
  spec.band = 0.2;
  const CloseSteps steps(bars, 5);
  EquityRun runs(steps);
  const BacktestResult wanted = run(bars, signals, spec, at_the_close());
  EXPECT_GT(wanted.num_partial, 0u);
  const EquityOutcome found = runs.run(signals, spec, at_the_close());
  expect_equal(found, wanted);
  EXPECT_EQ(found.num_partial, wanted.num_partial);
}

TEST(EquityRun, GivesTheSameBitsEachTime) {
  const market::Bars bars = market::make_synthetic({.num_symbols = 20, .num_sessions = 200});
  const strategy::Signals signals = trend_signals(bars, 20);
  const CloseSteps steps(bars, 5);
  EquityRun runs(steps);
  const double first = runs.run(signals, {}, at_the_close()).equity.back().equity;
  EXPECT_EQ(runs.run(signals, {}, at_the_close()).equity.back().equity, first);
}

TEST(EquityRun, KnowsWhichRulesItHas) {
  strategy::StrategySpec spec;
  EXPECT_TRUE(equity_alone_suffices(spec, at_the_close()));
  EXPECT_FALSE(equity_alone_suffices(spec, BacktestConfig{}));
  BacktestConfig config = at_the_close();
  config.cost_model = CostModel::kSqrt;
  EXPECT_FALSE(equity_alone_suffices(spec, config));
  config = at_the_close();
  config.lot_size = 1;
  EXPECT_FALSE(equity_alone_suffices(spec, config));
  spec.short_selling = strategy::ShortSelling::kAllow;
  EXPECT_FALSE(equity_alone_suffices(spec, at_the_close()));
}

}  // namespace
}  // namespace tickwerk::backtest
