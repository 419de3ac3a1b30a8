#include "tickwerk/risk/turnover.h"

#include <gtest/gtest.h>

#include <vector>

namespace tickwerk::risk {
namespace {

EquityRow row(double equity, double bought, double sold) {
  EquityRow made;
  made.equity = equity;
  made.bought = bought;
  made.sold = sold;
  return made;
}

TEST(Turnover, IsHalfOfWhatWasTradedOverMeanEquityAYear) {
  // Traded 50 + 30 + 20 = 100, half of it 50, mean equity 100, two returns of 252 a year.
  const std::vector rows{row(90, 50, 0), row(100, 0, 30), row(110, 0, 20)};
  EXPECT_DOUBLE_EQ(*turnover(rows, 252), 50.0 / 100 / (2.0 / 252));
}

TEST(Turnover, IsEmptyWithoutAPeriodOrEquity) {
  EXPECT_FALSE(turnover(std::vector{row(100, 50, 0)}, 252));
  EXPECT_FALSE(turnover({}, 252));
  EXPECT_FALSE(turnover(std::vector{row(0, 50, 0), row(0, 0, 0)}, 252));
}

}  // namespace
}  // namespace tickwerk::risk
