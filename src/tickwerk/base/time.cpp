#include "tickwerk/base/time.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

namespace tickwerk {
namespace {

using std::chrono::sys_days;

std::optional<int> digits(std::string_view text) noexcept {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.front() == '-') return {};
  return value;
}

}  // namespace

Date make_date(int year, int month, int day) noexcept {
  const sys_days days = std::chrono::year{year} / month / day;
  return {static_cast<std::int32_t>(days.time_since_epoch().count())};
}

YearMonthDay year_month_day(Date date) noexcept {
  const std::chrono::year_month_day civil{sys_days{std::chrono::days{date.days}}};
  return {static_cast<int>(civil.year()), static_cast<int>(static_cast<unsigned>(civil.month())),
          static_cast<int>(static_cast<unsigned>(civil.day()))};
}

Weekday weekday(Date date) noexcept {
  const std::chrono::weekday day{sys_days{std::chrono::days{date.days}}};
  return static_cast<Weekday>(day.iso_encoding() - 1);
}

Date date_of(Timestamp time) noexcept {
  std::int64_t days = time.ns / kNsPerDay;
  if (time.ns % kNsPerDay < 0) --days;
  return {static_cast<std::int32_t>(days)};
}

Timestamp midnight(Date date) noexcept { return {date.days * kNsPerDay}; }

std::optional<Date> parse_date(std::string_view text) noexcept {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return {};
  const auto year = digits(text.substr(0, 4));
  const auto month = digits(text.substr(5, 2));
  const auto day = digits(text.substr(8, 2));
  if (!year || !month || !day) return {};
  const auto civil = std::chrono::year{*year} / *month / *day;
  if (!civil.ok()) return {};
  return make_date(*year, *month, *day);
}

std::string to_string(Date date) {
  const auto [year, month, day] = year_month_day(date);
  return fmt::format("{:04}-{:02}-{:02}", year, month, day);
}

std::string to_string(Timestamp time, Frequency frequency) {
  const Date date = date_of(time);
  if (frequency == Frequency::kDaily) return to_string(date);
  const std::int64_t ns = time.ns - midnight(date).ns;
  const std::int64_t seconds = ns / 1'000'000'000;
  std::string text = fmt::format("{}T{:02}:{:02}:{:02}", to_string(date), seconds / 3600,
                                 seconds / 60 % 60, seconds % 60);
  if (const std::int64_t fraction = ns % 1'000'000'000; fraction != 0) {
    text += fmt::format(".{:09}", fraction);
    text.erase(text.find_last_not_of('0') + 1);
  }
  return text + "Z";
}

double periods_per_year(Frequency frequency) noexcept {
  return frequency == Frequency::kDaily ? 252.0 : 252.0 * 78.0;
}

std::string_view suffix(Frequency frequency) noexcept {
  return frequency == Frequency::kDaily ? "1d" : "5min";
}

}  // namespace tickwerk
