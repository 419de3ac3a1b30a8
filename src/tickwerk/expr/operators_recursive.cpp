// Recursive operators: they read all bars of the symbol so far through a state. Kernels:
// kernel/tile_recursive.h.
#include <limits>

#include "tickwerk/expr/operator.h"
#include "tickwerk/kernel/exp_log.h"
#include "tickwerk/kernel/tile_recursive.h"

namespace tickwerk::expr {
namespace {

namespace tile = kernel::tile;

constexpr Parameter kX{.name = "x"};
constexpr Parameter kN{.name = "n", .kind = ParameterKind::kWindow, .low = 1};

Reach forgetting(double weight) {
  constexpr double kLn2 = 0.6931471805599453;
  Reach reach;
  reach.all_history = true;
  reach.half_life = weight < 1 ? kLn2 / -kernel::log(1 - weight) : 0;
  return reach;
}

Reach ema_reach(const double* constants) { return forgetting(2 / (constants[0] + 1)); }

Reach wilder_reach(const double* constants) { return forgetting(1 / constants[0]); }

Reach never_forgetting(const double*) {
  Reach reach;
  reach.all_history = true;
  reach.half_life = std::numeric_limits<double>::infinity();
  return reach;
}

Operator recursive(std::string_view name,
                   std::vector<Parameter> parameters,
                   kernel::TileKernel tile,
                   std::size_t num_state,
                   OperatorText text) {
  Operator op;
  op.name = name;
  op.kind = OperatorKind::kTimeSeries;
  op.parameters = std::move(parameters);
  op.tile = tile;
  op.num_state = num_state;
  op.text = text;
  op.scaling = Scaling::kLinear;
  op.reach = never_forgetting;
  op.cost = [](const double*) { return 0.4; };
  return op;
}

void add_means(std::vector<Operator>& all) {
  Operator ema =
      recursive("ema", {kX, kN}, tile::ema, tile::kMeanState,
                {"Exponential mean", "e = e_before + 2 / (n + 1) * (x - e_before)",
                 "a NaN bar gives NaN and leaves the mean as it was; NaN until n values were seen",
                 "Begins with the first value; the mean of a constant is that constant",
                 "pandas ewm(span=n, adjust=False) where no bar is missing"});
  ema.reach = ema_reach;
  all.push_back(std::move(ema));
  Operator wilder =
      recursive("wilder", {kX, kN}, tile::wilder, tile::kMeanState,
                {"Wilder's mean", "e = e_before + (x - e_before) / n",
                 "a NaN bar gives NaN and leaves the mean as it was; NaN until n values were seen",
                 "Begins with the simple mean of the first n values",
                 "Wilder (1978), \"New Concepts in Technical Trading Systems\""});
  wilder.reach = wilder_reach;
  all.push_back(std::move(wilder));
}

void add_conditions(std::vector<Operator>& all) {
  Operator latch = recursive("latch",
                             {{.name = "enter", .kind = ParameterKind::kCondition},
                              {.name = "exit", .kind = ParameterKind::kCondition}},
                             tile::latch, tile::kLatchState,
                             {"Held from the bar on which enter is true until exit is true",
                              "exit ? false : (enter ? true : as before)",
                              "never NaN: a bar whose exit is NaN, or whose enter is NaN while "
                              "exit is false, leaves it as "
                              "it was",
                              "false before the first enter; exit wins when both are true"});
  latch.type = ResultType::kCondition;
  latch.scaling = Scaling::kInvariant;
  all.push_back(std::move(latch));
  Operator since =
      recursive("bars_since", {{.name = "c", .kind = ParameterKind::kCondition}}, tile::bars_since,
                tile::kBarsSinceState,
                {"Bars since the condition was last true", "0 where c is true, else one more",
                 "NaN before c was first true; a NaN of c counts as not true"});
  since.scaling = Scaling::kInvariant;
  all.push_back(std::move(since));
}

}  // namespace

std::vector<Operator> recursive_operators() {
  std::vector<Operator> all;
  add_means(all);
  add_conditions(all);
  all.push_back(recursive(
      "cum_sum", {kX}, tile::cumulative_sum, tile::kSumState,
      {"Sum of all values so far", "x_1 + ... + x_t",
       "a NaN bar gives NaN and leaves the sum as it was", "Begins at the symbol's first bar"}));
  all.push_back(
      recursive("last_value", {kX}, tile::last_value, tile::kLastValueState,
                {"The last value that was not missing", "isnan(x) ? as before : x",
                 "NaN before the first value", "Carried over the symbol's own bars, without end"}));
  all.back().keeps_conditions = true;
  return all;
}

}  // namespace tickwerk::expr
