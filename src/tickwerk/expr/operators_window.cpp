// Windowed operators and offsets. Kernels: kernel/tile_window.h, kernel/tile_offset.h.
#include "tickwerk/expr/operator.h"
#include "tickwerk/kernel/tile_offset.h"
#include "tickwerk/kernel/tile_window.h"

namespace tickwerk::expr {
namespace {

namespace tile = kernel::tile;

constexpr std::string_view kLeftOut =
    "NaN values are left out; NaN where fewer than min_count are left";
constexpr std::string_view kOneNaN = "one NaN in the window gives NaN";

constexpr Parameter kX{.name = "x"};
constexpr Parameter kY{.name = "y"};
constexpr Parameter kN{.name = "n", .kind = ParameterKind::kWindow, .low = 1};
constexpr Parameter kMinCount{
    .name = "min_count", .kind = ParameterKind::kCount, .default_text = "n", .low = 1};
constexpr Parameter kDdof{
    .name = "ddof", .kind = ParameterKind::kCount, .default_text = "1", .low = 0, .high = 1};

Reach last_bars(const double* constants) {
  return {.lookback = static_cast<std::int64_t>(constants[0]) - 1};
}

// Measured on tiles of 64 to 256 bars in the first-level cache (kernel/tile_bench.cpp): a window up
// to a block is added up anew at every bar, a longer one put together from parts.
using Cost = double (*)(const double* constants);

constexpr double by_length(double window, double per_bar, double from_parts) {
  return window <= 16 ? per_bar * window : from_parts;
}

Operator windowed(std::string_view name,
                  std::vector<Parameter> parameters,
                  Scaling scaling,
                  kernel::TileKernel tile,
                  Cost cost,
                  OperatorText text) {
  Operator op;
  op.name = name;
  op.kind = OperatorKind::kTimeSeries;
  op.parameters = std::move(parameters);
  op.scaling = scaling;
  op.tile = tile;
  op.reach = last_bars;
  op.cost = cost;
  op.text = text;
  return op;
}

void add_sums(std::vector<Operator>& all) {
  const std::vector<Parameter> window = {kX, kN, kMinCount};
  const Cost cost = [](const double* c) { return by_length(c[0], 0.035, 0.3); };
  all.push_back(windowed("ts_sum", window, Scaling::kLinear, tile::window_sum, cost,
                         {"Sum of the last n values", "x_1 + ... + x_n", kLeftOut}));
  all.push_back(windowed("ts_product", window, Scaling::kNonlinear, tile::window_product, cost,
                         {"Product of the last n values", "x_1 * ... * x_n", kLeftOut}));
  all.push_back(windowed(
      "ts_count", {{.name = "c", .kind = ParameterKind::kCondition}, kN, kMinCount},
      Scaling::kInvariant, tile::window_sum, cost,
      {"Number of the last n bars on which the condition was true", "c_1 + ... + c_n", kLeftOut}));
  all.push_back(windowed("ts_min", window, Scaling::kLinear, tile::window_min, cost,
                         {"Smallest of the last n values", "min(x_1, ..., x_n)", kLeftOut}));
  all.push_back(windowed("ts_max", window, Scaling::kLinear, tile::window_max, cost,
                         {"Largest of the last n values", "max(x_1, ..., x_n)", kLeftOut}));
  const Cost of_position = [](const double* c) { return by_length(c[0], 0.18, 0.8); };
  all.push_back(windowed(
      "ts_argmin", window, Scaling::kInvariant, tile::window_argmin, of_position,
      {"Position of the smallest value in the window", "i of min(x_1, ..., x_n)", kLeftOut,
       "1 is the oldest bar, n this one, those without a value counted; the oldest bar on ties"}));
  all.push_back(windowed(
      "ts_argmax", window, Scaling::kInvariant, tile::window_argmax, of_position,
      {"Position of the largest value in the window", "i of max(x_1, ..., x_n)", kLeftOut,
       "1 is the oldest bar, n this one, those without a value counted; the oldest bar on ties"}));
}

void add_moments(std::vector<Operator>& all) {
  constexpr std::string_view kDdofText =
      "The divisor is the number of values less ddof; NaN unless more than ddof values are there; "
      "exactly 0 for a constant";
  constexpr std::string_view kWelford =
      "Welford (1962), Technometrics 4(3); Chan, Golub and LeVeque (1983), American Statistician "
      "37(3)";
  all.push_back(
      windowed("ts_mean", {kX, kN, kMinCount}, Scaling::kLinear, tile::window_mean,
               [](const double* c) { return by_length(c[0], 0.08, 0.5); },
               {"Mean of the last n values", "(x_1 + ... + x_n) / n", kLeftOut,
                "The mean of a constant is that constant; an infinite value gives NaN", kWelford}));
  const std::vector<Parameter> spread = {kX, kN, kMinCount, kDdof};
  const Cost of_spread = [](const double* c) { return by_length(c[0], 0.13, 0.7); };
  all.push_back(windowed("ts_var", spread, Scaling::kSquare, tile::window_variance, of_spread,
                         {"Variance of the last n values", "sum((x_i - mean)^2) / (n - ddof)",
                          kLeftOut, kDdofText, kWelford}));
  all.push_back(
      windowed("ts_std", spread, Scaling::kLinear, tile::window_deviation, of_spread,
               {"Standard deviation of the last n values", "sqrt(sum((x_i - mean)^2) / (n - ddof))",
                kLeftOut, kDdofText, kWelford}));
}

void add_joint_moments(std::vector<Operator>& all) {
  constexpr std::string_view kPairs =
      "a bar counts where both have a value; NaN where fewer than min_count are left";
  const Cost cost = [](const double* c) { return by_length(c[0], 0.25, 1.4); };
  all.push_back(windowed(
      "ts_cov", {kX, kY, kN, kMinCount, kDdof}, Scaling::kProduct, tile::window_covariance, cost,
      {"Covariance of the last n pairs", "sum((x_i - mean_x) * (y_i - mean_y)) / (n - ddof)",
       kPairs, "NaN unless more than ddof pairs are there"}));
  all.push_back(windowed(
      "ts_corr", {kX, kY, kN, kMinCount}, Scaling::kInvariant, tile::window_correlation, cost,
      {"Correlation of the last n pairs (Pearson)", "cov(x, y) / (std_x * std_y)", kPairs,
       "NaN where one of the two is constant; within [-1, 1]"}));
  all.push_back(windowed("ts_beta", {kY, kX, kN, kMinCount}, Scaling::kQuotient, tile::window_beta,
                         cost,
                         {"Slope of the regression of y on x over the last n pairs",
                          "cov(x, y) / var(x)", kPairs, "NaN where x is constant"}));
}

void add_shape(std::vector<Operator>& all) {
  const std::vector<Parameter> window = {kX, kN, kMinCount};
  const Cost cost = [](const double* constants) { return 0.4 + 0.13 * constants[0]; };
  all.push_back(windowed("ts_skew", window, Scaling::kInvariant, tile::window_skewness, cost,
                         {"Sample skewness G1 of the last n values",
                          "n / ((n - 1) * (n - 2)) * sum(((x_i - mean) / std)^3)", kLeftOut,
                          "std has ddof 1; at least 3 values; NaN for a constant",
                          "pandas rolling.skew but for constants"}));
  all.push_back(windowed("ts_kurt", window, Scaling::kInvariant, tile::window_kurtosis, cost,
                         {"Sample excess kurtosis G2 of the last n values",
                          "n * (n + 1) / ((n - 1) * (n - 2) * (n - 3)) * sum(((x_i - mean) / "
                          "std)^4) - 3 * (n - 1)^2 / ((n - 2) * (n - 3))",
                          kLeftOut, "std has ddof 1; at least 4 values; NaN for a constant",
                          "pandas rolling.kurt but for constants"}));
}

void add_trend(std::vector<Operator>& all) {
  const std::vector<Parameter> window = {kX, kN};
  const Cost cost = [](const double* constants) { return 0.05 + 0.05 * constants[0]; };
  all.push_back(windowed("ts_slope", window, Scaling::kLinear, tile::window_slope, cost,
                         {"Slope of the regression of the window on time", "cov(i, x_i) / var(i)",
                          kOneNaN, "Time is 1, ..., n; the unit is that of x per bar"}));
  all.push_back(windowed("ts_residual", window, Scaling::kLinear, tile::window_residual, cost,
                         {"Newest value less the value that the regression on time gives it",
                          "x_n - (mean + slope * (n - 1) / 2)", kOneNaN}));
  all.push_back(windowed("ts_r2", window, Scaling::kInvariant, tile::window_r2,
                         [](const double* constants) { return 0.6 + 0.09 * constants[0]; },
                         {"Share of the variance that the regression on time explains",
                          "corr(i, x_i)^2", kOneNaN, "NaN for a constant; within [0, 1]"}));
  all.push_back(
      windowed("decay_linear", window, Scaling::kLinear, tile::decay_linear,
               [](const double* constants) { return 0.037 * constants[0]; },
               {"Mean whose weights fall linearly with age",
                "(1 * x_1 + ... + n * x_n) / (n * (n + 1) / 2)", kOneNaN, "x_n is this bar",
                "Kakushadze (2016), \"101 Formulaic Alphas\", appendix A, decay_linear"}));
}

void add_order(std::vector<Operator>& all) {
  Parameter sorted_n = kN;
  sorted_n.high = static_cast<double>(tile::kLargestSortedWindow);
  const Parameter q{.name = "q", .kind = ParameterKind::kNumber, .low = 0, .high = 1};
  const Cost of_sorted = [](const double* constants) { return 0.4 + 0.07 * constants[0]; };
  all.push_back(windowed(
      "ts_rank", {kX, kN, kMinCount}, Scaling::kInvariant, tile::window_rank,
      [](const double* constants) { return 0.3 + 0.06 * constants[0]; },
      {"Rank of this bar's value in the window, as a share", "average rank / number of values",
       "NaN values are left out; NaN where x is, or where fewer than min_count "
       "are left",
       "In (0, 1]; ties have their average rank", "pandas rolling.rank(pct=True)"}));
  all.push_back(
      windowed("ts_quantile", {kX, sorted_n, q, kMinCount}, Scaling::kLinear, tile::window_quantile,
               of_sorted,
               {"Quantile q of the last n values",
                "linear between the order statistics about 1 + (n - 1) * q", kLeftOut,
                "Type 7 of Hyndman and Fan; n is at most 4096", "pandas rolling.quantile"}));
  all.push_back(windowed(
      "ts_median", {kX, sorted_n, kMinCount}, Scaling::kLinear, tile::window_median, of_sorted,
      {"Median of the last n values", "ts_quantile(x, n, 0.5)", kLeftOut, "n is at most 4096"}));
}

void add_offsets(std::vector<Operator>& all) {
  const Cost cost = [](const double*) { return 0.1; };
  Operator offset = windowed(
      "$offset", {kX, {.name = "k", .kind = ParameterKind::kBars}}, Scaling::kLinear, tile::offset,
      cost,
      {"Value of another bar of the symbol", "x[k]", "NaN beyond the symbol's first and last bar",
       "Negative k is back, positive k ahead"});
  offset.reach = [](const double* constants) -> Reach {
    const auto bars = static_cast<std::int64_t>(constants[0]);
    return {.lookback = -bars, .lookahead = bars};
  };
  offset.keeps_conditions = true;
  all.push_back(std::move(offset));
  Operator ahead = windowed(
      "$ahead",
      {kX,
       {.name = "bars_left"},
       {.name = "n", .kind = ParameterKind::kCount},
       {.name = "haircut", .kind = ParameterKind::kNumber}},
      Scaling::kLinear, tile::ahead, cost,
      {"Value n bars ahead, of a symbol that stopped trading its last one less the haircut",
       "bars_left < n ? x[+bars_left] * (1 - haircut) : x[+n]", "NaN where that bar has no value"});
  ahead.reach = [](const double* constants) -> Reach {
    return {.lookahead = static_cast<std::int64_t>(constants[0])};
  };
  all.push_back(std::move(ahead));
}

}  // namespace

std::vector<Operator> window_operators() {
  std::vector<Operator> all;
  add_sums(all);
  add_moments(all);
  add_joint_moments(all);
  add_shape(all);
  add_trend(all);
  add_order(all);
  add_offsets(all);
  return all;
}

}  // namespace tickwerk::expr
