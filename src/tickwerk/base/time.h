// Points in time and calendar days. Daily bars carry midnight UTC of the calendar day as written in
// the input; intraday bars carry the UTC instant. No clock is read here: the present comes in as an
// argument.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tickwerk {

/// A calendar day, counted from 1970-01-01 (proleptic Gregorian).
struct Date {
  std::int32_t days = 0;
  auto operator<=>(const Date&) const = default;
};

/// An instant, nanoseconds since 1970-01-01T00:00:00Z.
struct Timestamp {
  std::int64_t ns = 0;
  auto operator<=>(const Timestamp&) const = default;
};

enum class Frequency { kDaily, kFiveMinutes };
enum class Weekday { kMonday, kTuesday, kWednesday, kThursday, kFriday, kSaturday, kSunday };

struct YearMonthDay {
  int year = 1970;
  int month = 1;  // 1 to 12
  int day = 1;    // 1 to 31
};

inline constexpr std::int64_t kNsPerDay = 86'400'000'000'000;

Date make_date(int year, int month, int day) noexcept;
YearMonthDay year_month_day(Date date) noexcept;
Weekday weekday(Date date) noexcept;

Date date_of(Timestamp time) noexcept;
Timestamp midnight(Date date) noexcept;

/// `2024-02-29`, strictly; empty when the text is not a day that exists.
std::optional<Date> parse_date(std::string_view text) noexcept;
std::string to_string(Date date);

/// `YYYY-MM-DD` for daily bars, else `YYYY-MM-DDTHH:MM:SSZ` (with a fraction only where there is
/// one).
std::string to_string(Timestamp time, Frequency frequency);

/// Periods a year: 252 for daily bars, 252 * 78 for five-minute bars.
double periods_per_year(Frequency frequency) noexcept;

/// The name in flags and file suffixes: `1d`, `5min`.
std::string_view suffix(Frequency frequency) noexcept;

}  // namespace tickwerk
