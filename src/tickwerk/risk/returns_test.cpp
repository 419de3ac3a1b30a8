#include "tickwerk/risk/returns.h"

#include <gtest/gtest.h>

#include <cmath>

namespace tickwerk::risk {
namespace {

constexpr std::int64_t kNsPerHour = 3'600'000'000'000;

EquityRow row(int day, int hour, double equity, double cost) {
  EquityRow made;
  made.time = {midnight(make_date(2024, 1, day)).ns + hour * kNsPerHour};
  made.equity = equity;
  made.cost = cost;
  return made;
}

const std::vector<EquityRow> kRows{row(2, 15, 100, 1), row(2, 16, 110, 0), row(3, 15, 99, 2),
                                   row(3, 16, 121, 0), row(4, 15, 60.5, 0)};

TEST(EquityValues, GrossAddBackTheCostsThroughTheRow) {
  EXPECT_EQ(equity_values(kRows, Basis::kNet), (std::vector<double>{100, 110, 99, 121, 60.5}));
  EXPECT_EQ(equity_values(kRows, Basis::kGross), (std::vector<double>{101, 111, 102, 124, 63.5}));
}

TEST(SimpleReturns, AreOneFewerThanTheValues) {
  const auto returns = simple_returns(std::vector<double>{100, 110, 99});
  ASSERT_EQ(returns.size(), 2u);
  EXPECT_DOUBLE_EQ(returns[0], 110.0 / 100 - 1);
  EXPECT_DOUBLE_EQ(returns[1], 99.0 / 110 - 1);
  EXPECT_TRUE(simple_returns({}).empty());
  EXPECT_TRUE(simple_returns(std::vector<double>{100}).empty());
  EXPECT_TRUE(std::isnan(simple_returns(std::vector<double>{0, 1})[0]));
}

TEST(SharpeSeries, OfIntradayBarsAreReturnsOfDays) {
  const auto values = equity_values(kRows, Basis::kNet);
  const ReturnSeries series = sharpe_series(kRows, values, Frequency::kFiveMinutes);
  EXPECT_EQ(series.periods_per_year, 252);
  ASSERT_EQ(series.returns.size(), 2u);
  EXPECT_DOUBLE_EQ(series.returns[0], 121.0 / 110 - 1);
  EXPECT_DOUBLE_EQ(series.returns[1], 60.5 / 121 - 1);
  EXPECT_EQ(sharpe_series(kRows, values, Frequency::kDaily).returns, simple_returns(values));
}

}  // namespace
}  // namespace tickwerk::risk
