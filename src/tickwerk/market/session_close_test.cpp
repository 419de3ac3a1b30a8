#include "tickwerk/market/session_close.h"

#include <gtest/gtest.h>

namespace tickwerk::market {
namespace {

constexpr std::int64_t kHour = 3'600'000'000'000;

std::string close_of(int year, int month, int day) {
  const auto close = session_close(Calendar::nyse(), make_date(year, month, day));
  return close ? to_string(*close, Frequency::kFiveMinutes) : "unknown";
}

TEST(SessionClose, IsFourInTheAfternoonInNewYork) {
  EXPECT_EQ(close_of(2024, 1, 2), "2024-01-02T21:00:00Z");
  EXPECT_EQ(close_of(2024, 7, 2), "2024-07-02T20:00:00Z");
}

TEST(SessionClose, IsEarlierOnTheDayAfterThanksgiving) {
  EXPECT_EQ(close_of(2024, 11, 29), "2024-11-29T18:00:00Z");
}

TEST(SessionClose, FollowsTheDaysOnWhichClocksWereChanged) {
  EXPECT_EQ(close_of(2024, 3, 8), "2024-03-08T21:00:00Z");  // Friday before Sunday, March 10
  EXPECT_EQ(close_of(2024, 3, 11), "2024-03-11T20:00:00Z");
  EXPECT_EQ(close_of(2024, 11, 1), "2024-11-01T20:00:00Z");  // before Sunday, November 3
  EXPECT_EQ(close_of(2024, 11, 4), "2024-11-04T21:00:00Z");
  EXPECT_EQ(close_of(2006, 3, 31), "2006-03-31T21:00:00Z");  // before Sunday, April 2
  EXPECT_EQ(close_of(2006, 4, 3), "2006-04-03T20:00:00Z");
  EXPECT_EQ(close_of(2006, 10, 27), "2006-10-27T20:00:00Z");  // before Sunday, October 29
  EXPECT_EQ(close_of(2006, 10, 30), "2006-10-30T21:00:00Z");
}

TEST(SessionClose, ChangesTheOffsetAtTwoInTheNight) {
  const Timestamp march = midnight(make_date(2024, 3, 10));
  EXPECT_EQ(new_york_offset_ns({march.ns + 7 * kHour - 1}), -5 * kHour);
  EXPECT_EQ(new_york_offset_ns({march.ns + 7 * kHour}), -4 * kHour);
  const Timestamp november = midnight(make_date(2024, 11, 3));
  EXPECT_EQ(new_york_offset_ns({november.ns + 6 * kHour - 1}), -4 * kHour);
  EXPECT_EQ(new_york_offset_ns({november.ns + 6 * kHour}), -5 * kHour);
}

TEST(SessionClose, IsUnknownElsewhereAndOutsideTheYearsOfTheCalendar) {
  EXPECT_FALSE(session_close(Calendar::weekdays(), make_date(2024, 1, 2)));
  EXPECT_EQ(close_of(1989, 12, 29), "unknown");
  EXPECT_EQ(close_of(2036, 1, 2), "unknown");
}

TEST(MarketDay, IsThatOfTheExchange) {
  const Timestamp evening{midnight(make_date(2024, 1, 3)).ns + 2 * kHour};
  EXPECT_EQ(to_string(market_day(Calendar::nyse(), evening)), "2024-01-02");
  EXPECT_EQ(to_string(market_day(Calendar::weekdays(), evening)), "2024-01-03");
}

}  // namespace
}  // namespace tickwerk::market
