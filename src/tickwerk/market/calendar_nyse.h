// The closures and early closes of the New York Stock Exchange from 1990 to 2035, as data for
// Calendar::nyse(). Kept apart from the calendar so that rules and records with their sources read
// as one page.
#pragma once

#include "tickwerk/market/calendar.h"

namespace tickwerk::market {

CalendarDays nyse_days();

}  // namespace tickwerk::market
