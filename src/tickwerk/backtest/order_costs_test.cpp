// Costs that depend on the order and on how much the symbol trades.
#include <gtest/gtest.h>

#include <cmath>

#include "tickwerk/backtest/liquidity.h"
#include "tickwerk/backtest/market_fixture.h"
#include "tickwerk/market/synthetic.h"

namespace tickwerk::backtest {
namespace {

constexpr std::size_t kFull = 20;  // the first row with 20 returns

/// Closes that go 100, 110, 100, 110, ... and a volume of 1000 shares; open = close.
market::Bars swinging_bars(std::size_t num_rows) {
  Rows close, volume;
  for (std::size_t t = 0; t < num_rows; ++t) {
    close.push_back({t % 2 == 0 ? 100.0 : 110.0});
    volume.push_back({1000});
  }
  market::Bars bars = bars_of(close, close);
  bars.fields.emplace("volume", panel_of(volume));
  return bars;
}

/// Ten returns of ln 1.1 and ten of -ln 1.1: mean 0, 19 degrees of freedom.
const double kVolatility = std::log(1.1) * std::sqrt(20.0 / 19);
constexpr double kAdv = 105'000;

/// Wants the symbol on `row` and leaves it alone before and after.
strategy::Signals wanted_on(std::size_t row, std::size_t num_rows) {
  strategy::Signals signals = signals_of(std::vector<std::string>(num_rows, "2"));
  signals.direction(row, 0) = strategy::kLong;
  return signals;
}

BacktestConfig sqrt_config(FillRule fill = FillRule::kNextOpen) {
  BacktestConfig config{.start_capital = 1000, .fill = fill, .costs = kNoCosts};
  config.cost_model = CostModel::kSqrt;
  config.impact_coef = 0.1;
  return config;
}

TEST(Liquidity, IsThatOfTwentyBarsAndNaNBefore) {
  const Liquidity found = liquidity(swinging_bars(24));
  EXPECT_TRUE(std::isnan(found.volatility(kFull - 1, 0)));
  EXPECT_NEAR(found.volatility(kFull, 0), kVolatility, 1e-15);
  EXPECT_TRUE(std::isnan(found.adv(18, 0)));
  EXPECT_DOUBLE_EQ(found.adv(19, 0), kAdv);
}

TEST(Liquidity, CountsTheSymbolsOwnBars) {
  market::Bars bars = swinging_bars(30);
  for (const char* field : {"open", "close", "volume"}) bars.fields.at(field)(7, 0) = kNaN;
  const Liquidity found = liquidity(bars);
  EXPECT_TRUE(std::isnan(found.adv(19, 0)));
  EXPECT_FALSE(std::isnan(found.adv(20, 0)));
  EXPECT_TRUE(std::isnan(found.volatility(kFull, 0)));
  EXPECT_FALSE(std::isnan(found.volatility(kFull + 1, 0)));
}

TEST(Liquidity, NeedsVolume) {
  market::Bars bars = swinging_bars(24);
  bars.fields.erase("volume");
  try {
    run(bars, wanted_on(0, 24), {}, sqrt_config());
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kNotFound);
  }
}

TEST(SqrtImpact, GrowsWithTheRootOfTheShareOfVolume) {
  const market::Bars bars = swinging_bars(24);
  const BacktestConfig config = sqrt_config();
  strategy::StrategySpec spec;
  spec.gross = 0.5;
  const BacktestResult result = run(bars, wanted_on(kFull, 24), spec, config);
  // 500 of cash at the close of 100: 5 shares, filled at the open of 110.
  ASSERT_EQ(result.fills.size(), 1u);
  ASSERT_EQ(result.impacts.size(), 1u);
  const double impact = 0.1 * kVolatility * std::sqrt(550 / kAdv);
  EXPECT_NEAR(result.impacts[0], impact, 1e-15);
  EXPECT_NEAR(result.equity[21].cost, 550 * impact, 1e-12);
  EXPECT_NEAR(result.equity[21].cash, 1000 - 550 * (1 + impact), 1e-10);
  const risk::FillCosts costs = risk::FillCharges{config.costs, result.impacts}.of(result.fills, 0);
  EXPECT_NEAR(costs.fill_price, 110 * (1 + impact), 1e-12);
  EXPECT_EQ(result.num_impact_capped, 0u);
}

TEST(SqrtImpact, IsCappedAndTheHitsAreCounted) {
  const market::Bars bars = swinging_bars(24);
  BacktestConfig config = sqrt_config();
  config.impact_coef = 10;  // 10 x 0.098 x sqrt(550 / 105000) = 7 %
  strategy::StrategySpec spec;
  spec.gross = 0.5;
  const BacktestResult result = run(bars, wanted_on(kFull, 24), spec, config);
  EXPECT_DOUBLE_EQ(result.equity[21].cost, 550 * 0.005);
  EXPECT_EQ(result.num_impact_capped, 1u);
}

TEST(SqrtImpact, IsTheCapWhereVolumeOrVolatilityIsUnknown) {
  const market::Bars bars = swinging_bars(24);
  strategy::StrategySpec spec;
  spec.gross = 0.5;
  const BacktestResult result = run(bars, wanted_on(4, 24), spec, sqrt_config());
  EXPECT_DOUBLE_EQ(result.equity[5].cost, 550 * 0.005);
  EXPECT_EQ(result.num_impact_capped, 1u);
}

TEST(SqrtImpact, IsNothingWithoutACoefficient) {
  const market::Bars bars = swinging_bars(24);
  BacktestConfig config = sqrt_config();
  config.impact_coef = 0;
  const BacktestResult result = run(bars, wanted_on(4, 24), {}, config);
  EXPECT_EQ(result.equity[5].cost, 0.0);
  EXPECT_EQ(result.num_impact_capped, 0u);
}

TEST(SqrtImpact, IsPartOfTheEquityThatSizesAtTheSameClose) {
  const market::Bars bars = swinging_bars(24);
  BacktestConfig config = sqrt_config(FillRule::kSameClose);
  config.costs.commission = Bps{100};
  const BacktestResult result = run(bars, wanted_on(kFull, 24), {}, config);
  const double invested = -result.fills[0].fill_qty * -100;
  const double cost = invested * (0.01 + 0.1 * kVolatility * std::sqrt(invested / kAdv));
  EXPECT_NEAR(result.equity[kFull].equity, invested, 1e-9);
  EXPECT_NEAR(result.equity[kFull].equity, 1000 - cost, 1e-9);
  EXPECT_NEAR(result.equity[kFull].cash, 0, 1e-9);
}

TEST(SqrtImpact, LeavesNoDebtWhenBuysAreScaled) {
  const market::Bars bars = swinging_bars(24);
  const BacktestResult result = run(bars, wanted_on(kFull, 24), {}, sqrt_config());
  // 10 shares are wanted at 100; at the open of 110 the cash reaches for less, costs counted as of
  // the whole order.
  const double rate = 0.1 * kVolatility * std::sqrt(1100 / kAdv);
  ASSERT_EQ(result.fills.size(), 1u);
  EXPECT_NEAR(result.fills[0].fill_qty, 1000 / (110 * (1 + rate)), 1e-12);
  EXPECT_GE(result.equity[21].cash, 0);
  EXPECT_LT(result.equity[21].cash, 1e-4 * 1000);
}

TEST(SqrtImpact, IsTheCapForADelistedHolding) {
  market::Bars bars = swinging_bars(40);
  for (std::size_t t = 24; t < 40; ++t) {
    for (const char* field : {"open", "close", "volume"}) bars.fields.at(field)(t, 0) = kNaN;
  }
  market::Bars two = bars_of(Rows(40, {100.0, 1.0}), Rows(40, {100.0, 1.0}));
  two.fields.emplace("volume", Panel(40, 2, 1000));
  for (std::size_t t = 0; t < 40; ++t) {
    for (const char* field : {"open", "close", "volume"}) {
      two.fields.at(field)(t, 0) = bars.field(field)(t, 0);
    }
  }
  strategy::Signals signals = signals_of(std::vector<std::string>(40, "22"));
  signals.direction(kFull, 0) = strategy::kLong;
  const BacktestResult result = run(two, signals, {}, sqrt_config());
  ASSERT_EQ(result.fills.size(), 2u);
  EXPECT_EQ(result.fills[1].status(), risk::FillStatus::kDelisted);
  EXPECT_DOUBLE_EQ(result.impacts[1], 0.005);
  EXPECT_LT(largest_accounting_error(two, sqrt_config(), result), 1e-9);
}

TEST(ParticipationCap, FillsAPartAndDropsTheRest) {
  const market::Bars bars = swinging_bars(24);
  BacktestConfig config{.start_capital = 1000, .costs = kNoCosts};
  config.participation_cap = 0.001;  // 105 of cash a bar
  strategy::StrategySpec spec;
  spec.gross = 0.5;
  const BacktestResult result = run(bars, wanted_on(kFull, 24), spec, config);
  ASSERT_EQ(result.fills.size(), 1u);
  EXPECT_DOUBLE_EQ(result.fills[0].order_qty, 5);
  EXPECT_DOUBLE_EQ(result.fills[0].fill_qty, 105.0 / 110);
  EXPECT_EQ(result.fills[0].status(), risk::FillStatus::kPartial);
  EXPECT_EQ(result.num_participation_capped, 1u);
  EXPECT_EQ(result.num_partial, 1u);
}

TEST(ParticipationCap, FillsNothingWhereVolumeIsUnknown) {
  const market::Bars bars = swinging_bars(24);
  BacktestConfig config{.start_capital = 1000, .costs = kNoCosts};
  config.participation_cap = 0.5;
  const BacktestResult result = run(bars, wanted_on(4, 24), {}, config);
  ASSERT_EQ(result.fills.size(), 1u);
  EXPECT_EQ(result.fills[0].fill_qty, 0.0);
  EXPECT_EQ(result.num_fills, 0u);
}

TEST(ParticipationCap, LeavesAloneTheOrdersBelowIt) {
  const market::Bars bars = market::make_synthetic({.num_symbols = 20, .num_sessions = 200});
  const strategy::Signals signals = trend_signals(bars, 20);
  for (const FillRule rule : {FillRule::kNextOpen, FillRule::kSameClose}) {
    BacktestConfig config{.fill = rule};
    const BacktestResult plain = run(bars, signals, {}, config);
    config.participation_cap = 1e6;
    const BacktestResult capped = run(bars, signals, {}, config);
    EXPECT_EQ(capped.num_fills, plain.num_fills);
    EXPECT_EQ(capped.num_partial, plain.num_partial);
    for (std::size_t t = 0; t < plain.equity.size(); ++t) {
      ASSERT_NEAR(capped.equity[t].equity, plain.equity[t].equity, 1e-12 * plain.equity[t].equity);
    }
  }
}

/// Longs and shorts by the sign of the trend, on a market with gaps, late starts and delistings.
class SidedAccounting : public testing::TestWithParam<FillRule> {};

TEST_P(SidedAccounting, CashAndHoldingsAreEquityOnEveryBar) {
  const market::Bars bars = market::make_synthetic({.num_symbols = 61, .num_sessions = 500});
  const strategy::Signals signals = trend_signals(bars, 20, Below::kShort);
  for (const CostModel model : {CostModel::kLinear, CostModel::kSqrt}) {
    for (const double lot_size : {0.0, 1.0}) {
      for (const double participation : {0.0, 1e-4}) {
        BacktestConfig config{.start_capital = 1e6, .fill = GetParam()};
        config.cost_model = model;
        config.participation_cap = participation;
        config.lot_size = lot_size;
        config.cash_rate = 0.03;
        config.delist_haircut = 0.3;
        const BacktestResult result = run(bars, signals, sides_of(0.9, 0.7), config, 100);
        EXPECT_LT(largest_accounting_error(bars, config, result, 100), 1e-9);
        EXPECT_GT(result.num_fills, 1000u);
        EXPECT_LT(result.equity[399].net_exposure, result.equity[399].gross_exposure);
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(FillRules,
                         SidedAccounting,
                         testing::Values(FillRule::kNextOpen, FillRule::kSameClose));

}  // namespace
}  // namespace tickwerk::backtest
