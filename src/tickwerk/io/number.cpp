#include "tickwerk/io/number.h"

#include <charconv>
#include <cmath>

namespace tickwerk::io {

void append_number(std::string& text, double value) {
  if (std::isnan(value)) return;
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  text.append(digits, end);
}

void append_rounded(std::string& text, double value, int significant_digits) {
  if (std::isnan(value)) return;
  char digits[40];
  const auto end = std::to_chars(digits, digits + sizeof digits, value, std::chars_format::general,
                                 significant_digits)
                       .ptr;
  double rounded = 0.0;
  std::from_chars(digits, end, rounded);
  append_number(text, std::isfinite(value) ? rounded : value);
}

void append_csv_field(std::string& text, std::string_view field) {
  if (field.find_first_of(",\"\r\n") == std::string_view::npos) {
    text += field;
    return;
  }
  text += '"';
  for (const char c : field) {
    if (c == '"') text += '"';
    text += c;
  }
  text += '"';
}

}  // namespace tickwerk::io
