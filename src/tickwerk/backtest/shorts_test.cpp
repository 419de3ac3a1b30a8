// Shorts, margins, borrow fees and interest, on markets small enough to follow by hand.
#include <gtest/gtest.h>

#include <cmath>

#include "tickwerk/backtest/market_fixture.h"

namespace tickwerk::backtest {
namespace {

using risk::FillStatus;

/// No costs and no fees, 1000 of start capital.
BacktestConfig free_of_costs(FillRule fill) {
  BacktestConfig config{.start_capital = 1000, .fill = fill, .costs = kNoCosts};
  config.shorts.borrow_fee = 0;
  return config;
}

TEST(Shorts, BringTheirProceedsIntoCashAndWinWhatThePriceFalls) {
  const market::Bars bars = bars_of({{10}, {10}, {9}}, {{10}, {8}, {9}});
  const BacktestResult result =
      run(bars, signals_of({"-", "2", "2"}), sides_of(0, 1), free_of_costs(FillRule::kNextOpen));
  ASSERT_EQ(result.fills.size(), 1u);
  EXPECT_EQ(result.fills[0].bar, 1);
  EXPECT_DOUBLE_EQ(result.fills[0].fill_qty, -100);
  EXPECT_DOUBLE_EQ(result.equity[1].cash, 2000);
  EXPECT_DOUBLE_EQ(result.equity[1].equity, 2000 - 800);
  EXPECT_DOUBLE_EQ(result.equity[1].gross_exposure, 800.0 / 1200);
  EXPECT_DOUBLE_EQ(result.equity[1].net_exposure, -800.0 / 1200);
  EXPECT_DOUBLE_EQ(result.equity[1].sold, 1000);
  EXPECT_DOUBLE_EQ(result.equity[2].equity, 1100);
}

TEST(Shorts, PayTheCostsOfASaleAndOfABuy) {
  const market::Bars bars = bars_of({{10}, {10}}, {{10}, {10}});
  BacktestConfig config = free_of_costs(FillRule::kSameClose);
  config.costs = {Bps{100}, Bps{0}, Bps{0}};
  const BacktestResult result = run(bars, signals_of({"-", "0"}), sides_of(0, 1), config);
  // E = 1000 - 0.01 E has the fixed point 1000 / 1.01; eight iterations leave 0.01^8 of it.
  const double sold = 1000 / 1.01;
  EXPECT_NEAR(result.fills[0].fill_qty * 10, -sold, 1e-12 * 1000);
  EXPECT_NEAR(result.equity[0].equity, sold, 1e-12 * 1000);
  EXPECT_NEAR(result.equity[0].cost, 0.01 * sold, 1e-12 * 1000);
  EXPECT_NEAR(result.equity[1].equity, sold * 0.99, 1e-12 * 1000);
}

TEST(Shorts, ShareWhatLongsDoNot) {
  const market::Bars bars = bars_of({{10, 10, 10, 10}}, {{10, 10, 10, 10}});
  strategy::Signals signals = signals_of({"11--"});
  signals.strength = panel_of({{3, 1, 1, 4}});
  const BacktestResult result =
      run(bars, signals, sides_of(0.8, 0.5), free_of_costs(FillRule::kSameClose));
  EXPECT_DOUBLE_EQ(result.shares[0], 60);
  EXPECT_DOUBLE_EQ(result.shares[1], 20);
  EXPECT_DOUBLE_EQ(result.shares[2], -10);
  EXPECT_DOUBLE_EQ(result.shares[3], -40);
  EXPECT_DOUBLE_EQ(result.equity[0].gross_exposure, 1.3);
  EXPECT_DOUBLE_EQ(result.equity[0].net_exposure, 0.3);
}

TEST(Shorts, AreAsBigAsLongsWhereNoNetIsSaid) {
  const market::Bars bars = bars_of({{10, 10}}, {{10, 10}});
  strategy::StrategySpec spec = sides_of(0.5, 0.5);
  spec.net.reset();
  const BacktestResult result =
      run(bars, signals_of({"1-"}), spec, free_of_costs(FillRule::kSameClose));
  EXPECT_DOUBLE_EQ(result.shares[0], 50);
  EXPECT_DOUBLE_EQ(result.shares[1], -50);
}

TEST(Shorts, AreCappedByTheirAbsoluteWeight) {
  const market::Bars bars = bars_of({{10, 10}}, {{10, 10}});
  strategy::Signals signals = signals_of({"--"});
  signals.strength = panel_of({{3, 1}});
  strategy::StrategySpec spec = sides_of(0, 1);
  spec.max_weight = 0.6;
  const BacktestResult result = run(bars, signals, spec, free_of_costs(FillRule::kSameClose));
  EXPECT_DOUBLE_EQ(result.shares[0], -60);
  EXPECT_DOUBLE_EQ(result.shares[1], -25);
}

TEST(Shorts, AreKeptByASignalThatIsMissingAndLeaveTheRestToTheOthers) {
  const market::Bars bars = bars_of({{10, 10}, {10, 10}}, {{10, 10}, {8, 10}});
  const BacktestResult result =
      run(bars, signals_of({"--", "2-"}), sides_of(0, 1), free_of_costs(FillRule::kSameClose));
  // 50 each. Equity becomes 1100; 400 of its short side are kept, the other gets 700.
  EXPECT_DOUBLE_EQ(result.shares[0], -50);
  EXPECT_DOUBLE_EQ(result.shares[1], -70);
}

TEST(Shorts, BecomeLongsInOneOrder) {
  const market::Bars bars = bars_of({{10}, {10}, {10}}, {{10}, {10}, {10}});
  const BacktestResult result = run(bars, signals_of({"-", "1", "-"}), sides_of(0.5, 0.4),
                                    free_of_costs(FillRule::kSameClose));
  ASSERT_EQ(result.fills.size(), 3u);
  EXPECT_DOUBLE_EQ(result.fills[0].fill_qty, -40);
  EXPECT_DOUBLE_EQ(result.fills[1].fill_qty, 90);
  EXPECT_DOUBLE_EQ(result.fills[2].fill_qty, -90);
  EXPECT_EQ(result.num_partial, 0u);
}

TEST(Shorts, RoundTowardZeroInLots) {
  const market::Bars bars = bars_of({{7}}, {{7}});
  BacktestConfig config = free_of_costs(FillRule::kSameClose);
  config.lot_size = 10;
  const BacktestResult result = run(bars, signals_of({"-"}), sides_of(0, 1), config);
  EXPECT_DOUBLE_EQ(result.shares[0], -140);  // 1000 / 7 = 142.9
}

TEST(Shorts, ChangeSidesWhateverTheBand) {
  const market::Bars bars = bars_of({{10, 10}, {10, 10}}, {{10, 10}, {10, 10}});
  strategy::StrategySpec spec = sides_of(0.02, 0.02);
  spec.band = 0.05;
  const BacktestResult result =
      run(bars, signals_of({"-1", "1-"}), spec, free_of_costs(FillRule::kSameClose));
  EXPECT_DOUBLE_EQ(result.shares[0], 2);
  EXPECT_DOUBLE_EQ(result.shares[1], -2);
}

TEST(Shorts, AreRefusedUnlessAllowed) {
  const market::Bars bars = bars_of({{10}}, {{10}});
  try {
    run(bars, signals_of({"-"}), {}, free_of_costs(FillRule::kSameClose));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kInvalidArgument);
  }
}

TEST(Covers, AreNeverScaledForWantOfCash) {
  const market::Bars bars = bars_of({{10, 10}, {10, 10}, {40, 10}}, {{10, 10}, {10, 10}, {40, 10}});
  BacktestConfig config = free_of_costs(FillRule::kNextOpen);
  config.shorts.maintenance_margin = 0;
  // Row 1: short 50 at 10, long 90 at 10; cash 600. Row 2 covers 50 at 40 and wants 5 more of the
  // other: after the cover no cash is left for it.
  strategy::Signals signals = signals_of({"-1", "01", "22"});
  signals.decides = {1, 1, 0};
  strategy::StrategySpec spec = sides_of(0.9, 0.5);
  const BacktestResult held = run(bars, signals_of({"-1", "22", "22"}), spec, config);
  EXPECT_DOUBLE_EQ(held.equity[1].cash, 1000 + 500 - 900);
  spec.net = 0.45;
  spec.gross = 1.45;
  const BacktestResult result = run(bars, signals, spec, config);
  ASSERT_EQ(result.fills.size(), 3u);
  EXPECT_DOUBLE_EQ(result.fills[2].fill_qty, result.fills[0].fill_qty * -1);
  EXPECT_EQ(result.fills[2].status(), FillStatus::kFilled);
  EXPECT_LT(result.equity[2].cash, 0);
}

TEST(Covers, ComeBeforeTheBuysThatTheRestOfTheCashPays) {
  const market::Bars bars = bars_of({{10, 10}, {10, 10}, {15, 10}}, {{10, 10}, {10, 10}, {15, 10}});
  // Row 1: 50 short. Row 2: 75 more long of the other are wanted from 1500 of cash, of which the
  // cover takes 750.
  const strategy::StrategySpec spec = sides_of(1, 0.5);
  const BacktestResult result =
      run(bars, signals_of({"-2", "01", "22"}), spec, free_of_costs(FillRule::kNextOpen));
  ASSERT_EQ(result.fills.size(), 3u);
  EXPECT_DOUBLE_EQ(result.fills[1].fill_qty, 50);
  EXPECT_EQ(result.fills[1].status(), FillStatus::kFilled);
  EXPECT_DOUBLE_EQ(result.fills[2].order_qty, 100);
  EXPECT_DOUBLE_EQ(result.fills[2].fill_qty, 75);
  EXPECT_EQ(result.fills[2].status(), FillStatus::kPartial);
  EXPECT_NEAR(result.equity[2].cash, 0, 1e-9);
}

TEST(Covers, AreWholeInAnOrderThatAlsoBuys) {
  const market::Bars bars = bars_of({{10}, {10}, {20}}, {{10}, {10}, {20}});
  // Row 1: 50 short, cash 1500. Row 2: an order of 150, 50 of it cover for 1000; 500 of cash are
  // left, which buy 25 of the 100.
  const BacktestResult result =
      run(bars, signals_of({"-", "1", "2"}), sides_of(1, 0.5), free_of_costs(FillRule::kNextOpen));
  ASSERT_EQ(result.fills.size(), 2u);
  EXPECT_DOUBLE_EQ(result.fills[1].order_qty, 150);
  EXPECT_DOUBLE_EQ(result.fills[1].fill_qty, 75);
  EXPECT_EQ(result.fills[1].status(), FillStatus::kPartial);
  EXPECT_DOUBLE_EQ(result.shares[0], 25);
}

TEST(InitialMargin, ScalesWhatOpensShortsLikeBuys) {
  const market::Bars bars = bars_of({{10, 10}, {20, 10}}, {{10, 10}, {20, 10}});
  // Decided: 80 short of each, 1600 of the 2000 that equity of 1000 bears. At the opens they are
  // 1600 + 800: the factor is 2000 / 2400.
  const BacktestResult result =
      run(bars, signals_of({"--", "22"}), sides_of(0, 1.6), free_of_costs(FillRule::kNextOpen));
  ASSERT_EQ(result.fills.size(), 2u);
  EXPECT_DOUBLE_EQ(result.fills[0].fill_qty, -80 * 2000.0 / 2400);
  EXPECT_DOUBLE_EQ(result.fills[1].fill_qty, -80 * 2000.0 / 2400);
  EXPECT_EQ(result.fills[1].status(), FillStatus::kPartial);
  EXPECT_EQ(result.num_partial, 2u);
  EXPECT_DOUBLE_EQ(result.equity[1].gross_exposure, 2);
}

TEST(InitialMargin, LeavesTheSaleOfALongWhole) {
  const market::Bars bars = bars_of({{10, 10}, {10, 10}, {10, 50}}, {{10, 10}, {10, 10}, {10, 50}});
  BacktestConfig config = free_of_costs(FillRule::kNextOpen);
  config.shorts.maintenance_margin = 0;
  // Row 1: 50 long, 50 short of the other. Row 2: 150 to sell, but the other has become 2500 short
  // on 1000 + 500 - 500 - 2000 < 0 of equity: the long goes, nothing is opened.
  strategy::StrategySpec spec = sides_of(0.5, 1);
  strategy::Signals signals = signals_of({"1-", "-2", "22"});
  const BacktestResult first = run(bars, signals, spec, config);
  ASSERT_EQ(first.fills.size(), 3u);
  EXPECT_DOUBLE_EQ(first.fills[0].fill_qty, 50);
  EXPECT_DOUBLE_EQ(first.fills[1].fill_qty, -100);
  EXPECT_DOUBLE_EQ(first.fills[2].fill_qty, -50);
  EXPECT_LT(first.fills[2].order_qty, -49);
}

TEST(InitialMargin, RefusesExposuresThatItNeverAllows) {
  const market::Bars bars = bars_of({{10}}, {{10}});
  const auto refused = [&](const strategy::StrategySpec& spec, ShortRules rules) {
    BacktestConfig config = free_of_costs(FillRule::kSameClose);
    config.shorts = rules;
    EXPECT_THROW(run(bars, signals_of({"0"}), spec, config), Error);
  };
  refused(sides_of(0, 2.1), {});
  refused(sides_of(0, 1.1), {.initial_margin = 1});
  refused(sides_of(1.6, 0.5), {});  // cash pays for 1.5 only
  strategy::StrategySpec spec = sides_of(0.5, 0.5);
  spec.net = 1.5;
  refused(spec, {});
  refused(sides_of(0, 1), {.initial_margin = 0.2});  // below maintenance
  refused(sides_of(0, 1), {.initial_margin = kNaN});
  refused(sides_of(0, 1), {.borrow_fee = -0.1});
}

TEST(MaintenanceMargin, CoversAllShortsInProportionAtTheNextOpen) {
  const Rows close = {{10, 10}, {10, 10}, {18, 12}, {18, 12}};
  const Rows open = {{10, 10}, {10, 10}, {10, 10}, {18, 12}};
  strategy::Signals signals = signals_of({"--", "22", "22", "22"});
  signals.decides = {1, 0, 0, 0};
  const BacktestResult result =
      run(bars_of(open, close), signals, sides_of(0, 1.2), free_of_costs(FillRule::kNextOpen));
  // 60 short of each at 10: cash 2200. Row 2: short value 60 x 30 = 1800, equity 400 < 0.3 x 1800.
  // Equity of 400 bears 800 of shorts: 1000 of 1800 are covered, 5/9 of each.
  ASSERT_EQ(result.fills.size(), 4u);
  EXPECT_DOUBLE_EQ(result.equity[2].equity, 400);
  EXPECT_EQ(result.fills[2].bar, 3);
  EXPECT_NEAR(result.fills[2].fill_qty, 60 * 5.0 / 9, 1e-12);
  EXPECT_NEAR(result.fills[3].fill_qty, 60 * 5.0 / 9, 1e-12);
  EXPECT_EQ(result.fills[2].status(), FillStatus::kFilled);
  EXPECT_NEAR(result.equity[3].gross_exposure, 2, 1e-12);
  EXPECT_EQ(result.num_margin_calls, 1u);
  EXPECT_EQ(result.num_margin_covers, 2u);
  ASSERT_EQ(result.orders.size(), 4u);
  EXPECT_EQ(result.orders[2].bar, 2);
  EXPECT_EQ(result.num_orders, 4u);
}

TEST(MaintenanceMargin, CoversAtTheSameCloseWhereFillsAreThere) {
  const Rows close = {{10}, {18}};
  strategy::Signals signals = signals_of({"-", "2"});
  signals.decides = {1, 0};
  const BacktestResult result =
      run(bars_of(close, close), signals, sides_of(0, 1), free_of_costs(FillRule::kSameClose));
  // 100 short: cash 2000, short value 1800, equity 200 < 540. It bears 400: 1400 are covered.
  ASSERT_EQ(result.fills.size(), 2u);
  EXPECT_EQ(result.fills[1].bar, 1);
  EXPECT_NEAR(result.fills[1].fill_qty, 1400.0 / 18, 1e-10);
  EXPECT_NEAR(result.equity[1].gross_exposure, 2, 1e-12);
}

TEST(MaintenanceMargin, CoversMoreWhereTheStrategyDoes) {
  const Rows close = {{10}, {10}, {18}, {18}};
  const BacktestResult result = run(bars_of(close, close), signals_of({"-", "2", "0", "2"}),
                                    sides_of(0, 1), free_of_costs(FillRule::kNextOpen));
  EXPECT_EQ(result.shares[0], 0.0);
  EXPECT_EQ(result.num_margin_calls, 1u);
  EXPECT_EQ(result.num_margin_covers, 0u);
}

TEST(MaintenanceMargin, CoversAllWhereNothingIsLeft) {
  const Rows close = {{10}, {10}, {30}, {30}};
  const BacktestResult result = run(bars_of(close, close), signals_of({"-", "2", "-", "-"}),
                                    sides_of(0, 1), free_of_costs(FillRule::kNextOpen));
  EXPECT_EQ(result.shares[0], 0.0);
  EXPECT_DOUBLE_EQ(result.equity[3].equity, 2000 - 3000);
  EXPECT_EQ(result.equity[3].gross_exposure, 0.0);
  EXPECT_EQ(result.num_margin_covers, 1u);
}

TEST(MaintenanceMargin, DoesNotCallARuinedAccountWithoutShorts) {
  const Rows close = {{10}, {10}, {30}, {30}, {30}};
  const BacktestResult result = run(bars_of(close, close), signals_of({"-", "2", "-", "-", "-"}),
                                    sides_of(0, 1), free_of_costs(FillRule::kNextOpen));
  EXPECT_LT(result.equity[4].equity, 0);
  EXPECT_EQ(result.num_margin_calls, 1u);
}

TEST(MaintenanceMargin, LeavesWholeLots) {
  const Rows close = {{10}, {10}, {18}, {18}};
  strategy::Signals signals = signals_of({"-", "2", "2", "2"});
  signals.decides = {1, 0, 0, 0};
  BacktestConfig config = free_of_costs(FillRule::kNextOpen);
  config.lot_size = 10;
  const BacktestResult result = run(bars_of(close, close), signals, sides_of(0, 1), config);
  // 100 short: equity 2000 - 1800 = 200 bears 400, which is 22.2 shares: 20.
  EXPECT_DOUBLE_EQ(result.shares[0], -20);
}

TEST(BorrowFee, IsPaidOnTheShortValueOfTheRowBefore) {
  const market::Bars bars = bars_of({{10}, {10}, {10}, {10}}, {{10}, {12}, {11}, {11}});
  BacktestConfig config = free_of_costs(FillRule::kNextOpen);
  config.shorts.borrow_fee = 0.252;  // a thousandth a day
  const BacktestResult result = run(bars, signals_of({"-", "2", "2", "0"}), sides_of(0, 1), config);
  EXPECT_EQ(result.equity[1].borrow_fee, 0.0);
  EXPECT_DOUBLE_EQ(result.equity[2].borrow_fee, 1.2);
  EXPECT_DOUBLE_EQ(result.equity[3].borrow_fee, 1.1);
  EXPECT_DOUBLE_EQ(result.equity[3].equity, 2000 - 1100 - 2.3);
}

TEST(Interest, IsGotOnTheCashOfTheRowBefore) {
  const market::Bars bars = bars_of({{10}, {10}, {10}}, {{10}, {10}, {10}});
  BacktestConfig config = free_of_costs(FillRule::kNextOpen);
  config.cash_rate = 0.0252;  // a ten-thousandth a day
  const BacktestResult flat = run(bars, signals_of({"0", "0", "0"}), {}, config);
  EXPECT_EQ(flat.equity[0].interest, 0.0);
  EXPECT_DOUBLE_EQ(flat.equity[1].equity, 1000.1);
  EXPECT_DOUBLE_EQ(flat.equity[2].interest, 0.10001);
  // Proceeds of a short are cash.
  const BacktestResult result = run(bars, signals_of({"-", "2", "2"}), sides_of(0, 1), config);
  EXPECT_DOUBLE_EQ(result.equity[2].interest, 2000.1e-4);
}

TEST(Interest, IsPaidOnCashBelowZero) {
  const market::Bars bars =
      bars_of({{10, 10}, {10, 10}, {40, 10}, {40, 10}}, {{10, 10}, {10, 10}, {40, 10}, {40, 10}});
  BacktestConfig config = free_of_costs(FillRule::kNextOpen);
  config.cash_rate = 0.0252;
  config.shorts.maintenance_margin = 0;
  const BacktestResult result =
      run(bars, signals_of({"-1", "02", "22", "22"}), sides_of(1.4, 0.5), config);
  EXPECT_LT(result.equity[2].cash, 0);
  EXPECT_DOUBLE_EQ(result.equity[3].interest, result.equity[2].cash * 1e-4);
}

TEST(Delisting, CoversAShortAtItsLastCloseWhateverTheHaircut) {
  const Rows close = {{10, 5}, {8, 5}, {kNaN, 5}, {kNaN, 5}};
  BacktestConfig config = free_of_costs(FillRule::kNextOpen);
  config.delist_after = 2;
  config.delist_haircut = 0.3;
  const BacktestResult result =
      run(bars_of(close, close), signals_of({"-2", "22", "22", "22"}), sides_of(0, 1), config);
  ASSERT_EQ(result.fills.size(), 2u);
  EXPECT_EQ(result.fills[1].status(), FillStatus::kDelisted);
  EXPECT_DOUBLE_EQ(result.fills[1].price, 8);
  EXPECT_DOUBLE_EQ(result.fills[1].fill_qty, 100);
  EXPECT_DOUBLE_EQ(result.equity[3].bought, 800);
  EXPECT_DOUBLE_EQ(result.equity[3].equity, 1000 + 800 - 800);
}

}  // namespace
}  // namespace tickwerk::backtest
