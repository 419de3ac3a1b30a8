#include "tickwerk/market/validate_days.h"

#include <algorithm>

namespace tickwerk::market {
namespace {

constexpr int kShortestUnknownGap = 6;  // weekdays in a row, where holidays are not known
constexpr std::size_t kRowsToKnowTheWeek = 60;

bool is_weekend(Date date) noexcept { return weekday(date) >= Weekday::kSaturday; }

/// Markets without weekends (crypto currencies) or with another one show it in many rows.
bool trades_on_weekends(const Bars& bars) {
  const auto weekends = std::count_if(bars.times.begin(), bars.times.end(),
                                      [](Timestamp time) { return is_weekend(date_of(time)); });
  return bars.num_rows() >= kRowsToKnowTheWeek &&
         static_cast<std::size_t>(weekends) * 10 >= bars.num_rows();
}

}  // namespace

std::pair<Date, Date> DayFacts::missing_between(Date day, Date later_day) const {
  const Date before_first{calendar->first().days - 1};
  const Date after_last{calendar->last().days + 1};
  const Date first{std::max(day, before_first).days + 1};
  const Date last{std::min(later_day, after_last).days - 1};
  return {calendar->is_session(first) ? first : calendar->next_session(first),
          calendar->is_session(last) ? last : calendar->previous_session(last)};
}

DayFacts days_of(const Bars& bars) {
  DayFacts facts;
  facts.calendar = &calendar_for(bars);
  const Calendar& calendar = *facts.calendar;
  const bool is_nyse = facts.calendar == &Calendar::nyse();
  if (!is_nyse) facts.shortest_gap = kShortestUnknownGap;
  const bool weekends_trade = trades_on_weekends(bars);

  const Date first = calendar.first();
  const Date end{calendar.last().days + 1};
  for (const Timestamp time : bars.times) {
    const Date date = date_of(time);
    DayKind kind = DayKind::kSession;
    if (is_weekend(date)) {
      if (!weekends_trade) kind = DayKind::kWeekend;
    } else if (calendar.covers(date) && !calendar.is_session(date)) {
      kind = DayKind::kHoliday;
    }
    facts.kinds.push_back(kind);
    facts.before.push_back(calendar.num_sessions(first, std::clamp(date, first, end)));
    facts.through.push_back(
        calendar.num_sessions(first, std::clamp(Date{date.days + 1}, first, end)));
  }
  return facts;
}

}  // namespace tickwerk::market
