// The reference of all operators as Markdown, from the registry alone: what docs/language.md holds
// between its two markers and `tickwerk expr ops --markdown` prints. A test compares the two. It
// does not write files.
#pragma once

#include <string>
#include <string_view>

#include "tickwerk/expr/operator.h"

namespace tickwerk::expr {

/// The lines of docs/language.md that the reference stands between.
inline constexpr std::string_view kReferenceBegin =
    "<!-- written by `tickwerk expr ops --markdown`: begin -->";
inline constexpr std::string_view kReferenceEnd =
    "<!-- written by `tickwerk expr ops --markdown`: end -->";

/// How a user writes a call of the operator, every argument without a default given: windows 20,
/// other whole numbers 5, series close and volume. Of symbols an expression: `close + volume`.
std::string sample_call(const Operator& op);

/// What the sample call reads and its estimated cost, with a window also that of 250 bars.
std::string reach_and_cost(const Operator& op);

/// One section per kind of operator, one entry per operator; ends with a line feed.
std::string operator_reference();

}  // namespace tickwerk::expr
