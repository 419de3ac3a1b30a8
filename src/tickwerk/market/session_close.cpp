#include "tickwerk/market/session_close.h"

namespace tickwerk::market {
namespace {

constexpr std::int64_t kNsPerMinute = 60'000'000'000;
constexpr std::int64_t kNsPerHour = 60 * kNsPerMinute;
constexpr std::chrono::minutes kUsualClose{16 * 60};

/// The first Sunday on or after a day.
Date sunday_from(Date date) noexcept {
  return Date{date.days + (6 - static_cast<int>(weekday(date)))};
}

bool is_new_york(const Calendar& calendar) noexcept { return calendar.name() == "NYSE"; }

}  // namespace

std::int64_t new_york_offset_ns(Timestamp time) noexcept {
  const int year = year_month_day(date_of(time)).year;
  const bool since_2007 = year >= 2007;
  const Date begin =
      since_2007 ? sunday_from(make_date(year, 3, 8)) : sunday_from(make_date(year, 4, 1));
  const Date end =
      since_2007 ? sunday_from(make_date(year, 11, 1)) : sunday_from(make_date(year, 10, 25));
  // 2:00 local time is 7:00 UTC when clocks go forward, 6:00 UTC when they go back.
  const bool daylight =
      time.ns >= midnight(begin).ns + 7 * kNsPerHour && time.ns < midnight(end).ns + 6 * kNsPerHour;
  return (daylight ? -4 : -5) * kNsPerHour;
}

std::optional<Timestamp> session_close(const Calendar& calendar, Date date) {
  if (!is_new_york(calendar) || !calendar.covers(date)) return {};
  const std::chrono::minutes local = calendar.early_close(date).value_or(kUsualClose);
  const std::int64_t ns = midnight(date).ns + local.count() * kNsPerMinute;
  // Clocks change at night: the offset at the local hour read as UTC is that of the close.
  return Timestamp{ns - new_york_offset_ns({ns})};
}

Date market_day(const Calendar& calendar, Timestamp time) {
  if (!is_new_york(calendar)) return date_of(time);
  return date_of({time.ns + new_york_offset_ns(time)});
}

}  // namespace tickwerk::market
