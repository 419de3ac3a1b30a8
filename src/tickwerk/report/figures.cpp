#include "tickwerk/report/figures.h"

#include <fmt/format.h>

#include <cmath>

namespace tickwerk::report {
namespace {

/// Thousands separators for the whole part of a plain decimal text.
std::string grouped(const std::string& digits) {
  const std::size_t begin = digits.find_first_of("0123456789");
  const std::size_t point = digits.find('.');
  const std::size_t end = point == std::string::npos ? digits.size() : point;
  std::string text = digits.substr(0, begin);
  for (std::size_t i = begin; i < end; ++i) {
    if (i > begin && (end - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text + digits.substr(end);
}

std::string decimals_text(double value, int decimals, bool with_sign) {
  std::string digits = fmt::format("{:.{}f}", value, decimals);
  const bool is_zero = digits.find_first_of("123456789") == std::string::npos;
  if (is_zero && digits.front() == '-') digits.erase(0, 1);
  const char* sign = with_sign && !is_zero && value > 0 ? "+" : "";
  return fmt::format("{}{}", sign, grouped(digits));
}

bool missing(std::optional<double> value) { return !value || !std::isfinite(*value); }

}  // namespace

std::string with_decimals(std::optional<double> value, int decimals) {
  return missing(value) ? kNotAvailable : decimals_text(*value, decimals, false);
}

std::string percent(std::optional<double> fraction) {
  return missing(fraction) ? kNotAvailable : decimals_text(100 * *fraction, 2, false) + " %";
}

std::string percent_points(std::optional<double> value) {
  return missing(value) ? kNotAvailable : decimals_text(*value, 2, false) + " %";
}

std::string signed_percent(std::optional<double> fraction) {
  return missing(fraction) ? kNotAvailable : decimals_text(100 * *fraction, 2, true) + " %";
}

std::string count(std::uint64_t value) { return grouped(fmt::format("{}", value)); }

std::string counted(std::uint64_t value, std::string_view noun) {
  return fmt::format("{} {}{}", count(value), noun, value == 1 ? "" : "s");
}

}  // namespace tickwerk::report
