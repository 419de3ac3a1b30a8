#include "tickwerk/risk/growth.h"

#include <gtest/gtest.h>

namespace tickwerk::risk {
namespace {

TEST(Growth, CompoundsToTheYear) {
  EXPECT_DOUBLE_EQ(total_return(100, 121), 0.21);
  EXPECT_NEAR(*cagr(100, 121, 504, 252), 0.1, 1e-15);
  EXPECT_NEAR(*cagr(100, 81, 504, 252), -0.1, 1e-15);
}

TEST(Growth, HasNoYearlyRateForPartOfAYear) {
  EXPECT_FALSE(cagr(100, 121, 251, 252));
  EXPECT_TRUE(cagr(100, 121, 252, 252));
  EXPECT_FALSE(cagr(100, 121, 0, 252));
}

TEST(Growth, OfNothingLeftIsMinusOneAndBelowZeroHasNoRate) {
  EXPECT_DOUBLE_EQ(*cagr(100, 0, 252, 252), -1);
  EXPECT_FALSE(cagr(100, -1, 252, 252));
}

}  // namespace
}  // namespace tickwerk::risk
