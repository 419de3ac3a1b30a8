// Operators that are text in the language itself, over the names of their parameters.
#include "tickwerk/expr/operator.h"

namespace tickwerk::expr {
namespace {

constexpr std::string_view kAsParts = "NaN where a part is NaN";

constexpr Parameter kX{.name = "x"};

constexpr Parameter window(std::string_view name, std::string_view default_text = {}) {
  return {.name = name, .kind = ParameterKind::kWindow, .default_text = default_text, .low = 1};
}

constexpr Parameter bars(std::string_view default_text = {}) {
  return {.name = "n", .kind = ParameterKind::kCount, .default_text = default_text, .low = 0};
}

Operator derived(std::string_view name,
                 std::vector<Parameter> parameters,
                 std::string_view definition,
                 Scaling scaling,
                 OperatorText text) {
  Operator op;
  op.name = name;
  op.kind = OperatorKind::kTimeSeries;
  op.parameters = std::move(parameters);
  op.definition = definition;
  op.scaling = scaling;
  op.text = text;
  if (op.text.formula.empty()) op.text.formula = definition;
  return op;
}

void add_changes(std::vector<Operator>& all) {
  constexpr std::string_view kNaN = "NaN where one of the two bars has no value";
  all.push_back(derived("delay", {kX, bars()}, "x[-n]", Scaling::kLinear,
                        {"Value n bars before", {}, "NaN where that bar has no value"}));
  all.push_back(derived("delta", {kX, bars("1")}, "x - x[-n]", Scaling::kLinear,
                        {"Change over n bars", {}, kNaN}));
  all.push_back(derived("ret", {kX, bars("1")}, "x / x[-n] - 1", Scaling::kInvariant,
                        {"Simple return over n bars", {}, kNaN}));
  all.push_back(derived("log_ret", {kX, bars("1")}, "log(x / x[-n])", Scaling::kInvariant,
                        {"Logarithmic return over n bars", {}, kNaN}));
  all.push_back(
      derived("ahead",
              {kX,
               bars(),
               {.name = "haircut",
                .kind = ParameterKind::kNumber,
                .default_text = "0",
                .low = 0,
                .high = 1}},
              "$ahead(x, $bars_left, n, haircut)", Scaling::kLinear,
              {"Value n bars ahead; of a symbol that stopped trading its last one less the haircut",
               "stopped k bars on, k < n ? x[+k] * (1 - haircut) : x[+n]",
               "NaN where that bar has no value, and where the panel ends first",
               "A symbol stopped trading when its last bar lies more than 5 rows before the last "
               "row of the "
               "panel"}));
  all.push_back(derived(
      "ts_zscore",
      {kX,
       window("n"),
       {.name = "min_count", .kind = ParameterKind::kCount, .default_text = "n", .low = 1},
       {.name = "ddof", .kind = ParameterKind::kCount, .default_text = "1", .low = 0, .high = 1}},
      "ratio(x - ts_mean(x, n, min_count), ts_std(x, n, min_count, ddof))", Scaling::kInvariant,
      {"Distance from the mean of the last n values in standard deviations",
       {},
       "NaN where x is, where fewer than min_count values are left, or the deviation is not above "
       "1e-10"}));
}

void add_ranges(std::vector<Operator>& all) {
  all.push_back(derived("true_range", {},
                        "where(isnan(close[-1]), high - low, "
                        "max(high, close[-1]) - min(low, close[-1]))",
                        Scaling::kLinear,
                        {"Range of the bar including the gap from the previous close",
                         "max(high, close[-1]) - min(low, close[-1])",
                         "NaN where high or low is; high - low on the symbol's first bar",
                         {},
                         "Wilder (1978), \"New Concepts in Technical Trading Systems\""}));
  all.push_back(derived(
      "atr", {window("n", "14")}, "wilder(max(high, close[-1]) - min(low, close[-1]), n)",
      Scaling::kLinear,
      {"Average true range: Wilder's mean of the true range from the second bar "
       "on",
       {},
       "the first value stands at bar n + 1; a bar without high or low gives NaN and leaves the "
       "mean as it was",
       {},
       "Wilder (1978), \"New Concepts in Technical Trading Systems\"; equal to TA-Lib's ATR"}));
  all.push_back(derived("rsi", {kX, window("n", "14")},
                        "100 * wilder(max(x - x[-1], 0), n) / "
                        "(wilder(max(x - x[-1], 0), n) + wilder(max(x[-1] - x, 0), n))",
                        Scaling::kInvariant,
                        {"Relative strength index with Wilder's mean of gains u and losses d",
                         "100 * u / (u + d)",
                         "the first value stands at bar n + 1; NaN where x or x[-1] is, and "
                         "without any movement so far",
                         {},
                         "Wilder (1978), \"New Concepts in Technical Trading Systems\"; equal to "
                         "TA-Lib's RSI but for bars without any "
                         "movement, where TA-Lib gives 0"}));
}

void add_macd(std::vector<Operator>& all) {
  const Parameter fast = window("fast", "12");
  const Parameter slow = window("slow", "26");
  const Parameter signal = window("signal", "9");
  all.push_back(
      derived("macd", {kX, fast, slow}, "ema(x, fast) - ema(x, slow)", Scaling::kLinear,
              {"Fast less slow exponential mean",
               {},
               kAsParts,
               {},
               "Appel (1979), \"The Moving Average Convergence-Divergence Trading Method\""}));
  all.push_back(derived("macd_signal", {kX, fast, slow, signal}, "ema(macd(x, fast, slow), signal)",
                        Scaling::kLinear, {"Exponential mean of macd", {}, kAsParts}));
  all.push_back(derived("macd_histogram", {kX, fast, slow, signal},
                        "macd(x, fast, slow) - macd_signal(x, fast, slow, signal)",
                        Scaling::kLinear, {"macd less its signal", {}, kAsParts}));
}

void add_bollinger(std::vector<Operator>& all) {
  constexpr std::string_view kSource = "Bollinger (2001), \"Bollinger on Bollinger Bands\"";
  constexpr std::string_view kDeviation = "The deviation has ddof 0";
  const std::vector<Parameter> parameters = {
      kX, window("n", "20"), {.name = "k", .kind = ParameterKind::kNumber, .default_text = "2"}};
  all.push_back(derived("bollinger_upper", parameters, "ts_mean(x, n) + k * ts_std(x, n, ddof=0)",
                        Scaling::kLinear,
                        {"Upper Bollinger band", {}, kAsParts, kDeviation, kSource}));
  all.push_back(derived("bollinger_lower", parameters, "ts_mean(x, n) - k * ts_std(x, n, ddof=0)",
                        Scaling::kLinear,
                        {"Lower Bollinger band", {}, kAsParts, kDeviation, kSource}));
  all.push_back(derived(
      "bollinger_width", parameters, "2 * k * ts_std(x, n, ddof=0) / ts_mean(x, n)",
      Scaling::kInvariant,
      {"Distance of the bands, as a share of the mean", {}, kAsParts, kDeviation, kSource}));
  all.push_back(derived("bollinger_percent_b", parameters,
                        "(x - bollinger_lower(x, n, k)) / "
                        "(bollinger_upper(x, n, k) - bollinger_lower(x, n, k))",
                        Scaling::kInvariant,
                        {"Where x stands between the bands: 0 the lower, 1 the upper",
                         {},
                         "NaN where a part is NaN or the deviation is zero",
                         kDeviation,
                         kSource}));
}

}  // namespace

std::vector<Operator> derived_operators() {
  std::vector<Operator> all;
  add_changes(all);
  add_ranges(all);
  add_macd(all);
  add_bollinger(all);
  return all;
}

}  // namespace tickwerk::expr
