// Element-wise operators: arithmetic, comparison, logic, choice. Kernels:
// kernel/tile_element_wise.h.
#include "tickwerk/expr/operator.h"
#include "tickwerk/kernel/tile_element_wise.h"

namespace tickwerk::expr {
namespace {

namespace tile = kernel::tile;

constexpr std::string_view kAnyNaN = "NaN where an input is NaN";

Parameter series(std::string_view name) { return {.name = name}; }

Parameter condition(std::string_view name) {
  return {.name = name, .kind = ParameterKind::kCondition};
}

Parameter number(std::string_view name) { return {.name = name, .kind = ParameterKind::kNumber}; }

struct Entry {
  std::string_view name;
  std::vector<Parameter> parameters;
  Scaling scaling;
  kernel::TileKernel tile;
  OperatorText text;
};

Operator of_numbers(Entry entry) {
  Operator op;
  op.name = entry.name;
  op.parameters = std::move(entry.parameters);
  op.scaling = entry.scaling;
  op.tile = entry.tile;
  op.text = entry.text;
  op.cost = [](const double*) { return 0.1; };
  return op;
}

Operator with_cost(Operator op, double (*cost)(const double*)) {
  op.cost = cost;
  return op;
}

Operator truth(Entry entry) {
  Operator op = of_numbers(std::move(entry));
  op.type = ResultType::kCondition;
  return op;
}

void add_arithmetic(std::vector<Operator>& all) {
  const std::vector<Parameter> two = {series("a"), series("b")};
  all.push_back(of_numbers({"$add", two, Scaling::kSum, tile::add, {"Sum", "a + b", kAnyNaN}}));
  all.push_back(of_numbers(
      {"$subtract", two, Scaling::kSum, tile::subtract, {"Difference", "a - b", kAnyNaN}}));
  all.push_back(of_numbers(
      {"$multiply", two, Scaling::kProduct, tile::multiply, {"Product", "a * b", kAnyNaN}}));
  all.push_back(
      of_numbers({"$divide",
                  two,
                  Scaling::kQuotient,
                  tile::divide,
                  {"Quotient", "a / b",
                   "NaN where an input is NaN and for 0/0; a/0 is infinite, as in IEEE 754",
                   "ratio(a, b) gives NaN where the divisor is not above 1e-10"}}));
  all.push_back(with_cost(
      of_numbers({"$power",
                  two,
                  Scaling::kNonlinear,
                  tile::power,
                  {"Power", "a ^ b",
                   "NaN where an input is NaN (also nan^0), and for a < 0 with an exponent that is "
                   "no whole number",
                   "Whole exponents up to 64 by repeated multiplication, 0.5 as the square root, "
                   "others as exp(b * log(abs(a))), with an error of about abs(b * log(a)) "
                   "units in the last place"}}),
      [](const double*) { return 2.0; }));
  all.push_back(of_numbers(
      {"$negate", {series("a")}, Scaling::kLinear, tile::negate, {"Negation", "-a", kAnyNaN}}));
}

void add_comparisons(std::vector<Operator>& all) {
  const auto compare = [&all](std::string_view name, kernel::TileKernel tile, OperatorText text) {
    all.push_back(truth({name, {series("a"), series("b")}, Scaling::kCompare, tile, text}));
  };
  compare("$less", tile::less, {"Less", "a < b", kAnyNaN});
  compare("$less_equal", tile::less_equal, {"Less or equal", "a <= b", kAnyNaN});
  compare("$greater", tile::greater, {"Greater", "a > b", kAnyNaN});
  compare("$greater_equal", tile::greater_equal, {"Greater or equal", "a >= b", kAnyNaN});
  constexpr std::string_view kExact =
      "Exact to the last bit: computed numbers are compared as abs(a - b) < 1e-9";
  compare("$equal", tile::equal, {"Equal", "a == b", kAnyNaN, kExact});
  compare("$not_equal", tile::not_equal, {"Not equal", "a != b", kAnyNaN, kExact});
}

void add_logic(std::vector<Operator>& all) {
  const std::vector<Parameter> two = {condition("a"), condition("b")};
  all.push_back(truth({"$and",
                       two,
                       Scaling::kInvariant,
                       tile::logical_and,
                       {"Both are true", "a and b",
                        "false and NaN is false, true and NaN is NaN, NaN and NaN is NaN"}}));
  all.push_back(truth({"$or",
                       two,
                       Scaling::kInvariant,
                       tile::logical_or,
                       {"At least one is true", "a or b",
                        "true or NaN is true, false or NaN is NaN, NaN or NaN is NaN"}}));
  all.push_back(truth({"$not",
                       {condition("a")},
                       Scaling::kInvariant,
                       tile::logical_not,
                       {"The opposite", "not a", "not NaN is NaN"}}));
  all.push_back(of_numbers({"where",
                            {condition("c"), series("a"), series("b")},
                            Scaling::kSum,
                            tile::where,
                            {"a where c is true, b where it is false", "c ? a : b",
                             "NaN where c is NaN; a NaN that is not chosen does not matter"}}));
  all.back().keeps_conditions = true;
  all.push_back(truth({"isnan",
                       {series("x")},
                       Scaling::kInvariant,
                       tile::is_nan,
                       {"Whether a value is missing", "x is NaN", "true where x is NaN"}}));
  all.push_back(of_numbers({"fillna",
                            {series("x"), series("value")},
                            Scaling::kSum,
                            tile::fill_nan,
                            {"x, or another value where it is missing", "isnan(x) ? value : x",
                             "NaN where both are NaN"}}));
  all.back().keeps_conditions = true;
}

void add_functions(std::vector<Operator>& all) {
  const std::vector<Parameter> one = {series("x")};
  all.push_back(of_numbers(
      {"abs", one, Scaling::kLinear, tile::absolute, {"Absolute value", "|x|", kAnyNaN}}));
  all.push_back(of_numbers(
      {"sign", one, Scaling::kInvariant, tile::sign, {"Sign: -1, 0 or 1", "sgn(x)", kAnyNaN}}));
  all.push_back(with_cost(
      of_numbers({"log",
                  one,
                  Scaling::kLogarithm,
                  tile::logarithm,
                  {"Natural logarithm", "ln(x)", "NaN where x is NaN or negative; -inf at 0",
                   "The same bits on every processor, error below 0.85 units in the last "
                   "place"}}),
      [](const double*) { return 0.8; }));
  all.push_back(
      with_cost(of_numbers({"exp",
                            one,
                            Scaling::kNonlinear,
                            tile::exponential,
                            {"Exponential function", "e^x", kAnyNaN,
                             "The same bits on every processor, error below 0.65 units in the last "
                             "place (0.80 where the result is subnormal)"}}),
                [](const double*) { return 0.8; }));
  all.push_back(
      with_cost(of_numbers({"sqrt",
                            one,
                            Scaling::kNonlinear,
                            tile::root,
                            {"Square root", "x ^ 0.5", "NaN where x is NaN or negative"}}),
                [](const double*) { return 0.25; }));
  all.push_back(of_numbers({"floor",
                            one,
                            Scaling::kNonlinear,
                            tile::floor,
                            {"Largest whole number not above x", "floor(x)", kAnyNaN}}));
  Parameter more = series("b");
  more.repeats = true;
  all.push_back(of_numbers({"min",
                            {series("a"), more},
                            Scaling::kSum,
                            tile::smallest,
                            {"Smallest of two or more, bar by bar", "min(a, b, ...)", kAnyNaN,
                             "The least of a window is ts_min(x, n)"}}));
  all.push_back(of_numbers({"max",
                            {series("a"), more},
                            Scaling::kSum,
                            tile::largest,
                            {"Largest of two or more, bar by bar", "max(a, b, ...)", kAnyNaN,
                             "The largest of a window is ts_max(x, n)"}}));
  all.push_back(of_numbers({"clip",
                            {series("x"), number("low"), number("high")},
                            Scaling::kNonlinear,
                            tile::clip,
                            {"x cut to [low, high]", "min(max(x, low), high)", kAnyNaN}}));
  all.push_back(with_cost(
      of_numbers({"signed_power",
                  {series("x"), number("a")},
                  Scaling::kNonlinear,
                  tile::signed_power,
                  {"Power of the size, with the sign of x", "sign(x) * abs(x)^a", kAnyNaN,
                   "0 where x is 0, also for negative a; powers as those of ^",
                   "Kakushadze (2016), \"101 Formulaic Alphas\", appendix A, SignedPower"}}),
      [](const double*) { return 2.0; }));
  all.push_back(of_numbers({"ratio",
                            {series("a"), series("b")},
                            Scaling::kQuotient,
                            tile::ratio,
                            {"Quotient with a guard", "b > 1e-10 ? a / b : nan",
                             "NaN where an input is NaN or the divisor is not above 1e-10"}}));
}

}  // namespace

std::vector<Operator> element_wise_operators() {
  std::vector<Operator> all;
  add_arithmetic(all);
  add_comparisons(all);
  add_logic(all);
  add_functions(all);
  return all;
}

}  // namespace tickwerk::expr
