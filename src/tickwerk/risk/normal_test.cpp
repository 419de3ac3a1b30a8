#include "tickwerk/risk/normal.h"

#include <gtest/gtest.h>

#include <cmath>

namespace tickwerk::risk {
namespace {

TEST(Normal, HasTheTabulatedValues) {
  EXPECT_DOUBLE_EQ(normal_cdf(0), 0.5);
  EXPECT_NEAR(normal_cdf(1.959963984540054), 0.975, 1e-15);
  EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-13);
  EXPECT_NEAR(normal_quantile(0.95), 1.6448536269514722, 1e-13);
  EXPECT_NEAR(normal_quantile(1e-10), -6.361340902404056, 1e-12);
}

TEST(Normal, QuantileTurnsTheDistributionRound) {
  for (const double p : {1e-300, 1e-12, 0.01, 0.3, 0.5, 0.7, 0.99}) {
    EXPECT_NEAR(normal_cdf(normal_quantile(p)) / p, 1, 1e-12) << p;
  }
}

TEST(Normal, QuantileIsInfiniteAtTheEndsAndNothingBeyond) {
  EXPECT_EQ(normal_quantile(0), -INFINITY);
  EXPECT_EQ(normal_quantile(1), INFINITY);
  EXPECT_TRUE(std::isnan(normal_quantile(1.1)));
  EXPECT_TRUE(std::isnan(normal_quantile(-0.1)));
}

}  // namespace
}  // namespace tickwerk::risk
