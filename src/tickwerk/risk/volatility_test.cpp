#include "tickwerk/risk/volatility.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace tickwerk::risk {
namespace {

TEST(Volatility, IsTheSampleDeviationAYear) {
  // Mean 0, squares add up to 2e-4 over one degree of freedom.
  EXPECT_DOUBLE_EQ(*volatility(std::array{0.01, -0.01}, 252), std::sqrt(2e-4 * 252));
  EXPECT_DOUBLE_EQ(*volatility(std::array{0.01, 0.01}, 252), 0);
  EXPECT_FALSE(volatility(std::array{0.01}, 252));
}

}  // namespace
}  // namespace tickwerk::risk
