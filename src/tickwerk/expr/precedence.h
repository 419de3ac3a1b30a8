// How tightly the parts of an expression bind: what the parser reads and the text of a graph
// writes. Internal to `expr`.
#pragma once

namespace tickwerk::expr {

/// A part of a higher level is an operand of one of a lower level without parentheses.
enum Level : int {
  kAnyLevel = 0,
  kOrLevel,
  kAndLevel,
  kNotLevel,
  kComparisonLevel,
  kSumLevel,
  kProductLevel,
  kSignLevel,
  kPowerLevel,
  kPostfixLevel,
};

}  // namespace tickwerk::expr
