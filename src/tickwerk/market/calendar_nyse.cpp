// Sources: NYSE Rule 7.2 "Holidays" (formerly Rule 51) for the days and the weekend rules; NYSE
// Group, "NYSE Holidays and Trading Hours" (nyse.com/markets/hours-calendars) for Juneteenth and
// the early closes of today; NYSE, "Special Closings 1885-date" for days of mourning, disasters and
// early closes of the past. Checked against two independent packages and the sessions of real index
// files: docs/decisions/0010-nyse-calendar.md.
#include "tickwerk/market/calendar_nyse.h"

#include <algorithm>
#include <iterator>

namespace tickwerk::market {
namespace {

using std::chrono::minutes;

constexpr int kFirstYear = 1990;
constexpr int kLastYear = 2035;
constexpr minutes at(int hour, int minute) { return minutes{hour * 60 + minute}; }

struct RecordedClosure {
  int year, month, day;
};
constexpr RecordedClosure kUnscheduled[] = {
    {1994, 4, 27},  // funeral of Richard Nixon
    {2001, 9, 11},  // attacks on New York and Washington
    {2001, 9, 12},  {2001, 9, 13}, {2001, 9, 14}, {2004, 6, 11},  // funeral of Ronald Reagan
    {2007, 1, 2},                                                 // mourning for Gerald Ford
    {2012, 10, 29},                                               // hurricane Sandy
    {2012, 10, 30}, {2018, 12, 5},                                // mourning for George H. W. Bush
    {2025, 1, 9},                                                 // mourning for Jimmy Carter
};

struct RecordedEarlyClose {
  int year, month, day;
  minutes close;
};
constexpr RecordedEarlyClose kEarlyOnRecord[] = {
    {1994, 2, 11, at(14, 30)},   // snow
    {1996, 1, 8, at(14, 0)},     // snow; opened at 11:00
    {1997, 10, 27, at(15, 30)},  // circuit breaker
    {1997, 12, 26, at(13, 0)},   // Friday after Christmas
    {2003, 12, 26, at(13, 0)},   // Friday after Christmas
    {2005, 6, 1, at(15, 56)},    // failure of the communication systems
};

Date first_on_or_after(Date date, Weekday day) {
  const int ahead = static_cast<int>(day) - static_cast<int>(weekday(date));
  return {date.days + (ahead + 7) % 7};
}

Date nth(int n, Weekday day, int year, int month) {
  return {first_on_or_after(make_date(year, month, 1), day).days + 7 * (n - 1)};
}

Date thanksgiving(int year) { return nth(4, Weekday::kThursday, year, 11); }

/// A Saturday is kept on the Friday before, a Sunday on the Monday after.
Date observed(Date date) {
  if (weekday(date) == Weekday::kSaturday) return {date.days - 1};
  if (weekday(date) == Weekday::kSunday) return {date.days + 1};
  return date;
}

void add_holidays(int year, std::vector<Date>& closures) {
  // A New Year on Saturday is not kept: the Friday before ends the accounting year (Rule 7.2).
  if (const Date new_year = make_date(year, 1, 1); weekday(new_year) != Weekday::kSaturday) {
    closures.push_back(observed(new_year));
  }
  if (year >= 1998) closures.push_back(nth(3, Weekday::kMonday, year, 1));  // Martin Luther King
  closures.push_back(nth(3, Weekday::kMonday, year, 2));                    // Washington
  closures.push_back({easter_sunday(year).days - 2});                       // Good Friday
  closures.push_back(first_on_or_after(make_date(year, 5, 25), Weekday::kMonday));  // Memorial Day
  if (year >= 2022) closures.push_back(observed(make_date(year, 6, 19)));           // Juneteenth
  closures.push_back(observed(make_date(year, 7, 4)));
  closures.push_back(nth(1, Weekday::kMonday, year, 9));  // Labor Day
  closures.push_back(thanksgiving(year));
  closures.push_back(observed(make_date(year, 12, 25)));
}

void add_early_closes(int year, std::vector<EarlyClose>& days) {
  const minutes close = year >= 1993 ? at(13, 0) : at(14, 0);
  if (year >= 1992) days.push_back({{thanksgiving(year).days + 1}, close});

  // On a Friday, Christmas Eve is itself the holiday kept for a Christmas on Saturday.
  if (const Date eve = make_date(year, 12, 24); weekday(eve) <= Weekday::kThursday) {
    days.push_back({eve, close});
  }
  if (year < 1995) return;
  // Until 2012 a Fourth of July on Thursday shortened the Friday after it, since 2013 the Wednesday
  // before.
  const Date july_third = make_date(year, 7, 3);
  const Weekday day = weekday(july_third);
  if (day == Weekday::kWednesday && year < 2013) {
    days.push_back({make_date(year, 7, 5), close});
  } else if (day <= Weekday::kThursday) {
    days.push_back({july_third, close});
  }
}

}  // namespace

CalendarDays nyse_days() {
  CalendarDays days{
      .name = "NYSE", .first = make_date(kFirstYear, 1, 1), .last = make_date(kLastYear, 12, 31)};
  for (int year = kFirstYear; year <= kLastYear; ++year) {
    add_holidays(year, days.closures);
    add_early_closes(year, days.early_closes);
  }
  for (const auto& [year, month, day] : kUnscheduled) {
    days.closures.push_back(make_date(year, month, day));
  }
  for (const auto& [year, month, day, close] : kEarlyOnRecord) {
    days.early_closes.push_back({make_date(year, month, day), close});
  }
  std::sort(days.closures.begin(), days.closures.end());
  std::sort(days.early_closes.begin(), days.early_closes.end());
  return days;
}

}  // namespace tickwerk::market
