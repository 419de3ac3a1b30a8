// Reads the time of a bar from text or from a number: ISO days, ISO timestamps with or without a
// zone, compact days (20240229) and epoch numbers, whose unit their size tells. Used by the
// loaders; guesses nothing: a number that fits no unit, such as one that would fall into 1970, is
// refused with the reason.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tickwerk/base/time.h"

namespace tickwerk::market {

enum class TimeForm {
  kDay,         // 2024-02-29
  kLocal,       // 2024-02-29T09:30:00, no zone
  kZoned,       // with Z or an offset
  kCompactDay,  // 20240229
  kSeconds,     // epoch numbers
  kMilliseconds,
  kMicroseconds,
  kNanoseconds,
};
inline constexpr std::size_t kNumTimeForms = 8;
std::string_view name(TimeForm form) noexcept;

struct ParsedTime {
  TimeForm form = TimeForm::kDay;
  Date day;  // as written, the offset ignored; of the UTC instant for epoch numbers
  std::int64_t ns_of_day = 0;  // as written
  std::int64_t offset_ns = 0;  // local less UTC

  /// Midnight of the day for daily bars, else the instant (times without a zone are UTC).
  Timestamp bar_time(Frequency frequency) const noexcept;
};

/// Empty when the text is no time.
std::optional<ParsedTime> parse_time(std::string_view text) noexcept;

/// A number of a column of whole numbers: an epoch number or a compact day.
std::optional<ParsedTime> parse_time(std::int64_t number) noexcept;

/// An instant in nanoseconds since 1970, of the form kZoned.
ParsedTime time_of_instant(std::int64_t ns) noexcept;

/// Why the text is no time, for the error message: the rule and what was found.
std::string why_no_time(std::string_view text);

/// What the times of one input looked like; gathered by block, merged in order.
struct TimeForms {
  std::array<std::int64_t, kNumTimeForms> first_row{-1, -1, -1, -1,
                                                    -1, -1, -1, -1};  // -1: not seen
  std::int64_t first_ns_of_day = -1;                                  // -1: no row yet
  std::int64_t other_ns_of_day = -1;  // another one, -1 when all bars stand at the same time of day

  void see(const ParsedTime& time, std::int64_t row) noexcept;
  /// `rows_before`: rows of the file before those of `later`.
  void merge(const TimeForms& later, std::int64_t rows_before) noexcept;
  bool saw(TimeForm form) const noexcept { return first_row[static_cast<std::size_t>(form)] >= 0; }
};

}  // namespace tickwerk::market
