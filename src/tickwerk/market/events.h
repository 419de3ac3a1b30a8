// Events by disclosure time, such as earnings, from a CSV or Parquet file `symbol, known_at
// [, event_date], <numeric fields...>`: what `asof(name.field)` of the expression language reads. A
// bar sees what was known at its close and nothing later. Text columns are ignored, and said to be.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tickwerk/market/bars.h"
#include "tickwerk/market/calendar.h"

namespace tickwerk::market {

/// `--events name=path`.
struct EventFile {
  std::string name;
  std::filesystem::path path;
};

/// When a disclosure was made: an instant, or a day of which the time is not known.
struct Disclosure {
  enum class Precision { kDay, kInstant };

  Precision precision = Precision::kDay;
  Date day;        // of the market
  Timestamp time;  // of kInstant
  std::size_t row = 0;
  std::vector<double> values;  // per field, NaN for an empty cell: nothing disclosed
};

struct Events {
  std::string name;
  std::filesystem::path path;
  std::vector<std::string> fields;  // numeric columns: lower case
  std::vector<std::vector<Disclosure>>
      disclosed;                       // per symbol of the bars, in the order of the file
  const Calendar* calendar = nullptr;  // of the market
  Frequency frequency = Frequency::kDaily;
  std::vector<std::string> notes;     // cut by event time, unknown symbols, ignored columns, …
  std::vector<std::string> warnings;  // there are none
};

struct EventOptions {
  std::optional<Date> as_of;  // later disclosures are not read
};

/// Reads the disclosures about the symbols of `bars`. A file without known_at but with event_date
/// is used by that, and said to be cut by event time only. Throws kInvalidArgument (a name the
/// language cannot write), kNotFound, kIo, and kCorruptData with file and row: a column missing, a
/// time that is none or has no zone, a field that is no number or not finite.
Events load_events(const EventFile& file, const Bars& bars, const EventOptions& options = {});

/// [time, symbol]: the value of the latest disclosure that is usable at the close of each bar; NaN
/// before the first, and where it is more than `max_age_days` old (0 = no limit). One made at an
/// instant is usable when that is not after the close of the session (New York: 16:00 or the early
/// close; elsewhere, where the close is not known, from the session after its day in UTC; intraday
/// bars: not after the time of the bar); one of a day only from the next session on. Of disclosures
/// at one time the later row of the file counts: a vendor's revision. An empty cell leaves the
/// value before it. Throws kNotFound with the nearest fields, kInvalidArgument for a negative age.
Panel as_of(const Events& events,
            std::string_view field,
            double max_age_days,
            const std::vector<Timestamp>& times);

}  // namespace tickwerk::market
