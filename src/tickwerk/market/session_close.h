// When a session ends as an instant, and which day of the market an instant belongs to: what
// decides from which bar on a disclosure may be used. Knows New York alone; of other markets it
// says that it does not know, so that its callers take the careful side.
#pragma once

#include <optional>

#include "tickwerk/base/time.h"
#include "tickwerk/market/calendar.h"

namespace tickwerk::market {

/// The close of trading on `date`: 16:00 in New York, or earlier on the days of early closes. Empty
/// when the calendar is not New York's or does not cover the date.
std::optional<Timestamp> session_close(const Calendar& calendar, Date date);

/// The day of the market on which an instant lies: New York's, else that of UTC.
Date market_day(const Calendar& calendar, Timestamp time);

/// New York less UTC at an instant from 1987 on. Daylight saving time from the second Sunday of
/// March to the first of November since 2007 (Energy Policy Act of 2005, section 110), before from
/// the first Sunday of April to the last of October (Public Law 99-359), at 2:00 local time.
std::int64_t new_york_offset_ns(Timestamp time) noexcept;

}  // namespace tickwerk::market
