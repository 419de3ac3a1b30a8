#include "tickwerk/backtest/backtest.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tickwerk/backtest/market_fixture.h"
#include "tickwerk/market/synthetic.h"

namespace tickwerk::backtest {
namespace {

using risk::FillStatus;

BacktestConfig config_of(FillRule fill, risk::CostRates costs = kNoCosts) {
  return {.start_capital = 1000, .fill = fill, .costs = costs};
}

TEST(NextOpen, FillsAtTheOpenAfterTheDecision) {
  const market::Bars bars = bars_of({{9}, {10}, {12}}, {{10}, {11}, {13}});
  const BacktestResult result =
      run(bars, signals_of({"1", "1", "0"}), {}, config_of(FillRule::kNextOpen));
  ASSERT_EQ(result.fills.size(), 1u);
  EXPECT_EQ(result.fills[0].bar, 1);
  EXPECT_DOUBLE_EQ(result.fills[0].fill_qty, 1000.0 / 10);  // wanted at the close of 10
  EXPECT_DOUBLE_EQ(result.equity[0].equity, 1000);
  EXPECT_DOUBLE_EQ(result.equity[1].equity, 100 * 11);
  // The order decided on row 1 asks for 1100 / 11 = 100 shares, which are held: no order.
  EXPECT_DOUBLE_EQ(result.equity[2].equity, 100 * 13);
  ASSERT_EQ(result.orders.size(), 2u);
  EXPECT_EQ(result.orders[1].bar, 2);
  EXPECT_DOUBLE_EQ(result.orders[1].qty, -100);
}

TEST(NextOpen, ScalesBuysThatTheCashCannotPay) {
  const market::Bars bars = bars_of({{10, 20}, {11, 30}, {11, 30}}, {{10, 20}, {10, 20}, {10, 20}});
  const BacktestResult result =
      run(bars, signals_of({"11", "22", "22"}), {}, config_of(FillRule::kNextOpen));
  // Decided: 50 and 25 shares, which cost 50 * 11 + 25 * 30 = 1300 of the 1000 there are.
  ASSERT_EQ(result.fills.size(), 2u);
  EXPECT_EQ(result.fills[0].status(), FillStatus::kPartial);
  EXPECT_DOUBLE_EQ(result.fills[0].fill_qty, 50 * 1000.0 / 1300);
  EXPECT_DOUBLE_EQ(result.fills[1].fill_qty, 25 * 1000.0 / 1300);
  EXPECT_NEAR(result.equity[1].cash, 0, 1e-9);
  EXPECT_EQ(result.num_partial, 2u);
}

TEST(NextOpen, CountsTheCostOfBuysAgainstTheCash) {
  const market::Bars bars = bars_of({{10}, {10}}, {{10}, {10}});
  const BacktestResult result = run(bars, signals_of({"1", "2"}), {},
                                    config_of(FillRule::kNextOpen, {Bps{50}, Bps{30}, Bps{20}}));
  ASSERT_EQ(result.fills.size(), 1u);
  EXPECT_DOUBLE_EQ(result.fills[0].fill_qty, 100 / 1.01);
  const risk::FillCosts costs = risk::costs_of(result.fills[0], {Bps{50}, Bps{30}, Bps{20}});
  EXPECT_DOUBLE_EQ(costs.commission, 1000 / 1.01 * 0.005);
  EXPECT_DOUBLE_EQ(costs.fill_price, 10 * 1.005);
  EXPECT_NEAR(result.equity[1].equity, 1000 / 1.01, 1e-9);
}

TEST(NextOpen, LetsAnOrderWaitForABarAndReplacesItByTheNextDecision) {
  const market::Bars bars = bars_of({{10}, {kNaN}, {10}, {10}}, {{10}, {kNaN}, {10}, {10}});
  strategy::Signals signals = signals_of({"1", "2", "2", "2"});
  signals.decides = {1, 0, 0, 0};
  const BacktestResult result = run(bars, signals, {}, config_of(FillRule::kNextOpen));
  ASSERT_EQ(result.fills.size(), 2u);
  EXPECT_EQ(result.fills[0].status(), FillStatus::kWaiting);
  EXPECT_EQ(result.fills[0].fill_qty, 0.0);
  EXPECT_EQ(result.fills[1].status(), FillStatus::kFilled);
  EXPECT_EQ(result.fills[1].bar, 2);
  EXPECT_EQ(result.num_waiting, 1u);

  signals.decides = {1, 1, 0, 0};  // the second decision leaves the symbol as it is
  const BacktestResult replaced = run(bars, signals, {}, config_of(FillRule::kNextOpen));
  ASSERT_EQ(replaced.fills.size(), 1u);
  EXPECT_EQ(replaced.fills[0].status(), FillStatus::kWaiting);
}

TEST(SameClose, SizesByTheEquityAfterCosts) {
  const market::Bars bars = bars_of({{10}, {10}}, {{10}, {10}});
  const BacktestResult result = run(bars, signals_of({"1", "0"}), {},
                                    config_of(FillRule::kSameClose, {Bps{100}, Bps{0}, Bps{0}}));
  // E = 1000 - 0.01 E has the fixed point 1000 / 1.01; eight iterations leave 0.01^8 of it.
  const double invested = 1000 / 1.01;
  ASSERT_EQ(result.fills.size(), 2u);
  EXPECT_NEAR(result.fills[0].fill_qty * 10, invested, 1e-12 * 1000);
  EXPECT_NEAR(result.equity[0].equity, invested, 1e-12 * 1000);
  EXPECT_NEAR(result.equity[0].cash, 0, 1e-12 * 1000);
  EXPECT_NEAR(result.equity[1].equity, invested * 0.99, 1e-12 * 1000);
  EXPECT_DOUBLE_EQ(result.equity[0].gross_exposure, 1 - result.equity[0].cash / invested);
}

TEST(SameClose, NeedsNoOpen) {
  market::Bars bars = bars_of({{10}, {10}}, {{10}, {11}});
  bars.fields.erase("open");
  EXPECT_DOUBLE_EQ(
      run(bars, signals_of({"1", "1"}), {}, config_of(FillRule::kSameClose)).equity[1].equity,
      1100);
  EXPECT_THROW(run(bars, signals_of({"1", "1"}), {}, config_of(FillRule::kNextOpen)), Error);
}

TEST(Weights, SharesGrossAmongTheLongsByStrength) {
  const market::Bars bars = bars_of({{10, 10, 10}}, {{10, 10, 10}});
  strategy::Signals signals = signals_of({"110"});
  signals.strength = panel_of({{3, 1, 0}});
  strategy::StrategySpec spec;
  spec.gross = 0.8;
  const BacktestResult result = run(bars, signals, spec, config_of(FillRule::kSameClose));
  EXPECT_DOUBLE_EQ(result.shares[0], 60);
  EXPECT_DOUBLE_EQ(result.shares[1], 20);
  EXPECT_DOUBLE_EQ(result.cash, 200);
}

TEST(Weights, LeaveInCashWhatIsOverTheMaximum) {
  const market::Bars bars = bars_of({{10, 10}}, {{10, 10}});
  strategy::Signals signals = signals_of({"11"});
  signals.strength = panel_of({{3, 1}});
  strategy::StrategySpec spec;
  spec.max_weight = 0.5;
  const BacktestResult result = run(bars, signals, spec, config_of(FillRule::kSameClose));
  EXPECT_DOUBLE_EQ(result.shares[0], 50);
  EXPECT_DOUBLE_EQ(result.shares[1], 25);
}

TEST(Weights, LeaveTheRestToTheOthersWhenAHoldingIsKept) {
  const market::Bars bars = bars_of({{10, 10}, {10, 10}}, {{10, 10}, {30, 10}});
  const BacktestResult result =
      run(bars, signals_of({"11", "21"}), {}, config_of(FillRule::kSameClose));
  // Row 0: 50 shares each. Row 1: 50 x 30 = 1500 kept, of equity 2000 the other gets 500.
  EXPECT_DOUBLE_EQ(result.shares[0], 50);
  EXPECT_DOUBLE_EQ(result.shares[1], 50);
  EXPECT_EQ(result.num_orders, 2u);
}

TEST(Band, LeavesAloneWhatIsNearButNotEntriesAndExits) {
  const market::Bars bars = bars_of({{10, 10}, {10, 10}, {10, 10}}, {{10, 10}, {11, 10}, {11, 10}});
  strategy::StrategySpec spec;
  spec.band = 0.05;
  const BacktestResult result =
      run(bars, signals_of({"11", "11", "10"}), spec, config_of(FillRule::kSameClose));
  // Row 1: 550 and 500 of 1050; both are 25 from their target, less than 0.05 x 1050.
  EXPECT_EQ(result.equity[1].bought + result.equity[1].sold, 0.0);
  EXPECT_EQ(result.shares[1], 0.0);
  EXPECT_DOUBLE_EQ(result.shares[0], 1050.0 / 11);
}

TEST(Lots, RoundTargetsTowardZeroAndScaledBuysOnceMore) {
  const market::Bars bars = bars_of({{7}, {9}}, {{7}, {9}});
  BacktestConfig config = config_of(FillRule::kNextOpen);
  config.lot_size = 10;
  const BacktestResult result = run(bars, signals_of({"1", "2"}), {}, config);
  EXPECT_DOUBLE_EQ(result.orders[0].qty, 140);  // 1000 / 7 = 142.9
  EXPECT_DOUBLE_EQ(result.shares[0], 110);      // 1000 / 9 = 111.1
}

TEST(Lots, AScaledBuyOfLessThanALotIsNoFill) {
  const market::Bars bars = bars_of({{10, 400}, {20, 800}}, {{10, 400}, {20, 800}});
  BacktestConfig config = config_of(FillRule::kNextOpen);
  config.lot_size = 1;
  const BacktestResult result = run(bars, signals_of({"11", "22"}), {}, config);
  // 50 shares and 1 are wanted, which cost 1800 of the 1000 there are: 27.8 and 0.56.
  ASSERT_EQ(result.fills.size(), 2u);
  EXPECT_EQ(result.fills[0].fill_qty, 27.0);
  EXPECT_EQ(result.fills[1].fill_qty, 0.0);
  EXPECT_EQ(result.fills[1].status(), FillStatus::kPartial);
  EXPECT_EQ(result.num_partial, 2u);
  EXPECT_EQ(result.num_fills, 1u);
}

TEST(Delisting, SellsAHoldingThatStaysWithoutABar) {
  Rows close = {{10, 5}, {10, 5}};
  for (int t = 0; t < 4; ++t) close.push_back({kNaN, 5});
  const market::Bars bars = bars_of(close, close);
  strategy::Signals signals = signals_of(std::vector<std::string>(close.size(), "22"));
  signals.direction(0, 0) = strategy::kLong;
  BacktestConfig config = config_of(FillRule::kSameClose, {Bps{10}, Bps{0}, Bps{0}});
  config.delist_after = 3;
  config.delist_haircut = 0.3;
  const BacktestResult result = run(bars, signals, {}, config);
  ASSERT_EQ(result.fills.size(), 2u);
  const risk::Fill& exit = result.fills[1];
  EXPECT_EQ(exit.status(), FillStatus::kDelisted);
  EXPECT_EQ(exit.bar, 4);  // the third row without a bar
  EXPECT_DOUBLE_EQ(exit.price, 7);
  EXPECT_DOUBLE_EQ(exit.fill_qty, -result.fills[0].fill_qty);
  EXPECT_EQ(result.num_delisted, 1u);
  EXPECT_EQ(result.shares[0], 0.0);
  const double proceeds = result.fills[0].fill_qty * 7 * (1 - 0.001);
  EXPECT_NEAR(result.equity[4].equity, result.equity[3].cash + proceeds, 1e-9);
  // Marked at the last close until then.
  EXPECT_NEAR(result.equity[3].equity, result.equity[0].equity, 1e-9);
}

TEST(Delisting, DoesNotCountRowsOnWhichTheWholeMarketIsMissing) {
  const Rows close = {{10, 5}, {kNaN, kNaN}, {kNaN, kNaN}, {kNaN, 5}, {kNaN, 5}, {kNaN, 5}};
  const market::Bars bars = bars_of(close, close);
  strategy::Signals signals = signals_of(std::vector<std::string>(close.size(), "22"));
  signals.direction(0, 0) = strategy::kLong;
  BacktestConfig config = config_of(FillRule::kSameClose);
  config.delist_after = 2;
  const BacktestResult result = run(bars, signals, {}, config);
  ASSERT_EQ(result.fills.size(), 2u);
  EXPECT_EQ(result.fills[1].bar, 4);
}

TEST(Ruin, LeavesNothingToDecide) {
  Rows close = {{10, 5}, {10, 5}, {kNaN, 5}, {kNaN, 5}, {kNaN, 5}};
  const market::Bars bars = bars_of(close, close);
  strategy::Signals signals = signals_of({"10", "20", "21", "21", "21"});
  BacktestConfig config = config_of(FillRule::kSameClose, {Bps{10}, Bps{0}, Bps{0}});
  config.delist_after = 2;
  config.delist_haircut = 1;
  const BacktestResult result = run(bars, signals, {}, config);
  EXPECT_EQ(result.num_orders, 1u);
  EXPECT_NEAR(result.equity.back().equity, 0, 1e-9);
  EXPECT_EQ(result.shares[1], 0.0);
}

TEST(FirstRow, StartsThereWithCashOnly) {
  const market::Bars bars = bars_of({{10}, {10}, {10}}, {{10}, {20}, {40}});
  const BacktestResult result =
      run(bars, signals_of({"1", "1", "1"}), {}, config_of(FillRule::kSameClose), 1);
  ASSERT_EQ(result.equity.size(), 2u);
  EXPECT_EQ(result.equity[0].time, bars.times[1]);
  EXPECT_DOUBLE_EQ(result.equity[0].equity, 1000);
  EXPECT_DOUBLE_EQ(result.equity[1].equity, 2000);
}

TEST(Decide, GivesTheOrdersOfTheBacktestFromItsHoldings) {
  const market::Bars bars = market::make_synthetic({.num_symbols = 30, .num_sessions = 200});
  const auto strategy = strategy::make_strategy(strategy::built_in_spec("ema_trend"));
  const strategy::Signals signals =
      strategy::build_signals(bars, strategy.spec, build_factors(strategy, {.bars = bars}));
  const BacktestConfig config;
  const BacktestResult result = run(bars, signals, strategy.spec, config);
  const risk::OrderList orders =
      decide(bars, signals, strategy.spec, config, {result.cash, result.shares});
  std::size_t i = result.orders.size() - orders.size();
  ASSERT_GT(orders.size(), 5u);
  for (const risk::Order& order : orders) {
    EXPECT_EQ(order.bar, 199);
    EXPECT_EQ(order.symbol, result.orders[i].symbol);
    EXPECT_EQ(order.qty, result.orders[i].qty);
    ++i;
  }
}

TEST(Run, RefusesAConfigurationOutOfRange) {
  const market::Bars bars = bars_of({{10}}, {{10}});
  const auto refused = [&](auto change) {
    BacktestConfig config;
    change(config);
    EXPECT_THROW(run(bars, signals_of({"1"}), {}, config), Error);
  };
  refused([](BacktestConfig& config) { config.start_capital = 0; });
  refused([](BacktestConfig& config) { config.start_capital = kNaN; });
  refused([](BacktestConfig& config) { config.costs.spread = Bps{-1}; });
  refused([](BacktestConfig& config) { config.costs.impact = Bps{10'000}; });
  refused([](BacktestConfig& config) { config.min_trade = -1; });
  refused([](BacktestConfig& config) { config.lot_size = kNaN; });
  refused([](BacktestConfig& config) { config.delist_after = 0; });
  refused([](BacktestConfig& config) { config.delist_haircut = 1.5; });
}

/// Every combination of rules over a market with gaps, late starts and delistings.
class Accounting : public testing::TestWithParam<FillRule> {};

TEST_P(Accounting, CashAndHoldingsAreEquityOnEveryBar) {
  const market::Bars bars = market::make_synthetic({.num_symbols = 61, .num_sessions = 700});
  for (const strategy::Weighting weights :
       {strategy::Weighting::kEqual, strategy::Weighting::kScore, strategy::Weighting::kRank,
        strategy::Weighting::kInverseVol}) {
    for (const double lot_size : {0.0, 1.0}) {
      for (const double band : {0.0, 0.002}) {
        strategy::StrategySpec spec = strategy::built_in_spec("trend_baseline");
        spec.weights = weights;
        spec.band = band;
        spec.max_weight = 0.1;
        const auto strategy = strategy::make_strategy(spec);
        const strategy::Signals signals = strategy::build_signals(
            bars, spec, build_factors(strategy, {.bars = bars}), {.first_row = 100});
        BacktestConfig config{.fill = GetParam()};
        config.lot_size = lot_size;
        config.delist_haircut = 0.3;
        const BacktestResult result = run(bars, signals, spec, config, 100);
        EXPECT_LT(largest_accounting_error(bars, config, result, 100), 1e-9);
        EXPECT_GT(result.num_fills, 1000u);
        for (const risk::EquityRow& row : result.equity) {
          ASSERT_GE(row.cash, -1e-9 * row.equity);
          ASSERT_LE(row.gross_exposure, 1 + 1e-9);
        }
      }
    }
  }
}

TEST_P(Accounting, CapitalScalesEverythingInProportion) {
  const market::Bars bars = market::make_synthetic({.num_symbols = 20, .num_sessions = 300});
  const auto strategy = strategy::make_strategy(strategy::built_in_spec("trend_baseline"));
  const strategy::Signals signals =
      strategy::build_signals(bars, strategy.spec, build_factors(strategy, {.bars = bars}));
  const BacktestConfig small{.start_capital = 1000, .fill = GetParam()};
  const BacktestConfig large{.start_capital = 1024 * 1000, .fill = GetParam()};
  const BacktestResult a = run(bars, signals, strategy.spec, small);
  const BacktestResult b = run(bars, signals, strategy.spec, large);
  for (std::size_t t = 0; t < a.equity.size(); ++t) {
    ASSERT_EQ(a.equity[t].equity * 1024, b.equity[t].equity);  // a power of two: the same bits
  }
}

TEST_P(Accounting, CuttingTheFutureChangesNothing) {
  const market::Bars bars = market::make_synthetic({.num_symbols = 20, .num_sessions = 200});
  const auto strategy = strategy::make_strategy(strategy::built_in_spec("ema_trend"));
  const BacktestConfig config{.fill = GetParam()};
  const auto equity_of = [&](const market::Bars& some) {
    return run(some,
               strategy::build_signals(some, strategy.spec,
                                       build_factors(strategy, {.bars = some})),
               strategy.spec, config)
        .equity;
  };
  const auto full = equity_of(bars);
  for (const std::size_t end : {1, 60, 133, 199}) {
    market::Bars cut;
    cut.symbols = bars.symbols;
    cut.times.assign(bars.times.begin(), bars.times.begin() + static_cast<std::ptrdiff_t>(end));
    for (const auto& [name, panel] : bars.fields) {
      Panel part(end, panel.num_symbols(), kNaN);
      std::copy_n(panel.row(0), end * panel.stride(), part.row(0));
      cut.fields.emplace(name, std::move(part));
    }
    const auto past = equity_of(cut);
    for (std::size_t t = 0; t < end; ++t) ASSERT_EQ(past[t].equity, full[t].equity);
  }
}

INSTANTIATE_TEST_SUITE_P(FillRules,
                         Accounting,
                         testing::Values(FillRule::kNextOpen, FillRule::kSameClose));

}  // namespace
}  // namespace tickwerk::backtest
