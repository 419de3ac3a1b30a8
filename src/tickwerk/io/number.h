// Numbers and names as text: the form of every float in a CSV or Markdown file that tickwerk
// writes, and of a field of a CSV. Independent of the locale; does not read them (see csv.h).
#pragma once

#include <string>
#include <string_view>

namespace tickwerk::io {

/// Appends the shortest decimal text that reads back as the same double (`0.1`, `1e+22`); NaN
/// appends nothing.
void append_number(std::string& text, double value);

/// The same for a value rounded to `significant_digits` (1 to 17) decimal digits.
void append_rounded(std::string& text, double value, int significant_digits);

/// Appends text as a field of a CSV file: quoted where it holds a comma, a quote or a line end.
void append_csv_field(std::string& text, std::string_view field);

}  // namespace tickwerk::io
