#include "tickwerk/risk/sharpe.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

namespace tickwerk::risk {
namespace {

// Mean 0.01, squared deviations add up to 6e-4, so the variance is 2e-4.
constexpr std::array kReturns{0.01, -0.01, 0.02, 0.02};

TEST(Sharpe, IsMeanOverSampleDeviation) {
  EXPECT_DOUBLE_EQ(*sharpe_per_period(kReturns, 0), std::sqrt(0.5));
  EXPECT_DOUBLE_EQ(*sharpe(kReturns, 0, 252), std::sqrt(126.0));
}

TEST(Sharpe, TakesTheRiskFreeRateAYear) {
  EXPECT_DOUBLE_EQ(*sharpe(kReturns, 0.252, 252), 0.009 / std::sqrt(2e-4) * std::sqrt(252.0));
}

TEST(Sharpe, IsEmptyWithoutDeviation) {
  EXPECT_FALSE(sharpe(std::vector<double>(252, 0.001), 0, 252));
  EXPECT_FALSE(sharpe(std::vector<double>(252, 0.0), 0, 252));
  EXPECT_FALSE(sharpe(std::vector<double>{0.01}, 0, 252));
  EXPECT_FALSE(sharpe(std::vector<double>{}, 0, 252));
}

}  // namespace
}  // namespace tickwerk::risk
