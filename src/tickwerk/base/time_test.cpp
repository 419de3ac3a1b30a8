#include "tickwerk/base/time.h"

#include <gtest/gtest.h>

namespace tickwerk {
namespace {

TEST(Date, CountsDaysFromTheEpoch) {
  EXPECT_EQ(make_date(1970, 1, 1).days, 0);
  EXPECT_EQ(make_date(2000, 3, 1).days, 11017);
  EXPECT_EQ(make_date(1969, 12, 31).days, -1);
}

TEST(Date, ParsesOnlyDaysThatExist) {
  EXPECT_EQ(parse_date("2024-02-29"), make_date(2024, 2, 29));
  for (const char* text : {"2023-02-29", "2024-13-01", "2024-00-10", "2024-1-01", "20240101",
                           "2024-01-0x", "", "2024-01--1", "-024-01-01"}) {
    EXPECT_FALSE(parse_date(text)) << text;
  }
}

TEST(Date, KnowsTheDayOfTheWeek) {
  EXPECT_EQ(weekday(make_date(1970, 1, 1)), Weekday::kThursday);
  EXPECT_EQ(weekday(make_date(2026, 11, 23)), Weekday::kMonday);
}

TEST(Timestamp, FallsOnTheDayBeforeWhenNegative) {
  EXPECT_EQ(date_of(Timestamp{-1}), make_date(1969, 12, 31));
  EXPECT_EQ(date_of(midnight(make_date(1990, 1, 2))), make_date(1990, 1, 2));
}

TEST(Timestamp, IsWrittenAsDayOrInstant) {
  const Timestamp open{midnight(make_date(2024, 1, 2)).ns + 52'200'000'000'000};
  EXPECT_EQ(to_string(open, Frequency::kDaily), "2024-01-02");
  EXPECT_EQ(to_string(open, Frequency::kFiveMinutes), "2024-01-02T14:30:00Z");
  EXPECT_EQ(to_string(Timestamp{open.ns + 250'000'000}, Frequency::kFiveMinutes),
            "2024-01-02T14:30:00.25Z");
}

}  // namespace
}  // namespace tickwerk
