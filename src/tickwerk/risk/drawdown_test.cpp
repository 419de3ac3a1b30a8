#include "tickwerk/risk/drawdown.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace tickwerk::risk {
namespace {

// From 100: down to 90, up to 110, down to 88 by way of 105, up to 120, down to 114 at the end.
constexpr std::array kEquity{90.0, 110.0, 99.0, 105.0, 88.0, 120.0, 114.0};

TEST(Drawdown, IsTheDeepestFallFromAPeak) {
  EXPECT_NEAR(*max_drawdown_pct(100, kEquity), -20, 1e-12);
  EXPECT_FALSE(max_drawdown_pct(100, {}));
}

TEST(Drawdown, IncludesTheStartCapital) {
  EXPECT_NEAR(*max_drawdown_pct(100, std::array{75.0, 80.0}), -25, 1e-12);
  EXPECT_DOUBLE_EQ(*max_drawdown_pct(100, std::array{100.0, 101.0}), 0);
}

TEST(Drawdown, ListsTheWorstWithPeakTroughAndRecovery) {
  const std::vector<Drawdown> worst = worst_drawdowns(100, kEquity, 5);
  ASSERT_EQ(worst.size(), 3u);
  EXPECT_NEAR(worst[0].depth_pct, -20, 1e-12);
  EXPECT_EQ(worst[0].peak, 1u);
  EXPECT_EQ(worst[0].trough, 4u);
  EXPECT_EQ(worst[0].recovery, 5u);
  EXPECT_NEAR(worst[1].depth_pct, -10, 1e-12);
  EXPECT_FALSE(worst[1].peak);
  EXPECT_EQ(worst[1].trough, 0u);
  EXPECT_EQ(worst[1].recovery, 1u);
  EXPECT_NEAR(worst[2].depth_pct, -5, 1e-12);
  EXPECT_EQ(worst[2].peak, 5u);
  EXPECT_FALSE(worst[2].recovery);
}

TEST(Drawdown, DeepestOfTheListIsTheMaximum) {
  EXPECT_EQ(worst_drawdowns(100, kEquity, 1).front().depth_pct, *max_drawdown_pct(100, kEquity));
  EXPECT_TRUE(worst_drawdowns(100, std::array{100.0, 101.0}, 5).empty());
}

TEST(Calmar, IsYearlyGrowthOverTheDeepestFall) {
  EXPECT_DOUBLE_EQ(*calmar(0.1, -20), 0.5);
  EXPECT_FALSE(calmar({}, -20));
  EXPECT_FALSE(calmar(0.1, 0));
  EXPECT_FALSE(calmar(0.1, {}));
}

}  // namespace
}  // namespace tickwerk::risk
