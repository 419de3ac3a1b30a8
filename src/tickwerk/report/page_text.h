// Text and numbers inside an HTML page: escaped for HTML, as JSON that no script tag can end, and
// as cells of a table. Used by the page; knows no layout.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "tickwerk/report/page_chart.h"

namespace tickwerk::report {

/// Appends text as HTML text or the value of an attribute in double quotes.
void append_html(std::string& out, std::string_view text);
std::string html_text(std::string_view text);

/// A figure as it reads on a page: `-1.5 %` with a minus sign in place of the hyphen.
std::string with_minus_sign(std::string_view figure);
/// The same for every figure of a sentence, which holds no expressions.
std::string with_minus_signs(std::string_view sentence);

/// Appends a JSON string without `<`, so that it may stand in a script element.
void append_json(std::string& out, std::string_view text);

/// Appends `[1,2.5,null]`: seven significant digits, null for what is not finite.
void append_json(std::string& out, std::span<const double> values);

/// Decimals of a column in a table: two for percent, one for basis points, else as many as give the
/// largest value six significant digits (at most 8), less those that are zero in all values.
int decimals_for(Unit unit, std::span<const double> values);

/// A value as the cell of a table, a dash when it is not finite; with an exponent from 1e15 on, and
/// below 1e-6 where eight decimals do not suffice.
std::string cell_text(double value, Unit unit, int decimals);

}  // namespace tickwerk::report
