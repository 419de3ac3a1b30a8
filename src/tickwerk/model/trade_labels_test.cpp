#include "tickwerk/model/trade_labels.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "tickwerk/backtest/market_fixture.h"
#include "tickwerk/base/random.h"
#include "tickwerk/market/synthetic.h"

namespace tickwerk::model {
namespace {

using backtest::FillRule;
using backtest::kNoCosts;

market::Bars one_symbol(const std::vector<double>& open, const std::vector<double>& close) {
  backtest::Rows opens, closes;
  for (const double price : open) opens.push_back({price});
  for (const double price : close) closes.push_back({price});
  return backtest::bars_of(opens, closes);
}

/// One letter a row, as signals_of.
strategy::Signals one_signal(std::string_view letters) {
  std::vector<std::string> rows;
  for (const char letter : letters) rows.emplace_back(1, letter);
  return backtest::signals_of(rows);
}

TradeLabels labels_of(const market::Bars& bars,
                      const strategy::Signals& signals,
                      const TradeRules& rules) {
  return trade_labels(bars, OwnRows(bars.close().view()), signals, rules);
}

TEST(TradeLabels, FillAtTheNextOpenAndLeaveAtTheOpenAfterTheExit) {
  const market::Bars bars =
      one_symbol({10, 11, 12, 13, 14, 15}, {10.5, 11.5, 12.5, 13.5, 14.5, 15.5});
  const TradeLabels labels =
      labels_of(bars, one_signal("011000"), {.horizon = 4, .costs = kNoCosts});
  ASSERT_EQ(labels.trades.size(), 1u);
  const Trade& trade = labels.trades[0];
  EXPECT_EQ(trade.bar, 1u);
  EXPECT_EQ(trade.fill_bar, 2u);
  EXPECT_EQ(trade.exit_bar, 4u);  // flat on the close of row 3
  EXPECT_EQ(trade.end, TradeEnd::kStrategy);
  EXPECT_DOUBLE_EQ(trade.realized_return, 14.0 / 12.0 - 1);
  EXPECT_EQ(trade.label_end, 5u);  // 4 bars after row 1, whatever happened before
}

TEST(TradeLabels, EndAtTheCloseOfTheLastBarOfTheHorizon) {
  const market::Bars bars =
      one_symbol({10, 11, 12, 13, 14, 15}, {10.5, 11.5, 12.5, 13.5, 14.5, 15.5});
  const TradeLabels labels =
      labels_of(bars, one_signal("111111"), {.horizon = 3, .costs = kNoCosts});
  ASSERT_EQ(labels.trades.size(), 1u);
  EXPECT_EQ(labels.trades[0].end, TradeEnd::kHorizon);
  EXPECT_EQ(labels.trades[0].exit_bar, 3u);
  EXPECT_EQ(labels.trades[0].label_end, 3u);
  EXPECT_DOUBLE_EQ(labels.trades[0].realized_return, 13.5 / 11 - 1);
}

TEST(TradeLabels, AnExitAtTheOpenOfTheLastBarComesBeforeItsClose) {
  const market::Bars bars = one_symbol({10, 11, 12, 13}, {10.5, 11.5, 12.5, 13.5});
  const TradeLabels labels = labels_of(bars, one_signal("1100"), {.horizon = 3, .costs = kNoCosts});
  ASSERT_EQ(labels.trades.size(), 1u);
  EXPECT_EQ(labels.trades[0].end, TradeEnd::kStrategy);
  EXPECT_DOUBLE_EQ(labels.trades[0].realized_return, 13.0 / 11 - 1);
}

TEST(TradeLabels, FillAtTheSameCloseWhenToldTo) {
  const market::Bars bars = one_symbol({10, 11, 12, 13}, {10.5, 11.5, 12.5, 13.5});
  const TradeLabels labels = labels_of(
      bars, one_signal("1100"), {.fill = FillRule::kSameClose, .horizon = 3, .costs = kNoCosts});
  ASSERT_EQ(labels.trades.size(), 1u);
  EXPECT_EQ(labels.trades[0].fill_bar, 0u);
  EXPECT_EQ(labels.trades[0].exit_bar, 2u);
  EXPECT_DOUBLE_EQ(labels.trades[0].realized_return, 12.5 / 10.5 - 1);
}

TEST(TradeLabels, PayCommissionSpreadAndImpactOnBothSides) {
  // 100 bps in all: 10 x 1.01 paid, 12 x 0.99 got.
  const market::Bars bars = one_symbol({9, 10, 12, 1}, {9, 10, 12, 1});
  const TradeLabels labels = labels_of(
      bars, one_signal("1000"),
      {.horizon = 3, .costs = {.commission = Bps{50}, .spread = Bps{20}, .impact = Bps{30}}});
  ASSERT_EQ(labels.trades.size(), 1u);
  EXPECT_NEAR(labels.trades[0].realized_return, 11.88 / 10.1 - 1, 1e-15);
}

TEST(TradeLabels, AnEntryWhoseHorizonTheDataDoNotReachIsLeftOutEvenWhenItsTradeHasEnded) {
  const market::Bars bars = one_symbol({10, 11, 12, 13, 14}, {10, 11, 12, 13, 14});
  const TradeLabels labels = labels_of(bars, one_signal("00100"), {.horizon = 3});
  EXPECT_TRUE(labels.trades.empty());
  EXPECT_EQ(labels.num_entries, 1u);
  EXPECT_EQ(labels.num_unfinished, 1u);
}

TEST(TradeLabels, TheStillHeldSymbolIsNoNewEntryAfterTheHorizon) {
  const market::Bars bars = one_symbol({1, 2, 3, 4, 5, 6, 7, 8}, {1, 2, 3, 4, 5, 6, 7, 8});
  EXPECT_EQ(labels_of(bars, one_signal("11111111"), {.horizon = 2}).num_entries, 1u);
  EXPECT_EQ(labels_of(bars, one_signal("12211011"), {.horizon = 2}).num_entries, 2u);
  EXPECT_EQ(labels_of(bars, one_signal("-1111-11"), {.horizon = 2}).num_entries, 2u);
}

TEST(TradeLabels, AnOrderThatMeetsNoBarIsReplacedAndDecidedAgain) {
  const double none = kNaN;
  const market::Bars bars = one_symbol({10, none, 12, 13, 14, 15}, {10, none, 12, 13, 14, 15});
  const TradeLabels labels =
      labels_of(bars, one_signal("111111"), {.horizon = 2, .costs = kNoCosts});
  EXPECT_EQ(labels.num_entries, 2u);
  EXPECT_EQ(labels.num_unfilled, 1u);
  ASSERT_EQ(labels.trades.size(), 1u);
  EXPECT_EQ(labels.trades[0].bar, 2u);
  EXPECT_DOUBLE_EQ(labels.trades[0].realized_return, 14.0 / 13 - 1);
}

TEST(TradeLabels, AnOrderWaitsOverRowsThatDoNotDecide) {
  const double none = kNaN;
  const market::Bars bars = one_symbol({10, none, 12, 13, 14, 15}, {10, none, 12, 13, 14, 15});
  strategy::Signals signals = one_signal("111111");
  signals.decides = {1, 0, 0, 0, 0, 0};
  const TradeLabels labels = labels_of(bars, signals, {.horizon = 2, .costs = kNoCosts});
  ASSERT_EQ(labels.trades.size(), 1u);
  EXPECT_EQ(labels.trades[0].bar, 0u);
  EXPECT_EQ(labels.trades[0].fill_bar, 2u);
  EXPECT_EQ(labels.trades[0].exit_bar, 3u);  // the second bar of the symbol after the first
  EXPECT_EQ(labels.trades[0].label_end, 3u);
}

/// A symbol that stops on row 2 of a market that goes on.
market::Bars stopped_symbol() {
  backtest::Rows rows;
  for (int t = 0; t < 10; ++t) rows.push_back({t <= 2 ? 20.0 + t : kNaN, 5});
  return backtest::bars_of(rows, rows);
}

TEST(TradeLabels, ANameThatStopsEndsAtItsLastCloseLessTheHaircut) {
  std::vector<std::string> letters(10, "20");
  letters[0] = "10";
  const TradeLabels labels =
      labels_of(stopped_symbol(), backtest::signals_of(letters),
                {.horizon = 4, .costs = kNoCosts, .delist_after = 5, .delist_haircut = 0.25});
  ASSERT_EQ(labels.trades.size(), 1u);
  EXPECT_EQ(labels.trades[0].end, TradeEnd::kDelisted);
  EXPECT_EQ(labels.trades[0].exit_bar, 7u);
  EXPECT_DOUBLE_EQ(labels.trades[0].realized_return, 22 * 0.75 / 21 - 1);
  // The fourth bar would have been on row 4; that the name had stopped was known on row 7.
  EXPECT_EQ(labels.trades[0].label_end, 7u);
}

TEST(TradeLabels, RefuseAHorizonOfNoBars) {
  const market::Bars bars = one_symbol({1, 2}, {1, 2});
  EXPECT_THROW(labels_of(bars, one_signal("11"), {.horizon = 0}), Error);
}

/// A market with many gaps: where `one_in` says so a bar is missing, sometimes for a week.
market::Bars market_with_gaps() {
  market::Bars bars = market::make_synthetic({.num_symbols = 25, .num_sessions = 500, .seed = 3});
  const RandomStream random{.seed = 9, .stream = 1};
  for (std::size_t i = 0; i < bars.num_symbols(); ++i) {
    for (std::size_t t = 0; t < bars.num_rows(); ++t) {
      const std::uint64_t drawn = random.bits(i * 1000 + t) % 60;
      const std::size_t length = drawn == 0 ? 1 : drawn == 1 ? 8 : 0;
      for (std::size_t k = t; k < std::min(t + length, bars.num_rows()); ++k) {
        for (auto& [name, panel] : bars.fields) panel(k, i) = kNaN;
      }
    }
  }
  return bars;
}

/// A holding as the fills of a backtest tell it.
struct Episode {
  std::int32_t exit_bar = -1;
  double bought_at = 0;
  double sold_at = 0;
};

std::map<std::pair<std::uint32_t, std::uint32_t>, Episode> episodes_of(
    const market::Bars& bars, const risk::FillList& fills) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, Episode> episodes;
  std::vector<double> shares(bars.num_symbols(), 0);
  std::vector<Episode*> open(bars.num_symbols(), nullptr);
  for (const risk::Fill& fill : fills) {
    if (fill.fill_qty == 0) continue;
    const double before = shares[fill.symbol];
    shares[fill.symbol] += fill.fill_qty;
    if (before == 0) {
      open[fill.symbol] = &episodes[{static_cast<std::uint32_t>(fill.bar), fill.symbol}];
      open[fill.symbol]->bought_at = fill.price;
    }
    if (shares[fill.symbol] == 0) {
      open[fill.symbol]->exit_bar = fill.bar;
      open[fill.symbol]->sold_at = fill.price;
    }
  }
  return episodes;
}

class AgainstBacktest : public testing::TestWithParam<std::pair<FillRule, std::size_t>> {};

TEST_P(AgainstBacktest, TradesAreItsHoldings) {
  const auto [fill, every] = GetParam();
  const market::Bars bars = market_with_gaps();
  const strategy::Signals signals =
      backtest::trend_signals(bars, 10, backtest::Below::kFlat, every);
  strategy::StrategySpec spec;
  spec.gross = 0.5;
  const backtest::BacktestConfig config{.fill = fill, .costs = kNoCosts, .delist_haircut = 0.1};
  const auto episodes = episodes_of(bars, backtest::run(bars, signals, spec, config).fills);
  constexpr std::size_t kHorizon = 12;
  const OwnRows rows(bars.close().view());
  const TradeLabels labels =
      trade_labels(bars, rows, signals,
                   {.fill = fill, .horizon = kHorizon, .costs = kNoCosts, .delist_haircut = 0.1});

  std::size_t num_own_exits = 0;
  for (const Trade& trade : labels.trades) {
    const auto found = episodes.find({trade.fill_bar, trade.symbol});
    ASSERT_NE(found, episodes.end()) << trade.bar << " " << trade.symbol;
    const Episode& episode = found->second;
    EXPECT_EQ(trade.fill_price, episode.bought_at);
    const auto own = rows.of(trade.symbol);
    const std::size_t last = rows.number(trade.symbol, trade.bar) + kHorizon;
    const bool reaches = last < own.size();
    const bool left = episode.exit_bar >= 0 &&
                      (!reaches || static_cast<std::uint32_t>(episode.exit_bar) <= own[last]);
    if (left) {
      ++num_own_exits;
      EXPECT_EQ(trade.exit_bar, static_cast<std::uint32_t>(episode.exit_bar));
      EXPECT_DOUBLE_EQ(trade.realized_return, episode.sold_at / episode.bought_at - 1);
    } else {
      ASSERT_TRUE(reaches);
      EXPECT_EQ(trade.exit_bar, own[last]);
      EXPECT_DOUBLE_EQ(trade.realized_return,
                       bars.close()(own[last], trade.symbol) / episode.bought_at - 1);
    }
    EXPECT_GE(trade.label_end, trade.exit_bar);
  }
  EXPECT_GT(num_own_exits, 100u);
  // Every holding that begins long enough before the end is a trade.
  const auto num_early = std::count_if(episodes.begin(), episodes.end(), [&](const auto& episode) {
    return episode.first.first < bars.num_rows() - 100;
  });
  const auto num_early_trades =
      std::count_if(labels.trades.begin(), labels.trades.end(),
                    [&](const Trade& trade) { return trade.fill_bar < bars.num_rows() - 100; });
  EXPECT_EQ(num_early_trades, num_early);
}

INSTANTIATE_TEST_SUITE_P(FillsAndSchedules,
                         AgainstBacktest,
                         testing::Values(std::pair(FillRule::kNextOpen, 1),
                                         std::pair(FillRule::kNextOpen, 5),
                                         std::pair(FillRule::kSameClose, 1),
                                         std::pair(FillRule::kSameClose, 3)));

TEST(TradeLabels, CuttingRowsAtTheStartLeavesTheOthersAsTheyAre) {
  const market::Bars bars = market_with_gaps();
  const strategy::Signals signals = backtest::trend_signals(bars, 10);
  const TradeLabels all = labels_of(bars, signals, {});
  const TradeLabels late = labels_of(bars, signals, {.first_row = 200});
  const auto first = std::find_if(all.trades.begin(), all.trades.end(),
                                  [](const Trade& trade) { return trade.bar >= 200; });
  ASSERT_EQ(late.trades.size(), static_cast<std::size_t>(all.trades.end() - first));
  for (std::size_t k = 0; k < late.trades.size(); ++k) {
    EXPECT_EQ(late.trades[k].fill_bar, first[static_cast<std::ptrdiff_t>(k)].fill_bar);
    EXPECT_EQ(late.trades[k].realized_return,
              first[static_cast<std::ptrdiff_t>(k)].realized_return);
  }
  EXPECT_EQ(late.num_entries, late.trades.size() + late.num_unfilled + late.num_unfinished);
}

}  // namespace
}  // namespace tickwerk::model
