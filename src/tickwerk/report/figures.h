// How figures look to people: percentages, ratios, money, counts. Used by the report and the
// summary for stdout; files for programs write numbers with io/number.h. What is missing reads "not
// available".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tickwerk::report {

inline constexpr const char* kNotAvailable = "not available";

/// `1234567.891` with two decimals: `1,234,567.89`.
std::string with_decimals(std::optional<double> value, int decimals);

/// A fraction as `12.34 %`.
std::string percent(std::optional<double> fraction);

/// A number that is in percent already, -29.15 as `-29.15 %`.
std::string percent_points(std::optional<double> value);

/// A fraction with its sign, `+12.34 %`.
std::string signed_percent(std::optional<double> fraction);

/// `12,345`.
std::string count(std::uint64_t value);

/// `1 bar`, `2,520 bars`.
std::string counted(std::uint64_t value, std::string_view noun);

}  // namespace tickwerk::report
