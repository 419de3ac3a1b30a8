// Days on which a market trades. Two calendars: the New York Stock Exchange from 1990 to 2035
// (holidays by rule, unscheduled closings and early closes on record: calendar_nyse.cpp) and plain
// weekdays, Monday to Friday, for markets whose holidays are not known. Used for end-of-day dates
// and for missing sessions; reads no clock and never guesses: a day outside the years a calendar
// knows is an error, not a weekday.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

#include "tickwerk/base/time.h"

namespace tickwerk::market {

struct Bars;

/// A session that ended before the usual time, in the exchange's local time since midnight.
struct EarlyClose {
  Date date;
  std::chrono::minutes close;
  auto operator<=>(const EarlyClose&) const = default;
};

/// What tells a market's sessions from plain weekdays; days sorted, closures only Monday to Friday.
struct CalendarDays {
  std::string_view name;
  Date first;  // the years the lists below are complete for
  Date last;
  std::vector<Date> closures = {};
  std::vector<EarlyClose> early_closes = {};
};

/// All look-ups throw kInvalidArgument naming the range when a day outside [first(), last()] is
/// asked about, or when the answer would lie outside it. Cost: a binary search, no allocation but
/// for `sessions`.
class Calendar {
 public:
  static const Calendar& nyse();
  static const Calendar& weekdays();

  explicit Calendar(CalendarDays days);

  std::string_view name() const noexcept { return days_.name; }
  Date first() const noexcept { return days_.first; }
  Date last() const noexcept { return days_.last; }
  bool covers(Date date) const noexcept { return first() <= date && date <= last(); }

  bool is_session(Date date) const;
  /// The first session after `date`, which need not be a session.
  Date next_session(Date date) const;
  /// The last session before `date`, which need not be a session.
  Date previous_session(Date date) const;
  /// Sessions of [from, to], both ends included; none when from > to.
  std::vector<Date> sessions(Date from, Date to) const;
  /// Sessions of [from, to): `to` itself is not counted and may be the day after last(). Requires
  /// from <= to.
  int num_sessions(Date from, Date to) const;

  /// Local time of the close when the session ended early; empty on every other day.
  std::optional<std::chrono::minutes> early_close(Date date) const;
  /// Full-day closures on weekdays, and all early closes, in order of time.
  const std::vector<Date>& closures() const noexcept { return days_.closures; }
  const std::vector<EarlyClose>& early_closes() const noexcept { return days_.early_closes; }

 private:
  void require(Date date) const;
  int sessions_before(Date date) const noexcept;

  CalendarDays days_;
};

/// Easter Sunday of a Gregorian year.
/// Source: J. Meeus, "Astronomical Algorithms" (1991), chapter 8 (the anonymous algorithm of
/// Nature, 1876).
Date easter_sunday(int year) noexcept;

/// NYSE when at least 99 of 100 weekday rows from 1990 to 2035 are NYSE sessions, else the weekday
/// calendar (also when no row lies in these years). London (about 97.7 of 100) and Toronto (98)
/// fall short of it once there is a year of bars; a few weeks without a holiday fit any calendar
/// and are taken for New York.
const Calendar& calendar_for(const Bars& bars);

}  // namespace tickwerk::market
