#include "tickwerk/market/calendar.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <string>

#include "tickwerk/base/error.h"
#include "tickwerk/market/bars.h"

namespace tickwerk::market {
namespace {

using std::chrono::minutes;

constexpr minutes kOnePm{13 * 60};
constexpr minutes kTwoPm{14 * 60};

std::vector<std::string> text_of(const std::vector<Date>& dates) {
  std::vector<std::string> texts;
  texts.reserve(dates.size());
  for (const Date date : dates) texts.push_back(to_string(date));
  return texts;
}

std::vector<Date> closures_of(int year) {
  std::vector<Date> found;
  for (const Date date : Calendar::nyse().closures()) {
    if (year_month_day(date).year == year) found.push_back(date);
  }
  return found;
}

// Dates as printed in the tables of the exchange and of almanacs.
TEST(EasterSunday, FallsWhereAlmanacsPrintIt) {
  EXPECT_EQ(to_string(easter_sunday(1990)), "1990-04-15");
  EXPECT_EQ(to_string(easter_sunday(1997)), "1997-03-30");
  EXPECT_EQ(to_string(easter_sunday(2000)), "2000-04-23");
  EXPECT_EQ(to_string(easter_sunday(2008)), "2008-03-23");
  EXPECT_EQ(to_string(easter_sunday(2011)), "2011-04-24");
  EXPECT_EQ(to_string(easter_sunday(2019)), "2019-04-21");
  EXPECT_EQ(to_string(easter_sunday(2024)), "2024-03-31");
  EXPECT_EQ(to_string(easter_sunday(2035)), "2035-03-25");
}

TEST(NyseCalendar, KeepsTheNineHolidaysOf2019) {
  EXPECT_EQ(text_of(closures_of(2019)),
            (std::vector<std::string>{"2019-01-01", "2019-01-21", "2019-02-18", "2019-04-19",
                                      "2019-05-27", "2019-07-04", "2019-09-02", "2019-11-28",
                                      "2019-12-25"}));
}

TEST(NyseCalendar, KeepsTenHolidaysAndMourningIn2025) {
  EXPECT_EQ(text_of(closures_of(2025)),
            (std::vector<std::string>{"2025-01-01", "2025-01-09", "2025-01-20", "2025-02-17",
                                      "2025-04-18", "2025-05-26", "2025-06-19", "2025-07-04",
                                      "2025-09-01", "2025-11-27", "2025-12-25"}));
}

TEST(NyseCalendar, TradesOnTheFridayBeforeANewYearOnSaturday) {
  for (const int year : {1993, 1999, 2004, 2010, 2021, 2027, 2032}) {
    const Date new_years_eve = make_date(year, 12, 31);
    ASSERT_EQ(weekday(new_years_eve), Weekday::kFriday);
    EXPECT_TRUE(Calendar::nyse().is_session(new_years_eve)) << year;
  }
  EXPECT_EQ(closures_of(2022).size(), 9u);  // no New Year, but Juneteenth
  EXPECT_EQ(to_string(closures_of(2022).front()), "2022-01-17");
}

TEST(NyseCalendar, MovesHolidaysOfTheWeekendToTheNearestWeekday) {
  for (const char* closed : {"2017-01-02", "2010-12-24", "2021-12-24", "2016-12-26", "2020-07-03",
                             "2021-07-05", "2022-06-20", "2027-06-18", "2022-12-26"}) {
    EXPECT_FALSE(Calendar::nyse().is_session(*parse_date(closed))) << closed;
  }
}

TEST(NyseCalendar, KeepsKingFrom1998AndJuneteenthFrom2022) {
  EXPECT_TRUE(Calendar::nyse().is_session(make_date(1997, 1, 20)));
  EXPECT_FALSE(Calendar::nyse().is_session(make_date(1998, 1, 19)));
  EXPECT_TRUE(Calendar::nyse().is_session(make_date(2021, 6, 18)));
  EXPECT_FALSE(Calendar::nyse().is_session(make_date(2023, 6, 19)));
}

TEST(NyseCalendar, KnowsElevenUnscheduledClosings) {
  for (const char* closed :
       {"1994-04-27", "2001-09-11", "2001-09-12", "2001-09-13", "2001-09-14", "2004-06-11",
        "2007-01-02", "2012-10-29", "2012-10-30", "2018-12-05", "2025-01-09"}) {
    EXPECT_FALSE(Calendar::nyse().is_session(*parse_date(closed))) << closed;
  }
  EXPECT_EQ(to_string(Calendar::nyse().next_session(make_date(2001, 9, 10))), "2001-09-17");
  EXPECT_EQ(to_string(Calendar::nyse().previous_session(make_date(2001, 9, 17))), "2001-09-10");
}

// 11,577 sessions, 424 closures and 101 early closes are those of pandas_market_calendars 5.5 for
// 1990 to 2035; exchange_calendars 4.13 has the same sessions.
TEST(NyseCalendar, CountsTheSessionsTwoOtherPackagesCount) {
  const Calendar& nyse = Calendar::nyse();
  EXPECT_EQ(nyse.num_sessions(nyse.first(), {nyse.last().days + 1}), 11577);
  EXPECT_EQ(nyse.sessions(nyse.first(), nyse.last()).size(), 11577u);
  EXPECT_EQ(nyse.num_sessions(make_date(2001, 1, 1), make_date(2002, 1, 1)), 248);
  EXPECT_EQ(nyse.num_sessions(make_date(2012, 1, 1), make_date(2013, 1, 1)), 250);
  EXPECT_EQ(nyse.num_sessions(make_date(2023, 1, 1), make_date(2024, 1, 1)), 250);
  EXPECT_EQ(nyse.num_sessions(make_date(2024, 1, 1), make_date(2025, 1, 1)), 252);
  EXPECT_EQ(nyse.early_closes().size(), 101u);
}

TEST(NyseCalendar, ClosesEarlyAroundThanksgivingChristmasAndTheFourthOfJuly) {
  const Calendar& nyse = Calendar::nyse();
  EXPECT_EQ(nyse.early_close(make_date(1992, 11, 27)), kTwoPm);
  EXPECT_EQ(nyse.early_close(make_date(1990, 12, 24)), kTwoPm);
  EXPECT_EQ(nyse.early_close(make_date(2021, 11, 26)), kOnePm);
  EXPECT_EQ(nyse.early_close(make_date(2024, 12, 24)), kOnePm);
  EXPECT_EQ(nyse.early_close(make_date(2023, 7, 3)), kOnePm);
  EXPECT_EQ(nyse.early_close(make_date(2020, 7, 2)), std::nullopt);
  EXPECT_EQ(nyse.early_close(make_date(2026, 7, 2)), std::nullopt);
  EXPECT_EQ(nyse.early_close(make_date(1994, 7, 5)), std::nullopt);
}

TEST(NyseCalendar, ShortensTheFridayAfterAThursdayFourthOnlyUntil2012) {
  const Calendar& nyse = Calendar::nyse();
  EXPECT_EQ(nyse.early_close(make_date(2002, 7, 5)), kOnePm);
  EXPECT_EQ(nyse.early_close(make_date(2002, 7, 3)), std::nullopt);
  EXPECT_EQ(nyse.early_close(make_date(2013, 7, 3)), kOnePm);
  EXPECT_EQ(nyse.early_close(make_date(2013, 7, 5)), std::nullopt);
}

TEST(NyseCalendar, ClosesEarlyOnlyOnSessionsAndInOrder) {
  const auto& days = Calendar::nyse().early_closes();
  std::map<int, int> per_year;
  for (std::size_t i = 0; i < days.size(); ++i) {
    EXPECT_TRUE(Calendar::nyse().is_session(days[i].date)) << to_string(days[i].date);
    if (i > 0) {
      EXPECT_LT(days[i - 1].date, days[i].date);
    }
    ++per_year[year_month_day(days[i].date).year];
  }
  EXPECT_EQ(per_year[1997], 5);  // 3 July, circuit breaker, Thanksgiving, both sides of Christmas
  EXPECT_EQ(per_year[2024], 3);
  EXPECT_EQ(per_year[2021], 1);
}

TEST(Calendar, RefusesDaysOutsideItsYears) {
  const Calendar& nyse = Calendar::nyse();
  try {
    nyse.is_session(make_date(1989, 12, 29));
    FAIL() << "1989 is not known";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kInvalidArgument);
    EXPECT_STREQ(
        error.what(),
        "a day of the NYSE calendar must be in 1990-01-01 to 2035-12-31, found 1989-12-29");
  }
  EXPECT_THROW(nyse.next_session(nyse.last()), Error);
  EXPECT_THROW(nyse.previous_session(make_date(1990, 1, 2)), Error);
  EXPECT_THROW(nyse.early_close(make_date(2036, 12, 24)), Error);
  EXPECT_THROW(nyse.sessions(make_date(2035, 12, 1), make_date(2036, 1, 1)), Error);
}

TEST(WeekdayCalendar, TradesFromMondayToFriday) {
  const Calendar& weekdays = Calendar::weekdays();
  EXPECT_TRUE(weekdays.is_session(make_date(2024, 12, 25)));
  EXPECT_FALSE(weekdays.is_session(make_date(2024, 12, 28)));
  EXPECT_EQ(to_string(weekdays.next_session(make_date(2024, 12, 27))), "2024-12-30");
  EXPECT_EQ(weekdays.early_close(make_date(2024, 12, 24)), std::nullopt);
  EXPECT_EQ(weekdays.num_sessions(make_date(2024, 1, 1), make_date(2025, 1, 1)), 262);
}

TEST(WeekdayCalendar, CountsWhatItListsFromAnyDayToAnyDay) {
  const Calendar& weekdays = Calendar::weekdays();
  const Date start = make_date(1969, 12, 20);
  for (int from = 0; from < 21; ++from) {
    for (int to = from; to < 28; ++to) {
      const Date a{start.days + from};
      const Date b{start.days + to};
      EXPECT_EQ(weekdays.num_sessions(a, {b.days + 1}),
                static_cast<int>(weekdays.sessions(a, b).size()));
    }
  }
}

Bars bars_on(const std::vector<Date>& dates) {
  Bars bars;
  for (const Date date : dates) bars.times.push_back(midnight(date));
  return bars;
}

TEST(CalendarFor, TakesNewYorkForItsOwnSessionsAndWeekdaysForLondons) {
  const auto year = Calendar::nyse().sessions(make_date(2019, 1, 1), make_date(2019, 12, 31));
  EXPECT_EQ(calendar_for(bars_on(year)).name(), "NYSE");
  const std::set<std::string> bank_holidays = {"2019-01-01", "2019-04-19", "2019-04-22",
                                               "2019-05-06", "2019-05-27", "2019-08-26",
                                               "2019-12-25", "2019-12-26"};
  std::vector<Date> london;
  for (const Date date :
       Calendar::weekdays().sessions(make_date(2019, 1, 1), make_date(2019, 12, 31))) {
    if (!bank_holidays.contains(to_string(date))) london.push_back(date);
  }
  EXPECT_EQ(calendar_for(bars_on(london)).name(), "weekdays");
}

TEST(CalendarFor, TakesWeekdaysWhenNoRowIsInTheYearsItKnows) {
  EXPECT_EQ(calendar_for(bars_on({make_date(1985, 1, 3)})).name(), "weekdays");
  EXPECT_EQ(calendar_for(bars_on({})).name(), "weekdays");
}

/// Days of the first column of a CSV file under TICKWERK_DATA; empty when there is none.
std::set<Date> days_of_file(const char* name) {
  const char* folder = std::getenv("TICKWERK_DATA");
  std::set<Date> days;
  if (folder == nullptr) return days;
  std::ifstream file(std::string(folder) + "/" + name);
  for (std::string line; std::getline(file, line);) {
    if (const auto date = parse_date(std::string_view(line).substr(0, 10))) days.insert(*date);
  }
  return days;
}

class RealSessions : public testing::TestWithParam<const char*> {};

TEST_P(RealSessions, AreThoseOfTheCalendar) {
  const std::set<Date> days = days_of_file(GetParam());
  if (days.empty()) GTEST_SKIP() << "no " << GetParam() << " under TICKWERK_DATA";
  const auto expected = Calendar::nyse().sessions(*days.begin(), *days.rbegin());
  EXPECT_EQ(std::vector<Date>(days.begin(), days.end()), expected);
}

INSTANTIATE_TEST_SUITE_P(Index,
                         RealSessions,
                         testing::Values("sp500_index_close_1990_2022.csv",
                                         "market_index_ohlcv_1999_2018.csv",
                                         "sample_20x3y.csv"));

}  // namespace
}  // namespace tickwerk::market
