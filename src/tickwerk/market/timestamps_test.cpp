#include "tickwerk/market/timestamps.h"

#include <gtest/gtest.h>

namespace tickwerk::market {
namespace {

std::string daily(std::string_view text) {
  const auto time = parse_time(text);
  return time ? to_string(time->bar_time(Frequency::kDaily), Frequency::kDaily) : "none";
}

std::string instant(std::string_view text) {
  const auto time = parse_time(text);
  return time ? to_string(time->bar_time(Frequency::kFiveMinutes), Frequency::kFiveMinutes)
              : "none";
}

TEST(ParseTime, DailyBarTakesTheDayAsWritten) {
  EXPECT_EQ(daily("2024-02-29"), "2024-02-29");
  EXPECT_EQ(daily("2024-02-29T23:30:00-05:00"), "2024-02-29");
  EXPECT_EQ(daily("2024-02-29T00:30:00+09:00"), "2024-02-29");
  EXPECT_EQ(daily("1990-01-02T00:00:00.000000+0000"), "1990-01-02");
  EXPECT_EQ(daily("20240229"), "2024-02-29");
}

TEST(ParseTime, IntradayBarTakesTheInstant) {
  EXPECT_EQ(instant("2024-02-29T09:30:00-05:00"), "2024-02-29T14:30:00Z");
  EXPECT_EQ(instant("2024-02-29 09:30"), "2024-02-29T09:30:00Z");
  EXPECT_EQ(instant("2024-02-29T09:30:00.250Z"), "2024-02-29T09:30:00.25Z");
  EXPECT_EQ(instant("2024-03-01T00:30:00+0530"), "2024-02-29T19:00:00Z");
}

// 1709199000 s = 2024-02-29T09:30:00Z.
TEST(ParseTime, TellsEpochUnitsApartByTheirSize) {
  for (const char* text :
       {"1709199000", "1709199000.0", "1709199000000", "1709199000000000", "1709199000000000000"}) {
    EXPECT_EQ(instant(text), "2024-02-29T09:30:00Z") << text;
  }
  EXPECT_EQ(parse_time("1709199000")->form, TimeForm::kSeconds);
  EXPECT_EQ(parse_time("1709199000000")->form, TimeForm::kMilliseconds);
  EXPECT_EQ(parse_time("1709199000000000")->form, TimeForm::kMicroseconds);
  EXPECT_EQ(parse_time("1709199000000000000")->form, TimeForm::kNanoseconds);
}

TEST(ParseTime, UnitsDoNotOverlapAtTheirEnds) {
  EXPECT_EQ(daily("31536000"), "1971-01-01");     // first second accepted
  EXPECT_EQ(daily("31536000000"), "1971-01-01");  // first millisecond
  EXPECT_EQ(daily("7226582400"), "2199-01-01");   // last second
  EXPECT_EQ(daily("7226582401"), "none");
  EXPECT_EQ(daily("31535999999"), "none");
}

TEST(ParseTime, RefusesWhatWouldFallInto1970) {
  EXPECT_EQ(daily("19000"), "none");  // days since 1970
  EXPECT_NE(why_no_time("19000").find("falls into 1970"), std::string::npos);
  EXPECT_EQ(daily("0"), "none");
  EXPECT_EQ(daily("-86400"), "none");
}

TEST(ParseTime, RefusesWhatIsNoTime) {
  for (const char* text :
       {"", "2024-02-30", "2023-02-29", "02/29/2024", "2024-2-9", "2024-02-29T", "2024-02-29T25:00",
        "2024-02-29T09:30:00EST", "2024-02-29x", "20241301", "n/a", "12345678901234567890123",
        "0001-01-01", "9999-12-31", "1709199000.5"}) {
    EXPECT_EQ(daily(text), "none") << text;
  }
}

TEST(TimeForms, RememberFirstRowsAndTimesOfDay) {
  TimeForms first, second;
  first.see(*parse_time("2024-02-29T09:30:00Z"), 0);
  second.see(*parse_time("2024-02-29"), 3);
  second.see(*parse_time("2024-02-29T09:35:00Z"), 4);
  first.merge(second, 10);
  EXPECT_EQ(first.first_row[static_cast<std::size_t>(TimeForm::kDay)], 13);
  EXPECT_EQ(first.first_row[static_cast<std::size_t>(TimeForm::kZoned)], 0);
  EXPECT_EQ(first.first_ns_of_day, (9 * 60 + 30) * 60'000'000'000);
  EXPECT_EQ(first.other_ns_of_day, 0);
}

}  // namespace
}  // namespace tickwerk::market
