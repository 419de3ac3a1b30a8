// Numbers as text: the form of every float in a CSV, JSON or Markdown file that tickwerk writes.
// Independent of the locale; does not read numbers (see csv.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tickwerk::io {

/// Appends the shortest decimal text that reads back as the same double (`0.1`, `1e+22`); NaN
/// appends nothing.
void append_number(std::string& text, double value);

/// The same for a value rounded to `significant_digits` (1 to 17) decimal digits.
void append_rounded(std::string& text, double value, int significant_digits);

/// As append_number, but `null` for what JSON cannot hold: NaN and the infinities.
void append_json_number(std::string& text, double value);

void append_integer(std::string& text, std::int64_t value);

/// Appends text as a field of a CSV file: quoted where it holds a comma, a quote or a line end.
void append_csv_field(std::string& text, std::string_view field);

}  // namespace tickwerk::io
