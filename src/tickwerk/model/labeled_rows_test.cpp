#include "tickwerk/model/labeled_rows.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tickwerk/backtest/market_fixture.h"

namespace tickwerk::model {
namespace {

using backtest::FillRule;
using backtest::kNoCosts;

/// Two symbols: A gains 1 a bar from 10, B falls by 1 a bar from 30. Opens are the closes before.
market::Bars two_symbols() {
  backtest::Rows open, close;
  for (int t = 0; t < 8; ++t) {
    open.push_back({10.0 + t - 1, 30.0 - t + 1});
    close.push_back({10.0 + t, 30.0 - t});
  }
  return backtest::bars_of(open, close);
}

/// Long both from row 1 on.
strategy::Signals both_from_row_1() {
  std::vector<std::string> letters(8, "11");
  letters[0] = "00";
  return backtest::signals_of(letters);
}

LabeledRows entries_of(const LabelConfig& config, PanelView benchmark = {}) {
  static const market::Bars bars = two_symbols();
  static const strategy::Signals signals = both_from_row_1();
  return label_rows(config, {.bars = bars, .signals = &signals, .benchmark = benchmark});
}

TEST(LabelRows, SuccessIsARealizedReturnOfTheThresholdAndMore) {
  // In at the open of row 2 (11 and 29), out at the close of row 4 (14 and 26).
  LabelConfig config{.horizon = 3, .success_threshold = 14.0 / 11 - 1, .costs = kNoCosts};
  const LabeledRows rows = entries_of(config);
  EXPECT_EQ(rows.bar, (std::vector<std::uint32_t>{1, 1}));
  EXPECT_EQ(rows.symbol, (std::vector<std::uint32_t>{0, 1}));
  EXPECT_EQ(rows.exit_bar, (std::vector<std::uint32_t>{4, 4}));
  EXPECT_EQ(rows.label_end, (std::vector<std::uint32_t>{4, 4}));
  EXPECT_EQ(rows.reach, 3u);
  EXPECT_DOUBLE_EQ(rows.realized_return[0], 14.0 / 11 - 1);
  EXPECT_DOUBLE_EQ(rows.realized_return[1], 26.0 / 29 - 1);
  EXPECT_EQ(rows.label, (std::vector<double>{1, 0}));
  config.success_threshold = std::nextafter(config.success_threshold, 1);
  EXPECT_EQ(entries_of(config).label, (std::vector<double>{0, 0}));
}

TEST(LabelRows, ClassesAreLossSmallAndSuccess) {
  LabelConfig config{.rule = LabelRule::kClasses, .horizon = 3, .costs = kNoCosts};
  EXPECT_EQ(entries_of(config).label, (std::vector<double>{2, 0}));
  config.success_threshold = 0.5;
  EXPECT_EQ(entries_of(config).label, (std::vector<double>{1, 0}));
}

TEST(LabelRows, OutperformanceComparesTheSameBars) {
  // Bought at the open of row 2, so from the benchmark's close of row 1; sold at the close of
  // row 4. A gives 3 / 11 = 27.3 %, B loses 10.3 %.
  backtest::Rows closes = {{1}, {100}, {1}, {1}, {127}, {1}, {1}, {1}};
  const LabelConfig config{.rule = LabelRule::kOutperformance, .horizon = 3, .costs = kNoCosts};
  EXPECT_EQ(entries_of(config, backtest::panel_of(closes).view()).label,
            (std::vector<double>{1, 0}));
  closes[4] = {128};
  EXPECT_EQ(entries_of(config, backtest::panel_of(closes).view()).label,
            (std::vector<double>{0, 0}));
  closes[4] = {89};
  EXPECT_EQ(entries_of(config, backtest::panel_of(closes).view()).label,
            (std::vector<double>{1, 1}));
}

TEST(LabelRows, ABenchmarkIsCarriedOverGapsAndLeavesOutWhatCameBeforeIt) {
  const LabelConfig config{.rule = LabelRule::kOutperformance, .horizon = 3, .costs = kNoCosts};
  backtest::Rows closes = {{100}, {kNaN}, {1}, {128}, {kNaN}, {1}, {1}, {1}};
  EXPECT_EQ(entries_of(config, backtest::panel_of(closes).view()).label,
            (std::vector<double>{0, 0}));
  closes[0] = {kNaN};
  const LabeledRows none = entries_of(config, backtest::panel_of(closes).view());
  EXPECT_EQ(none.num_rows(), 0u);
  EXPECT_EQ(none.left_out.num_no_benchmark, 2u);
}

TEST(LabelRows, EveryBarTakesTheValuesOfTheExpressionAndItsReach) {
  const market::Bars bars = two_symbols();
  Panel values(8, 2, 0.5);
  values(3, 1) = kNaN;
  const LabeledRows rows =
      label_rows({.rule = LabelRule::kReturn},
                 {.bars = bars, .first_row = 2, .values = values.view(), .values_reach = 4});
  // Rows 2 and 3 have a bar four bars on; one of them has no value.
  EXPECT_EQ(rows.bar, (std::vector<std::uint32_t>{2, 2, 3}));
  EXPECT_EQ(rows.symbol, (std::vector<std::uint32_t>{0, 1, 0}));
  EXPECT_EQ(rows.label_end, (std::vector<std::uint32_t>{6, 6, 7}));
  EXPECT_EQ(rows.label, rows.realized_return);
  EXPECT_EQ(rows.num_candidates, 12u);
  EXPECT_EQ(rows.left_out.num_no_label, 1u);
  EXPECT_EQ(rows.left_out.num_unfinished, 8u);
}

TEST(LabelRows, EveryBarIsOfMembersOnly) {
  market::Bars bars = two_symbols();
  Panel members(8, 2, 1);
  for (std::size_t t = 0; t < 8; ++t) members(t, 1) = 0;
  bars.fields.emplace("in_universe", std::move(members));
  const Panel values(8, 2, 0.5);
  const LabeledRows rows = label_rows({.rule = LabelRule::kReturn},
                                      {.bars = bars, .values = values.view(), .values_reach = 4});
  EXPECT_EQ(rows.symbol, (std::vector<std::uint32_t>{0, 0, 0, 0}));
  EXPECT_EQ(rows.left_out.num_strangers, 8u);
}

TEST(LabelRows, BarriersOfEntriesPayCosts) {
  market::Bars bars = two_symbols();
  Panel high(8, 2), low(8, 2);
  for (std::size_t t = 0; t < 8; ++t) {
    for (std::size_t i = 0; i < 2; ++i) {
      const double open = bars.field("open")(t, i), close = bars.close()(t, i);
      high(t, i) = std::max(open, close);
      low(t, i) = std::min(open, close);
    }
  }
  bars.fields.emplace("high", std::move(high));
  bars.fields.emplace("low", std::move(low));
  const strategy::Signals signals = both_from_row_1();
  const LabeledRows rows = label_rows({.rule = LabelRule::kTripleBarrier,
                                       .horizon = 3,
                                       .barrier_up = 0.2,
                                       .barrier_down = 0.2,
                                       .costs = {Bps{100}, Bps{0}, Bps{0}}},
                                      {.bars = bars, .signals = &signals});
  // A: in at 11, 13.2 is passed on row 4; B: in at 29, never 23.2 by row 4.
  EXPECT_EQ(rows.label, (std::vector<double>{2, 1}));
  EXPECT_NEAR(rows.realized_return[0], 13.2 * 0.99 / (11 * 1.01) - 1, 1e-12);
  EXPECT_NEAR(rows.realized_return[1], 26 * 0.99 / (29 * 1.01) - 1, 1e-12);
}

TEST(LabelRows, RefuseWhatCannotBeMeant) {
  EXPECT_THROW(entries_of({.horizon = 0}), Error);
  EXPECT_THROW(entries_of({.horizon = 8}), Error);
  EXPECT_THROW(entries_of({.success_threshold = kNaN}), Error);
  EXPECT_THROW(entries_of({.rule = LabelRule::kClasses, .horizon = 3, .success_threshold = 0}),
               Error);
  EXPECT_THROW(entries_of({.rule = LabelRule::kOutperformance, .horizon = 3}), Error);
  const market::Bars bars = two_symbols();
  EXPECT_THROW(label_rows({.horizon = 3}, {.bars = bars}), Error);
}

TEST(LabelRule, WordsComeBack) {
  for (const LabelRule rule : {LabelRule::kReturn, LabelRule::kSuccess, LabelRule::kClasses,
                               LabelRule::kOutperformance, LabelRule::kTripleBarrier}) {
    EXPECT_EQ(parse_label_rule(to_string(rule)), rule);
  }
  EXPECT_THROW(parse_label_rule("succes"), Error);
}

}  // namespace
}  // namespace tickwerk::model
