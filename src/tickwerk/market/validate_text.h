// A validation report as text for people (Markdown tables) and as JSON for programs. Used by `load`
// for its messages, by `tickwerk data validate` and by reports; judges nothing and prints nothing.
// Format: docs/formats/validation.md.
#pragma once

#include <string>

#include "tickwerk/market/bars.h"
#include "tickwerk/market/validate.h"

namespace tickwerk::market {

/// `AVB 2010-09-16: outside_range, close 0.8997 outside 89.844 to 90.843 (row 4 of a.csv)`.
std::string sentence(const Finding& finding, const Bars& bars);

/// What was found: a summary line, the rules with their counts, then one line per symbol and rule
/// with the first dates and rows. Ends in a newline.
std::string validation_table(const ValidationReport& report, const Bars& bars);

/// The same with every finding; keys sorted, two spaces of indentation, ends in a newline.
std::string validation_json(const ValidationReport& report, const Bars& bars);

}  // namespace tickwerk::market
