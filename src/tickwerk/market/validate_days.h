// What the calendar says of each row of a panel, worked out once for all symbols: kind of day and
// number of sessions before it. Used by `validate_and_mask` only.
#pragma once

#include <utility>
#include <vector>

#include "tickwerk/market/bars.h"
#include "tickwerk/market/calendar.h"

namespace tickwerk::market {

enum class DayKind : unsigned char { kSession, kWeekend, kHoliday };

struct DayFacts {
  const Calendar* calendar = nullptr;
  int shortest_gap = 1;        // sessions in a row that count as missing
  std::vector<DayKind> kinds;  // per row; kWeekend only in markets that do not trade on weekends
  std::vector<int> before;     // sessions the calendar knows before the row's day
  std::vector<int> through;    // the same, the day included

  /// Sessions strictly between two rows, 0 when there are too few to count.
  int num_missing(std::size_t row, std::size_t later_row) const noexcept {
    const int missing = before[later_row] - through[row];
    return missing >= shortest_gap ? missing : 0;
  }

  /// First and last of the sessions strictly between two days; there must be one.
  std::pair<Date, Date> missing_between(Date day, Date later_day) const;
};

DayFacts days_of(const Bars& bars);

}  // namespace tickwerk::market
