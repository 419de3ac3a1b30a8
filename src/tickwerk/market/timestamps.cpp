#include "tickwerk/market/timestamps.h"

#include <fmt/format.h>

#include <charconv>

#include "tickwerk/io/csv.h"

namespace tickwerk::market {
namespace {

constexpr std::int64_t kNsPerSecond = 1'000'000'000;
// Epoch seconds from 1971 on; numbers of the four units up to 2199 then cannot be mistaken for each
// other, nor for a compact day.
constexpr std::int64_t kFirstSecond = 365 * 86'400;
constexpr std::int64_t kLastSecond = 7'226'582'400;

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// Two digits at `text[at]`, -1 when they are none.
int two_digits(std::string_view text, std::size_t at) noexcept {
  if (at + 2 > text.size() || !is_digit(text[at]) || !is_digit(text[at + 1])) return -1;
  return (text[at] - '0') * 10 + (text[at + 1] - '0');
}

/// Z, +hh, +hhmm or +hh:mm; empty when it is none of them.
std::optional<std::int64_t> parse_offset(std::string_view text) noexcept {
  if (text == "Z" || text == "z") return 0;
  if (text.size() < 3 || (text[0] != '+' && text[0] != '-')) return {};
  const int hours = two_digits(text, 1);
  int minutes = 0;
  if (text.size() > 3) {
    const std::size_t at = text[3] == ':' ? 4 : 3;
    minutes = two_digits(text, at);
    if (text.size() != at + 2) return {};
  }
  if (hours < 0 || hours > 15 || minutes < 0 || minutes > 59) return {};
  const std::int64_t ns = (hours * 60 + minutes) * 60 * kNsPerSecond;
  return text[0] == '-' ? -ns : ns;
}

/// hh:mm[:ss[.fraction]] at the start of `text`, which is cut to what follows it.
std::optional<std::int64_t> parse_clock(std::string_view& text) noexcept {
  const int hours = two_digits(text, 0);
  if (hours < 0 || hours > 23 || text.size() < 5 || text[2] != ':') return {};
  const int minutes = two_digits(text, 3);
  if (minutes < 0 || minutes > 59) return {};
  std::int64_t ns = (hours * 60 + minutes) * 60 * kNsPerSecond;
  text.remove_prefix(5);
  if (text.empty() || text[0] != ':') return ns;
  const int seconds = two_digits(text, 1);
  if (seconds < 0 || seconds > 59) return {};
  ns += seconds * kNsPerSecond;
  text.remove_prefix(3);
  if (text.empty() || text[0] != '.') return ns;
  text.remove_prefix(1);
  if (text.empty() || !is_digit(text[0])) return {};
  for (std::int64_t unit = kNsPerSecond / 10; !text.empty() && is_digit(text[0]); unit /= 10) {
    ns += (text[0] - '0') * unit;
    text.remove_prefix(1);
  }
  return ns;
}

/// Whole numbers, also as pandas writes them when a column held NaN: 1577836800.0.
std::optional<std::int64_t> parse_whole(std::string_view text) noexcept {
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc()) return {};
  const std::string_view rest(at, static_cast<std::size_t>(end - at));
  const bool whole = rest.empty() || (rest.size() > 1 && rest[0] == '.' &&
                                      rest.find_first_not_of('0', 1) == std::string_view::npos);
  return whole ? std::optional(value) : std::nullopt;
}

}  // namespace

std::string_view name(TimeForm form) noexcept {
  constexpr std::array<std::string_view, kNumTimeForms> kNames = {
      "ISO days",      "timestamps without a zone", "timestamps with a zone", "days like 20240229",
      "epoch seconds", "epoch milliseconds",        "epoch microseconds",     "epoch nanoseconds"};
  return kNames[static_cast<std::size_t>(form)];
}

Timestamp ParsedTime::bar_time(Frequency frequency) const noexcept {
  if (frequency == Frequency::kDaily) return midnight(day);
  return {midnight(day).ns + ns_of_day - offset_ns};
}

