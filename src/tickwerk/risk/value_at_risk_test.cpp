#include "tickwerk/risk/value_at_risk.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace tickwerk::risk {
namespace {

TEST(Quantile, InterpolatesBetweenOrderStatistics) {
  // (4 - 1) * 0.25 = 0.75: three quarters of the way from 1 to 2.
  EXPECT_DOUBLE_EQ(*quantile(std::array{4.0, 1.0, 3.0, 2.0}, 0.25), 1.75);
  EXPECT_DOUBLE_EQ(*quantile(std::array{4.0, 1.0, 3.0, 2.0}, 1), 4);
  EXPECT_DOUBLE_EQ(*quantile(std::array{7.0}, 0.05), 7);
  EXPECT_FALSE(quantile({}, 0.05));
}

TEST(TailLoss, IsTheQuantileAndTheMeanAtOrBeyondIt) {
  // -0.10, -0.09 ... 0.10: (21 - 1) * 0.05 = 1, the second lowest.
  std::vector<double> returns;
  for (int percent = 10; percent >= -10; --percent) returns.push_back(percent / 100.0);
  const TailLoss tail = tail_loss(returns, 0.05);
  EXPECT_DOUBLE_EQ(*tail.value_at_risk, 0.09);
  EXPECT_DOUBLE_EQ(*tail.expected_shortfall, 0.095);
}

TEST(TailLoss, IsNegativeWhereTheTailGained) {
  const TailLoss tail = tail_loss(std::array{0.01, 0.02}, 0.05);
  EXPECT_DOUBLE_EQ(*tail.value_at_risk, -0.0105);
  EXPECT_DOUBLE_EQ(*tail.expected_shortfall, -0.01);
}

TEST(TailLoss, IsEmptyWithoutReturns) {
  EXPECT_FALSE(tail_loss({}, 0.05).value_at_risk);
  EXPECT_FALSE(tail_loss({}, 0.05).expected_shortfall);
}

}  // namespace
}  // namespace tickwerk::risk
