#include "tickwerk/market/events.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <span>

#include "tickwerk/base/error.h"
#include "tickwerk/base/nearest.h"
#include "tickwerk/io/csv.h"
#include "tickwerk/market/columns.h"
#include "tickwerk/market/records.h"
#include "tickwerk/market/session_close.h"
#include "tickwerk/market/timestamps.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::market {
namespace {

constexpr std::size_t kShownSymbols = 8;

enum class KnownBy { kKnownAt, kEventDate };

/// A column that may turn out to be numeric.
struct Field {
  std::size_t index = 0;
  std::string name;
  std::size_t num_numbers = 0;
  std::size_t text_row = 0;  // the first that is no number, 0: none
  std::string text;
};

bool is_identifier(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (name.empty() || (!letter(name[0]) && name[0] != '_')) return false;
  return std::all_of(name.begin(), name.end(),
                     [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_'; });
}

std::string shown(const std::map<std::string, std::size_t>& symbols) {
  std::vector<std::string> names;
  for (const auto& [symbol, rows] : symbols) {
    if (names.size() == kShownSymbols) break;
    names.push_back(symbol);
  }
  return fmt::format("{}{}", fmt::join(names, ", "), symbols.size() > names.size() ? ", ..." : "");
}

class Reader {
 public:
  Reader(const EventFile& file, const Bars& bars, const EventOptions& options)
      : bars_(bars), options_(options) {
    events_.name = file.name;
    events_.path = file.path;
    events_.calendar = &calendar_for(bars);
    events_.frequency = bars.frequency;
    events_.disclosed.resize(bars.num_symbols());
  }

  Events read() {
    read_records(
        events_.path, [this](const RecordColumns& columns) { match(columns); },
        [this](std::span<const std::string_view> cells, std::size_t row) { add(cells, row); });
    take_midnights_as_days();
    drop_later();
    keep_numeric();
    write_notes();
    return std::move(events_);
  }

 private:
  void match(const RecordColumns& columns) {
    std::optional<std::size_t> symbol;
    std::optional<std::size_t> known;
    for (std::size_t i = 0; i < columns.names.size(); ++i) {
      const std::string& name = columns.names[i];
      if (name.empty()) continue;  // the index that pandas writes
      if (names_symbol(name)) {
        symbol = i;
      } else if (name == "known_at") {
        known = i;
      } else if (name == "event_date") {
        event_date_ = i;
      } else {
        fields_.push_back({.index = i, .name = name, .text = {}});
      }
    }
    if (!symbol || (!known && !event_date_)) {
      throw Error(Code::kCorruptData,
                  fmt::format("events must have the columns symbol and known_at (or event_date), "
                              "found {}",
                              fmt::join(columns.names, ", ")));
    }
    symbol_ = *symbol;
    known_by_ = known ? KnownBy::kKnownAt : KnownBy::kEventDate;
    known_ = known ? *known : *event_date_;
  }

  void add(std::span<const std::string_view> cells, std::size_t row) {
    ++num_rows_;
    if (cells[symbol_].empty()) throw Error(Code::kCorruptData, "a symbol must not be empty");
    if (event_date_ && !cells[*event_date_].empty() && !parse_time(cells[*event_date_])) {
      throw Error(Code::kCorruptData, why_no_time(cells[*event_date_]));
    }
    Disclosure disclosure = time_of(cells[known_]);
    disclosure.row = row;
    for (Field& field : fields_) disclosure.values.push_back(number_of(field, cells, row));
    const std::size_t column = bars_.column(cells[symbol_]);
    if (column == bars_.num_symbols()) {
      ++unknown_[std::string(cells[symbol_])];
    } else {
      events_.disclosed[column].push_back(std::move(disclosure));
    }
  }

  Disclosure time_of(std::string_view text) {
    const std::string_view column =
        known_by_ == KnownBy::kKnownAt ? std::string_view("known_at") : "event_date";
    if (text.empty()) {
      throw Error(Code::kCorruptData,
                  fmt::format("a disclosure must have a {}, found none", column));
    }
    const auto time = parse_time(text);
    if (!time) throw Error(Code::kCorruptData, why_no_time(text));
    Disclosure disclosure;
    if (time->form == TimeForm::kDay || time->form == TimeForm::kCompactDay) {
      disclosure.day = time->day;
      return disclosure;
    }
    if (time->form == TimeForm::kLocal) {
      throw Error(
          Code::kCorruptData,
          fmt::format("a timestamp of {} must have a zone (Z, -05:00), found '{}'", column, text));
    }
    disclosure.precision = Disclosure::Precision::kInstant;
    disclosure.time = time->bar_time(Frequency::kFiveMinutes);
    disclosure.day = market_day(*events_.calendar, disclosure.time);
    all_midnight_ = all_midnight_ && disclosure.time == midnight(date_of(disclosure.time));
    any_instant_ = true;
    return disclosure;
  }

  double number_of(Field& field, std::span<const std::string_view> cells, std::size_t row) {
    const std::string_view text = cells[field.index];
    if (text.empty()) return kNaN;
    const std::optional<double> number = io::parse_number(text);
    if (!number) {
      if (field.num_numbers > 0) fail_number(field.name, text);
      if (field.text_row == 0) {
        field.text_row = row;
        field.text = text.substr(0, 40);
      }
      return kNaN;
    }
    if (std::isinf(*number)) {
      throw Error(Code::kCorruptData,
                  fmt::format("a value of {} must be finite, found '{}'", field.name, text));
    }
    if (std::isnan(*number)) return kNaN;
    ++field.num_numbers;
    return *number;
  }

  [[noreturn]] static void fail_number(std::string_view field, std::string_view text) {
    throw Error(Code::kCorruptData, fmt::format("a value of {} must be a number, found '{}'", field,
                                                text.substr(0, 40)));
  }

  /// Days that went through a program which knows timestamps only: read as instants they would be
  /// known a day too early west of Greenwich.
  void take_midnights_as_days() {
    if (!any_instant_ || !all_midnight_) return;
    for (auto& disclosed : events_.disclosed) {
      for (Disclosure& disclosure : disclosed) {
        if (disclosure.precision == Disclosure::Precision::kDay) continue;
        disclosure.precision = Disclosure::Precision::kDay;
        disclosure.day = date_of(disclosure.time);
      }
    }
    events_.notes.push_back(
        fmt::format("every timestamp of {} is midnight UTC: they are taken as days, usable from "
                    "the next session on",
                    file()));
  }

  void drop_later() {
    if (!options_.as_of) return;
    for (auto& disclosed : events_.disclosed) {
      std::erase_if(disclosed, [this](const Disclosure& one) { return one.day > *options_.as_of; });
    }
  }

  void keep_numeric() {
    std::vector<std::size_t> kept;
    std::vector<std::string> text;
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      const Field& field = fields_[i];
      if (field.text_row == 0) {
        kept.push_back(i);
        events_.fields.push_back(field.name);
      } else if (field.num_numbers == 0) {
        text.push_back(field.name);
      } else {
        throw Error(Code::kCorruptData,
                    fmt::format("a value of {} must be a number, found '{}', reading {}, row {}",
                                field.name, field.text, events_.path.string(), field.text_row));
      }
    }
    if (!text.empty()) {
      events_.notes.push_back(fmt::format("columns of {} that hold text are ignored: {}", file(),
                                          fmt::join(text, ", ")));
      for (auto& disclosed : events_.disclosed) {
        for (Disclosure& disclosure : disclosed) {
          std::vector<double> values;
          for (const std::size_t i : kept) values.push_back(disclosure.values[i]);
          disclosure.values = std::move(values);
        }
      }
    }
    if (!events_.fields.empty()) return;
    throw Error(Code::kCorruptData, fmt::format("events must have a column of numbers, found none, "
                                                "reading {}",
                                                events_.path.string()));
  }

  void write_notes() {
    if (known_by_ == KnownBy::kEventDate) {
      events_.notes.push_back(
          fmt::format("{} has no known_at: cut by event time only, which may be long before anyone "
                      "knew",
                      file()));
    }
    if (num_rows_ == 0) {
      events_.warnings.push_back(
          fmt::format("{} has 0 events: whatever is asked of {} is missing", file(), events_.name));
    }
    if (!unknown_.empty()) {
      std::size_t rows = 0;
      for (const auto& [symbol, count] : unknown_) rows += count;
      events_.notes.push_back(
          fmt::format("{} of {} events of {} are of {} symbols that have no bars: {}", rows,
                      num_rows_, file(), unknown_.size(), shown(unknown_)));
    }
    const bool hours_unknown = any_instant_ && !all_midnight_ &&
                               events_.frequency == Frequency::kDaily &&
                               !session_close(*events_.calendar, date_of(bars_.times.front()));
    if (hours_unknown) {
      events_.notes.push_back(
          fmt::format("the closing time of the market is not known: disclosures of {} count from "
                      "the session after their day in UTC",
                      file()));
    }
  }

  std::string file() const { return events_.path.filename().string(); }

  const Bars& bars_;
  const EventOptions& options_;
  Events events_;
  std::vector<Field> fields_;
  std::size_t symbol_ = 0;
  std::size_t known_ = 0;
  std::optional<std::size_t> event_date_;
  KnownBy known_by_ = KnownBy::kKnownAt;
  std::size_t num_rows_ = 0;
  bool any_instant_ = false;
  bool all_midnight_ = true;
  std::map<std::string, std::size_t> unknown_;
};

/// Disclosures about one symbol at one time, of which the later row of the file counts.
void note_revisions(Events& events, const Bars& bars) {
  std::size_t num_revised = 0;
  std::string first;
  for (std::size_t s = 0; s < events.disclosed.size(); ++s) {
    const std::vector<Disclosure>& disclosed = events.disclosed[s];
    for (std::size_t i = 1; i < disclosed.size(); ++i) {
      const Disclosure& earlier = disclosed[i - 1];
      const Disclosure& later = disclosed[i];
      const bool at_one_time = earlier.precision == later.precision && earlier.day == later.day &&
                               earlier.time == later.time;
      if (!at_one_time) continue;
      if (num_revised++ == 0) {
        first = fmt::format("{} in rows {} and {}", bars.symbols[s], earlier.row, later.row);
      }
    }
  }
  if (num_revised == 0) return;
  events.notes.push_back(
      fmt::format("{} events of {} were disclosed at the same time as another of their symbol: the "
                  "later row counts (first: {})",
                  num_revised, events.path.filename().string(), first));
}

/// The last instant whose disclosures a bar may use, and its day.
struct Cut {
  Timestamp instant;  // included
  Date day;           // days before it
};

std::vector<Cut> cuts_of(const Events& events, const std::vector<Timestamp>& times) {
  std::vector<Cut> cuts;
  cuts.reserve(times.size());
  for (const Timestamp time : times) {
    if (events.frequency != Frequency::kDaily) {
      cuts.push_back({time, market_day(*events.calendar, time)});
      continue;
    }
    const Date day = date_of(time);
    // Without a known close: before the day begins in UTC, which is before any market's close.
    const Timestamp last{midnight(day).ns - 1};
    cuts.push_back({session_close(*events.calendar, day).value_or(last), day});
  }
  return cuts;
}

bool usable(const Disclosure& disclosure, const Cut& cut) {
  return disclosure.precision == Disclosure::Precision::kInstant ? disclosure.time <= cut.instant
                                                                 : disclosure.day < cut.day;
}

/// In the order in which they became known; of one time in the order of the file. A day counts as
/// its end.
bool known_before(const Disclosure& a, const Disclosure& b) {
  if (a.day != b.day) return a.day < b.day;
  if (a.precision != b.precision) return a.precision == Disclosure::Precision::kInstant;
  if (a.precision == Disclosure::Precision::kInstant && a.time != b.time) return a.time < b.time;
  return a.row < b.row;
}

}  // namespace

Events load_events(const EventFile& file, const Bars& bars, const EventOptions& options) {
  TW_ZONE("load_events");
  if (!is_identifier(file.name)) {
    throw Error(Code::kInvalidArgument,
                fmt::format("a name of events must be letters, digits and _, found '{}' for {}",
                            file.name, file.path.string()));
  }
  Events events = Reader(file, bars, options).read();
  for (auto& disclosed : events.disclosed) {
    std::sort(disclosed.begin(), disclosed.end(), known_before);
  }
  note_revisions(events, bars);
  return events;
}

Panel as_of(const Events& events,
            std::string_view field,
            double max_age_days,
            const std::vector<Timestamp>& times) {
  const auto found = std::find(events.fields.begin(), events.fields.end(), field);
  if (found == events.fields.end()) {
    throw Error(Code::kNotFound,
                fmt::format("a field of events must be a column of numbers in {}, found no '{}' "
                            "among {}{}",
                            events.path.string(), field, fmt::join(events.fields, ", "),
                            nearest_hint(field, events.fields)));
  }
  if (!(max_age_days >= 0)) {
    throw Error(Code::kInvalidArgument,
                fmt::format("max_age must be a number of days of at least 0, found {} for {}.{}",
                            max_age_days, events.name, field));
  }
  const auto column = static_cast<std::size_t>(found - events.fields.begin());
  const std::vector<Cut> cuts = cuts_of(events, times);
  Panel values(times.size(), events.disclosed.size(), kNaN);
  for (std::size_t s = 0; s < events.disclosed.size(); ++s) {
    const std::vector<Disclosure>& disclosed = events.disclosed[s];
    std::size_t next = 0;
    const Disclosure* latest = nullptr;
    for (std::size_t t = 0; t < times.size(); ++t) {
      for (; next < disclosed.size() && usable(disclosed[next], cuts[t]); ++next) {
        if (!std::isnan(disclosed[next].values[column])) latest = &disclosed[next];
      }
      if (latest == nullptr) continue;
      const int age = cuts[t].day.days - latest->day.days;
      if (max_age_days == 0 || age <= max_age_days) values(t, s) = latest->values[column];
    }
  }
  return values;
}

}  // namespace tickwerk::market