ParsedTime time_of_instant(std::int64_t ns) noexcept {
  const Date day = date_of({ns});
  return {TimeForm::kZoned, day, ns - midnight(day).ns, 0};
}

std::optional<ParsedTime> parse_time(std::int64_t number) noexcept {
  if (number >= 19'000'101 && number <= 21'991'231) {
    char text[12];
    fmt::format_to(text, "{:04}-{:02}-{:02}", number / 10'000, number / 100 % 100, number % 100);
    const auto day = parse_date({text, 10});
    if (!day) return {};
    return ParsedTime{TimeForm::kCompactDay, *day, 0, 0};
  }
  std::int64_t per_second = 1;
  for (const TimeForm form : {TimeForm::kSeconds, TimeForm::kMilliseconds, TimeForm::kMicroseconds,
                              TimeForm::kNanoseconds}) {
    if (number >= kFirstSecond * per_second && number <= kLastSecond * per_second) {
      ParsedTime time = time_of_instant(number * (kNsPerSecond / per_second));
      time.form = form;
      return time;
    }
    per_second *= 1000;
  }
  return {};
}

std::optional<ParsedTime> parse_time(std::string_view text) noexcept {
  text = io::trimmed(text);
  const auto day = parse_date(text.substr(0, 10));
  if (!day) {
    const auto number = parse_whole(text);
    return number ? parse_time(*number) : std::nullopt;
  }
  // Far years do not fit 64 bits of nanoseconds.
  if (*day < make_date(1700, 1, 1) || *day >= make_date(2200, 1, 1)) return {};
  text.remove_prefix(10);
  if (text.empty()) return ParsedTime{TimeForm::kDay, *day, 0, 0};
  if (text[0] != 'T' && text[0] != ' ' && text[0] != 't') return {};
  text.remove_prefix(1);
  const auto clock = parse_clock(text);
  if (!clock) return {};
  text = io::trimmed(text);
  if (text.empty()) return ParsedTime{TimeForm::kLocal, *day, *clock, 0};
  const auto offset = parse_offset(text);
  if (!offset) return {};
  return ParsedTime{TimeForm::kZoned, *day, *clock, *offset};
}

std::string why_no_time(std::string_view text) {
  const std::string_view forms =
      "a timestamp must be an ISO day (2024-02-29), an ISO timestamp or an epoch number in s, ms, "
      "us or ns";
  if (text.empty()) return fmt::format("{}, found none", forms);
  if (const auto number = parse_whole(io::trimmed(text))) {
    if (*number >= 0 && *number < kFirstSecond) {
      return fmt::format("{}, found {}, which read as seconds falls into 1970", forms, text);
    }
    return fmt::format("{}, found {}, which in no unit falls between 1971 and 2199", forms, text);
  }
  return fmt::format("{}, found '{}'", forms, text.substr(0, 40));
}

void TimeForms::see(const ParsedTime& time, std::int64_t row) noexcept {
  std::int64_t& first = first_row[static_cast<std::size_t>(time.form)];
  if (first < 0) first = row;
  if (first_ns_of_day < 0) {
    first_ns_of_day = time.ns_of_day;
  } else if (other_ns_of_day < 0 && time.ns_of_day != first_ns_of_day) {
    other_ns_of_day = time.ns_of_day;
  }
}

void TimeForms::merge(const TimeForms& later, std::int64_t rows_before) noexcept {
  for (std::size_t form = 0; form < kNumTimeForms; ++form) {
    if (first_row[form] < 0 && later.first_row[form] >= 0) {
      first_row[form] = later.first_row[form] + rows_before;
    }
  }
  for (const std::int64_t ns : {later.first_ns_of_day, later.other_ns_of_day}) {
    if (ns < 0) continue;
    if (first_ns_of_day < 0) {
      first_ns_of_day = ns;
    } else if (other_ns_of_day < 0 && ns != first_ns_of_day) {
      other_ns_of_day = ns;
    }
  }
}

}  // namespace tickwerk::market
