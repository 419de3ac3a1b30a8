#include "tickwerk/risk/episodes.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace tickwerk::risk {
namespace {

struct Trade {
  std::int32_t bar;
  std::uint32_t symbol;
  double qty;
  double price;
};

FillList fills_of(const std::vector<Trade>& trades) {
  FillList fills;
  for (const Trade& trade : trades) {
    Fill fill;
    fill.bar = trade.bar;
    fill.symbol = trade.symbol & 0xffffff;
    fill.order_qty = fill.fill_qty = trade.qty;
    fill.price = trade.price;
    fills.push_back(fill);
  }
  return fills;
}

constexpr CostRates kTenBps{Bps{10}, Bps{0}, Bps{0}};
constexpr std::array kLastClose{130.0, 40.0, 11.0};

// Symbol 0: -1000 + 440 + 720 = 160, cost 0.001 * 2160. Symbol 1: -250 + 200 = -50, cost 0.45.
// Symbol 2 is open at the end: 2 * (11 - 10), cost 0.02.
const std::vector<Trade> kTrades{{0, 0, 10, 100}, {1, 1, 5, 50}, {2, 0, -4, 110},
                                 {3, 1, -5, 40},  {4, 2, 2, 10}, {5, 0, -6, 120}};

TEST(Episodes, RunFromFlatToFlatWhateverWasTrimmed) {
  const auto episodes = find_episodes(fills_of(kTrades), kTenBps, {6, kLastClose});
  ASSERT_EQ(episodes.size(), 3u);
  EXPECT_EQ(episodes[0].symbol, 1u);
  EXPECT_DOUBLE_EQ(episodes[0].gross_pnl, -50);
  EXPECT_DOUBLE_EQ(episodes[0].cost, 0.45);
  EXPECT_EQ(episodes[1].symbol, 0u);
  EXPECT_EQ(episodes[1].first_bar, 0);
  EXPECT_EQ(episodes[1].last_bar, 5);
  EXPECT_DOUBLE_EQ(episodes[1].gross_pnl, 160);
  EXPECT_DOUBLE_EQ(episodes[1].pnl(Basis::kNet), 160 - 2.16);
  EXPECT_EQ(episodes[1].state, EpisodeState::kClosed);
}

TEST(Episodes, OpenAtTheEndAreClosedAtTheLastCloseAndMarked) {
  const auto episodes = find_episodes(fills_of(kTrades), kTenBps, {6, kLastClose});
  EXPECT_EQ(episodes[2].state, EpisodeState::kOpen);
  EXPECT_EQ(episodes[2].last_bar, 6);
  EXPECT_DOUBLE_EQ(episodes[2].gross_pnl, 2);
  EXPECT_DOUBLE_EQ(episodes[2].cost, 0.02);
}

TEST(Episodes, AreCountedNetAndGross) {
  const auto episodes = find_episodes(fills_of(kTrades), kTenBps, {6, kLastClose});
  const EpisodeStatistics net = summarize_episodes(episodes, Basis::kNet);
  EXPECT_EQ(net.num_episodes, 3u);
  EXPECT_EQ(net.num_open, 1u);
  EXPECT_DOUBLE_EQ(*net.hit_rate, 2.0 / 3);
  EXPECT_DOUBLE_EQ(*net.profit_factor, (157.84 + 1.98) / 50.45);
  EXPECT_DOUBLE_EQ(*net.avg_win, (157.84 + 1.98) / 2);
  EXPECT_DOUBLE_EQ(*net.avg_loss, -50.45);
  EXPECT_DOUBLE_EQ(*net.holding_period_bars, (5 + 2 + 2) / 3.0);
  const EpisodeStatistics gross = summarize_episodes(episodes, Basis::kGross);
  EXPECT_DOUBLE_EQ(*gross.profit_factor, 162.0 / 50);
  EXPECT_DOUBLE_EQ(*gross.avg_loss, -50);
}

TEST(Episodes, BeginAnewAfterFlat) {
  const auto episodes =
      find_episodes(fills_of({{0, 0, 1, 10}, {1, 0, -1, 11}, {4, 0, 1, 12}, {6, 0, -1, 11}}),
                    kTenBps, {9, kLastClose});
  ASSERT_EQ(episodes.size(), 2u);
  EXPECT_DOUBLE_EQ(episodes[0].gross_pnl, 1);
  EXPECT_DOUBLE_EQ(episodes[1].gross_pnl, -1);
  EXPECT_EQ(episodes[1].first_bar, 4);
}

TEST(Episodes, EndWhereOnlyRoundingIsLeft) {
  const auto below = find_episodes(fills_of({{0, 0, 0.1, 10}, {1, 0, 0.2, 10}, {2, 0, -0.3, 11}}),
                                   kTenBps, {9, kLastClose});
  ASSERT_EQ(below.size(), 1u);
  EXPECT_EQ(below[0].state, EpisodeState::kClosed);
  const auto beyond =
      find_episodes(fills_of({{0, 0, 1, 10}, {1, 0, -1 - 1e-12, 11}}), kTenBps, {9, kLastClose});
  ASSERT_EQ(beyond.size(), 1u);
  EXPECT_EQ(beyond[0].state, EpisodeState::kClosed);
}

TEST(Episodes, SplitWhereAFillGoesThroughZero) {
  // Long 1 from 10 to 12, then short 2 from 12 to 9: the selling of 3 costs 0.036, a third each
  // share.
  const auto episodes = find_episodes(fills_of({{0, 0, 1, 10}, {1, 0, -3, 12}, {2, 0, 2, 9}}),
                                      kTenBps, {9, kLastClose});
  ASSERT_EQ(episodes.size(), 2u);
  EXPECT_DOUBLE_EQ(episodes[0].gross_pnl, 2);
  EXPECT_NEAR(episodes[0].cost, 0.010 + 0.012, 1e-15);
  EXPECT_DOUBLE_EQ(episodes[1].gross_pnl, 6);
  EXPECT_NEAR(episodes[1].cost, 0.024 + 0.018, 1e-15);
  EXPECT_EQ(episodes[1].first_bar, 1);
}

TEST(Episodes, OfShortsWinWhatThePriceFalls) {
  // Short 2 from 12 to 9, and still short 1 from 40 at a last close of 40.
  const auto episodes = find_episodes(fills_of({{0, 0, -2, 12}, {1, 1, -1, 40}, {2, 0, 2, 9}}),
                                      kTenBps, {3, kLastClose});
  ASSERT_EQ(episodes.size(), 2u);
  EXPECT_EQ(episodes[0].side, EpisodeSide::kShort);
  EXPECT_DOUBLE_EQ(episodes[0].gross_pnl, 6);
  EXPECT_DOUBLE_EQ(episodes[1].gross_pnl, 0);
  const EpisodeStatistics statistics = summarize_episodes(episodes, Basis::kGross);
  EXPECT_EQ(statistics.num_short, 2u);
  EXPECT_DOUBLE_EQ(*statistics.hit_rate, 0.5);
}

TEST(Episodes, CostWhatEachFillsOwnImpactSays) {
  const std::array impacts{0.01, 0.02};
  const auto episodes =
      find_episodes(fills_of({{0, 0, 1, 10}, {1, 0, -1, 11}}), {kTenBps, impacts}, {1, kLastClose});
  ASSERT_EQ(episodes.size(), 1u);
  EXPECT_NEAR(episodes[0].cost, 10 * 0.011 + 11 * 0.021, 1e-15);
}

TEST(Episodes, AddUpToWhatTheFillsAndTheLastClosesGave) {
  double expected = 0;
  for (const Trade& trade : kTrades) expected -= trade.qty * trade.price;
  expected += 2 * kLastClose[2];
  double found = 0;
  for (const Episode& one : find_episodes(fills_of(kTrades), kTenBps, {6, kLastClose})) {
    found += one.gross_pnl;
  }
  EXPECT_NEAR(found, expected, 1e-12);
}

TEST(Episodes, IgnoreOrdersThatOnlyWaited) {
  const auto episodes = find_episodes(fills_of({{0, 0, 0, 0}}), kTenBps, {1, kLastClose});
  EXPECT_TRUE(episodes.empty());
  const EpisodeStatistics statistics = summarize_episodes(episodes, Basis::kNet);
  EXPECT_FALSE(statistics.hit_rate);
  EXPECT_FALSE(statistics.profit_factor);
  EXPECT_FALSE(statistics.holding_period_bars);
}

TEST(Episodes, WithoutALossHaveNoProfitFactor) {
  const auto episodes =
      find_episodes(fills_of({{0, 0, 1, 10}, {1, 0, -1, 11}}), kTenBps, {1, kLastClose});
  const EpisodeStatistics statistics = summarize_episodes(episodes, Basis::kNet);
  EXPECT_DOUBLE_EQ(*statistics.hit_rate, 1);
  EXPECT_FALSE(statistics.profit_factor);
  EXPECT_FALSE(statistics.avg_loss);
}

}  // namespace
}  // namespace tickwerk::risk
