#include "tickwerk/model/triple_barrier.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tickwerk/backtest/market_fixture.h"
#include "tickwerk/factor/evaluate.h"
#include "tickwerk/factor/selection.h"
#include "tickwerk/market/synthetic.h"

namespace tickwerk::model {
namespace {

using backtest::FillRule;

struct Bar {
  double open, high, low, close;
};

market::Bars one_symbol(const std::vector<Bar>& rows) {
  backtest::Rows open, high, low, close;
  for (const Bar& bar : rows) {
    open.push_back({bar.open});
    high.push_back({bar.high});
    low.push_back({bar.low});
    close.push_back({bar.close});
  }
  market::Bars bars = backtest::bars_of(open, close);
  bars.fields.emplace("high", backtest::panel_of(high));
  bars.fields.emplace("low", backtest::panel_of(low));
  return bars;
}

Touch touch_of(const std::vector<Bar>& rows, const BarrierRules& rules) {
  const market::Bars bars = one_symbol(rows);
  const OwnRows own(bars.close().view());
  return TripleBarrier(bars, own, rules).first_touch(0, 0).value();
}

TEST(TripleBarrier, TheUpperOneIsMetAtItsOwnPrice) {
  // In at 100 on row 1; 110 is passed within row 2.
  const Touch touch = touch_of({{90, 91, 89, 90}, {100, 105, 99, 104}, {104, 115, 103, 112}},
                               {.horizon = 2, .up = 0.1, .down = 0.1});
  EXPECT_EQ(touch.barrier, Barrier::kUp);
  EXPECT_EQ(touch.fill_bar, 1u);
  EXPECT_EQ(touch.exit_bar, 2u);
  EXPECT_DOUBLE_EQ(touch.exit_price, 100 * 1.1);
}

TEST(TripleBarrier, ABarThatOpensBeyondABarrierEndsAtItsOpen) {
  const Touch down = touch_of({{90, 91, 89, 90}, {100, 101, 99, 100}, {70, 80, 60, 75}},
                              {.horizon = 2, .up = 0.1, .down = 0.1});
  EXPECT_EQ(down.barrier, Barrier::kDown);
  EXPECT_DOUBLE_EQ(down.exit_price, 70);
  const Touch up = touch_of({{90, 91, 89, 90}, {100, 101, 99, 100}, {130, 140, 120, 125}},
                            {.horizon = 2, .up = 0.1, .down = 0.1});
  EXPECT_EQ(up.barrier, Barrier::kUp);
  EXPECT_DOUBLE_EQ(up.exit_price, 130);
}

TEST(TripleBarrier, ABarThatMeetsBothCountsAsTheLower) {
  const Touch touch =
      touch_of({{90, 91, 89, 90}, {100, 111, 89, 100}}, {.horizon = 1, .up = 0.1, .down = 0.1});
  EXPECT_EQ(touch.barrier, Barrier::kDown);
  EXPECT_DOUBLE_EQ(touch.exit_price, 90);
}

TEST(TripleBarrier, TimeEndsAtTheCloseOfTheLastBar) {
  const Touch touch = touch_of({{90, 91, 89, 90}, {100, 101, 99, 100}, {100, 104, 98, 103}},
                               {.horizon = 2, .up = 0.1, .down = 0.1});
  EXPECT_EQ(touch.barrier, Barrier::kTime);
  EXPECT_EQ(touch.exit_bar, 2u);
  EXPECT_DOUBLE_EQ(touch.exit_price, 103);
}

TEST(TripleBarrier, ThereIsNoneWithoutAPriceToGetInAt) {
  const market::Bars bars = one_symbol({{90, 91, 89, 90}, {kNaN, 101, 99, 100}});
  const OwnRows own(bars.close().view());
  EXPECT_FALSE(TripleBarrier(bars, own, {.horizon = 1}).first_touch(0, 0).has_value());
  EXPECT_FALSE(TripleBarrier(bars, own, {.horizon = 1}).first_touch(0, 1).has_value());
}

TEST(TripleBarrier, RefusesBarriersAtOrBelowThePrice) {
  const market::Bars bars = one_symbol({{90, 91, 89, 90}});
  const OwnRows own(bars.close().view());
  EXPECT_THROW(TripleBarrier(bars, own, {.up = 0}), Error);
  EXPECT_THROW(TripleBarrier(bars, own, {.down = -0.1}), Error);
  EXPECT_THROW(TripleBarrier(bars, own, {.down = 1}), Error);
}

/// The catalogue says the same by an expression that writes every bar out.
TEST(TripleBarrier, FromTheCloseItIsTheLabelOfTheCatalogue) {
  const market::Bars bars = market::make_synthetic({.num_symbols = 40, .num_sessions = 400});
  const OwnRows own(bars.close().view());
  for (const std::size_t horizon : {5u, 10u, 20u}) {
    const std::string name = fmt::format("triple_barrier_{}", horizon);
    const factor::SelectedExpressions chosen = factor::select({.catalogue = name});
    const factor::Evaluation evaluation =
        factor::evaluate({.bars = bars}, chosen.module,
                         {.params = {{"delist_haircut", 0.2}}, .names = {name}, .run = {}});
    const Panel& expected = evaluation.values[0];
    const TripleBarrier barrier(
        bars, own, {.fill = FillRule::kSameClose, .horizon = horizon, .delist_haircut = 0.2});
    std::size_t num_compared = 0;
    for (std::size_t i = 0; i < bars.num_symbols(); ++i) {
      for (std::size_t n = 0; n < own.of(i).size(); ++n) {
        const double wanted = expected(own.of(i)[n], i);
        const bool complete = label_end(own, i, n, {.bars = horizon}).has_value();
        ASSERT_EQ(complete, !std::isnan(wanted)) << bars.symbols[i] << " " << n;
        if (!complete) continue;
        const auto touch = barrier.first_touch(i, n);
        ASSERT_TRUE(touch.has_value());
        ASSERT_EQ(static_cast<int>(touch->barrier) - 1, static_cast<int>(wanted));
        ++num_compared;
      }
    }
    EXPECT_GT(num_compared, 10'000u);
  }
}

}  // namespace
}  // namespace tickwerk::model
