#include "tickwerk/risk/calendar_returns.h"

#include <gtest/gtest.h>

#include <cmath>

namespace tickwerk::risk {
namespace {

EquityRow row(int year, int month, int day, double equity) {
  EquityRow made;
  made.time = midnight(make_date(year, month, day));
  made.equity = equity;
  made.cost = 1;
  return made;
}

const std::vector<EquityRow> kRows{row(2023, 12, 28, 101), row(2023, 12, 29, 102),
                                   row(2024, 1, 2, 99), row(2024, 1, 3, 105), row(2024, 2, 1, 110)};
const CalendarInput kInput{kRows, 100, Frequency::kDaily, 0};

TEST(CalendarReturns, OfAYearRunFromTheLastEquityBeforeIt) {
  const auto years = calendar_returns(kInput, CalendarPeriod::kYear);
  ASSERT_EQ(years.size(), 2u);
  EXPECT_EQ(years[0].year, 2023);
  EXPECT_EQ(years[0].month, 0);
  EXPECT_EQ(years[0].num_bars, 2u);
  EXPECT_DOUBLE_EQ(years[0].net_return, 102.0 / 100 - 1);
  EXPECT_DOUBLE_EQ(years[0].gross_return, 104.0 / 100 - 1);
  EXPECT_DOUBLE_EQ(years[1].net_return, 110.0 / 102 - 1);
  EXPECT_DOUBLE_EQ(years[1].gross_return, 113.0 / 102 - 1);
  EXPECT_DOUBLE_EQ(years[1].max_drawdown_pct, 100 * (99.0 / 102 - 1));
  EXPECT_DOUBLE_EQ(years[1].cost, 3);
}

TEST(CalendarReturns, OfAMonthUseTheReturnsThatEndInIt) {
  const auto months = calendar_returns(kInput, CalendarPeriod::kMonth);
  ASSERT_EQ(months.size(), 3u);
  EXPECT_EQ(months[1].year, 2024);
  EXPECT_EQ(months[1].month, 1);
  EXPECT_DOUBLE_EQ(months[1].net_return, 105.0 / 102 - 1);
  const double first = 99.0 / 102 - 1;
  const double second = 105.0 / 99 - 1;
  EXPECT_NEAR(*months[1].volatility, std::abs(first - second) / std::sqrt(2.0) * std::sqrt(252.0),
              1e-12);
  EXPECT_FALSE(months[2].volatility);
  EXPECT_FALSE(months[2].sharpe);
}

TEST(CalendarReturns, AreNeverHigherNetThanGross) {
  for (const CalendarRow& one : calendar_returns(kInput, CalendarPeriod::kMonth)) {
    EXPECT_LT(one.net_return, one.gross_return);
  }
}

TEST(CalendarReturns, CompoundToTheTotalReturn) {
  for (const CalendarPeriod period : {CalendarPeriod::kYear, CalendarPeriod::kMonth}) {
    double growth = 1;
    for (const CalendarRow& one : calendar_returns(kInput, period)) growth *= 1 + one.net_return;
    EXPECT_NEAR(growth, 1.1, 1e-15);
  }
}

TEST(CalendarReturns, OfNoRowsAreNone) {
  EXPECT_TRUE(calendar_returns({}, CalendarPeriod::kYear).empty());
}

}  // namespace
}  // namespace tickwerk::risk
