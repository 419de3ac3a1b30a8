#include "tickwerk/market/calendar.h"

#include <algorithm>

#include "tickwerk/base/error.h"
#include "tickwerk/market/bars.h"
#include "tickwerk/market/calendar_nyse.h"

namespace tickwerk::market {
namespace {

bool is_weekday(Date date) noexcept { return weekday(date) <= Weekday::kFriday; }

/// Weekdays since Monday 0001-01-01, before `date`.
int weekdays_before(Date date) noexcept {
  constexpr int kEpoch = 719'162;  // days from 0001-01-01 to 1970-01-01
  const int days = date.days + kEpoch;
  return days / 7 * 5 + std::min(days % 7, 5);
}

}  // namespace

const Calendar& Calendar::nyse() {
  static const Calendar calendar(nyse_days());
  return calendar;
}

const Calendar& Calendar::weekdays() {
  // The years a Timestamp can hold.
  static const Calendar calendar(
      {.name = "weekdays", .first = make_date(1678, 1, 1), .last = make_date(2261, 12, 31)});
  return calendar;
}

Calendar::Calendar(CalendarDays days) : days_(std::move(days)) {
  TW_CHECK(std::is_sorted(days_.closures.begin(), days_.closures.end()), ==, true);
  TW_CHECK(std::is_sorted(days_.early_closes.begin(), days_.early_closes.end()), ==, true);
  TW_CHECK(std::all_of(days_.closures.begin(), days_.closures.end(), is_weekday), ==, true);
}

bool Calendar::is_session(Date date) const {
  require(date);
  return is_weekday(date) &&
         !std::binary_search(days_.closures.begin(), days_.closures.end(), date);
}

Date Calendar::next_session(Date date) const {
  require(date);
  do ++date.days;
  while (!is_session(date));
  return date;
}

Date Calendar::previous_session(Date date) const {
  require(date);
  do --date.days;
  while (!is_session(date));
  return date;
}

std::vector<Date> Calendar::sessions(Date from, Date to) const {
  require(from);
  require(to);
  std::vector<Date> found;
  for (Date date = from; date <= to; ++date.days) {
    if (is_session(date)) found.push_back(date);
  }
  return found;
}

int Calendar::num_sessions(Date from, Date to) const {
  TW_CHECK(from.days, <=, to.days);
  require(from);
  if (to.days != last().days + 1) require(to);
  return sessions_before(to) - sessions_before(from);
}

std::optional<std::chrono::minutes> Calendar::early_close(Date date) const {
  require(date);
  const auto& days = days_.early_closes;
  const auto at = std::lower_bound(days.begin(), days.end(), date,
                                   [](const EarlyClose& a, Date b) { return a.date < b; });
  if (at == days.end() || at->date != date) return {};
  return at->close;
}

void Calendar::require(Date date) const {
  if (covers(date)) return;
  throw Error(Code::kInvalidArgument,
              fmt::format("a day of the {} calendar must be in {} to {}, found {}", name(),
                          to_string(first()), to_string(last()), to_string(date)));
}

int Calendar::sessions_before(Date date) const noexcept {
  const auto closed = std::lower_bound(days_.closures.begin(), days_.closures.end(), date);
  return weekdays_before(date) - static_cast<int>(closed - days_.closures.begin());
}

Date easter_sunday(int year) noexcept {
  const int golden = year % 19;
  const int century = year / 100;
  const int year_of_century = year % 100;
  const int correction = (century - (century + 8) / 25 + 1) / 3;
  const int epact = (19 * golden + century - century / 4 - correction + 15) % 30;
  const int to_sunday =
      (32 + 2 * (century % 4) + 2 * (year_of_century / 4) - epact - year_of_century % 4) % 7;
  const int exception = (golden + 11 * epact + 22 * to_sunday) / 451;
  const int days = epact + to_sunday - 7 * exception + 114;
  return make_date(year, days / 31, days % 31 + 1);
}

const Calendar& calendar_for(const Bars& bars) {
  const Calendar& nyse = Calendar::nyse();
  std::size_t num_weekdays = 0;
  std::size_t num_sessions = 0;
  for (const Timestamp time : bars.times) {
    const Date date = date_of(time);
    if (!nyse.covers(date) || !is_weekday(date)) continue;
    ++num_weekdays;
    if (nyse.is_session(date)) ++num_sessions;
  }
  const bool fits = num_weekdays > 0 && num_sessions * 100 >= num_weekdays * 99;
  return fits ? nyse : Calendar::weekdays();
}

}  // namespace tickwerk::market
