#include "tickwerk/risk/sortino.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace tickwerk::risk {
namespace {

TEST(Sortino, DividesByWhatFellShortOverAllReturns) {
  // Mean 0.01; one shortfall of 0.01 among four: sqrt(1e-4 / 4) = 0.005.
  constexpr std::array kReturns{0.01, -0.01, 0.02, 0.02};
  EXPECT_DOUBLE_EQ(*sortino(kReturns, 0, 252), 2 * std::sqrt(252.0));
}

TEST(Sortino, CountsReturnsBelowTheRiskFreeRateAsShort) {
  // rf 0.01 a period: excess 0.01, -0.01; shortfall sqrt(1e-4 / 2); mean 0.
  constexpr std::array kReturns{0.02, 0.0};
  EXPECT_NEAR(*sortino(kReturns, 2.52, 252), 0, 1e-12);
}

TEST(Sortino, IsEmptyWhenNothingFellShort) {
  EXPECT_FALSE(sortino(std::array{0.01, 0.02}, 0, 252));
  EXPECT_FALSE(sortino({}, 0, 252));
}

}  // namespace
}  // namespace tickwerk::risk
