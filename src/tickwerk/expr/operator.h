// The registry of operators: one entry per operator drives the checker, the planner, `expr ops`,
// the reference in docs/language.md, completion and the tests of properties. To add an operator:
// one entry beside its kernel (operators_*.cpp); its properties are tested without another line.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tickwerk/expr/reach.h"
#include "tickwerk/kernel/tile.h"

namespace tickwerk::expr {

enum class OperatorKind { kElementWise, kTimeSeries, kCrossSectional };

enum class ParameterKind {
  kSeries,     // a number per symbol and bar (or per day, or a constant); a condition counts as 0/1
  kCondition,  // true, false or NaN per symbol and bar
  kGroup,      // a group field: `by=sector`
  kNumber,     // a constant
  kWindow,     // a constant whole number of bars, >= 1
  kCount,      // a constant whole number, >= 0
  kBars,       // a constant whole number of bars of either sign: + is ahead (only of offsets)
};

struct Parameter {
  std::string_view name;
  ParameterKind kind = ParameterKind::kSeries;
  /// What stands there when the argument is left out: a number, the name of an earlier parameter
  /// (`min_count=n`), or a field for a series. Empty = required.
  std::string_view default_text = {};
  /// Bounds of numbers.
  double low = -1e300;
  double high = 1e300;
  /// One or more arguments of this kind; the last parameter that is not a group.
  bool repeats = false;
  /// May be left out, and is then no input at all (groups, and what repeats).
  bool optional = false;
};

/// How a factor on all prices of one symbol (an adjustment) passes through the operator: by that,
/// an expression that depends on the level of adjusted prices is found.
enum class Scaling {
  kLinear,     // result scales as the first series input
  kSquare,     // result scales as its square
  kInvariant,  // result does not change, whatever the scale
  kProduct,    // exponents add up over the series inputs
  kQuotient,   // exponent of the first less that of the second
  kSum,        // all series inputs must scale alike, result as they do (also min, max, where)
  kCompare,    // all series inputs must scale alike, result does not scale
  kLogarithm,  // the logarithm of the factor is added
  kSymbols,    // compares symbols: must not scale at all
  kNonlinear,  // must not scale at all
};

enum class ResultType { kNumber, kCondition };
enum class ResultShape { kAsInputs, kDaily };

/// What docs/language.md prints of an operator. Whole sentences without full stops at the end.
struct OperatorText {
  std::string_view summary;       // one line
  std::string_view formula;       // in the notation of docs/language.md
  std::string_view nan;           // NaN and gap rule, minimum counts
  std::string_view details = {};  // seed, degrees of freedom, ties, where they apply
  std::string_view source = {};   // paper, book, or the library it agrees with
};

struct Operator {
  std::string_view name;  // hidden from users when it begins with '$'
  OperatorKind kind = OperatorKind::kElementWise;
  std::vector<Parameter> parameters;
  OperatorText text;
  Scaling scaling = Scaling::kNonlinear;
  ResultType type = ResultType::kNumber;
  ResultShape shape = ResultShape::kAsInputs;
  bool keeps_conditions = false;  // of inputs that are all conditions makes one (offset, where)

  /// Exactly one of the three: kernels get the series, conditions and groups as inputs (in the
  /// order of the parameters) and all numbers as constants (in the order of the parameters).
  kernel::TileKernel tile = nullptr;  // element-wise and time-series
  kernel::RowKernel row = nullptr;    // cross-sectional
  /// Right-hand side in the language itself, over the names of the parameters.
  std::string_view definition = {};

  /// Own reach from the constants; null = the bar itself.
  Reach (*reach)(const double* constants) = nullptr;
  std::size_t num_state = 0;     // doubles a lane that the tile kernel carries from bar to bar
  std::size_t scratch_rows = 0;  // of row kernels
  /// Estimated nanoseconds per value on one core, from the constants; null = 0.3.
  double (*cost)(const double* constants) = nullptr;
};

/// All operators, sorted by name.
std::span<const Operator> operators();

/// Null when there is none.
const Operator* find_operator(std::string_view name);

/// `ts_mean(x, n, min_count=n)`.
std::string signature(const Operator& op);

/// The groups of the registry, one file each; `operators()` joins them.
std::vector<Operator> element_wise_operators();     // operators_element_wise.cpp
std::vector<Operator> window_operators();           // operators_window.cpp
std::vector<Operator> recursive_operators();        // operators_recursive.cpp
std::vector<Operator> cross_sectional_operators();  // operators_cross_sectional.cpp
std::vector<Operator> derived_operators();          // operators_derived.cpp

}  // namespace tickwerk::expr
