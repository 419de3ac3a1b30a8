#include "tickwerk/expr/names.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "tickwerk/expr/lexer.h"

namespace tickwerk::expr {
namespace {

using Hint = std::pair<std::string_view, std::string_view>;

constexpr std::string_view kMean =
    "a mean over all dates would read the future: ts_mean(x, n) takes the last n bars, cs_mean(x) "
    "the symbols of one day";
constexpr std::string_view kDeviation =
    "a deviation over all dates would read the future: ts_std(x, n) takes the last n bars, "
    "cs_std(x) the symbols of one day";
constexpr std::string_view kVariance =
    "a variance over all dates would read the future: ts_var(x, n) takes the last n bars, "
    "cs_std(x) ^ 2 the symbols of one day";
constexpr std::string_view kSum =
    "a sum over all dates would read the future: ts_sum(x, n) takes the last n bars, cum_sum(x) "
    "all bars so far, cs_sum(x) the symbols of one day";
constexpr std::string_view kRank =
    "a rank over all dates would read the future: cs_rank(x) ranks the symbols of one day, "
    "ts_rank(x, n) the last n bars";
constexpr std::string_view kZscore =
    "a z-score over all dates would read the future: cs_zscore(x) takes the symbols of one day, "
    "ts_zscore(x, n) the last n bars";
constexpr std::string_view kQuantile =
    "a quantile over all dates would read the future: ts_quantile(x, n, q) takes the last n bars, "
    "cs_quantile(x, k) makes k buckets of the symbols of one day";
constexpr std::string_view kMedian =
    "a median over all dates would read the future: ts_median(x, n) takes the last n bars, "
    "cs_median(x) the symbols of one day";
constexpr std::string_view kShift = "x[-n] is x n bars ago";
constexpr std::string_view kRolling =
    "windows are operators: ts_mean(x, n), ts_std(x, n), ts_max(x, n), ...";
constexpr std::string_view kChange = "ret(x, n) is x / x[-n] - 1, delta(x, n) is x - x[-n]";
constexpr std::string_view kAverage =
    "ema(x, n) smooths with 2 / (n + 1), wilder(x, n) with 1 / n, ts_mean(x, n) takes the last n "
    "bars alike, decay_linear(x, n) with linear weights";
constexpr std::string_view kCorrelation =
    "a correlation over all dates would read the future: ts_corr(x, y, n) takes the last n bars, "
    "cs_corr(x, y) the symbols of one day";
constexpr std::string_view kCovariance = "ts_cov(x, y, n) takes the last n bars";
constexpr std::string_view kCumulative = "cum_sum(x) adds up all bars so far";
constexpr std::string_view kNormalize =
    "cs_zscore(x), cs_demean(x) and cs_scale(x) take the symbols of one day, ts_zscore(x, n) the "
    "last n bars";
constexpr std::string_view kWinsorize =
    "cs_winsorize(x) clips at quantiles of the symbols of one day, clip(x, low, high) at constants";
constexpr std::string_view kChoice = "where(condition, a, b) chooses";
constexpr std::string_view kGroups =
    "cross-sectional operators take a group: cs_rank(x, by=sector)";
constexpr std::string_view kCount =
    "ts_count(c, n) counts true bars, cs_count(x) the symbols of one day that have a value";
constexpr std::string_view kFill =
    "fillna(x, 0) replaces NaN, last_value(x) goes on with the last value before it";
constexpr std::string_view kCross = "c and not c[-1] is true where c becomes true";

constexpr std::array kForeign = std::to_array<Hint>({
    {"mean", kMean},
    {"average", kMean},
    {"avg", kMean},
    {"std", kDeviation},
    {"stdev", kDeviation},
    {"stddev", kDeviation},
    {"var", kVariance},
    {"variance", kVariance},
    {"sum", kSum},
    {"total", kSum},
    {"rank", kRank},
    {"zscore", kZscore},
    {"standardize", kZscore},
    {"quantile", kQuantile},
    {"percentile", kQuantile},
    {"qcut", kQuantile},
    {"median", kMedian},
    {"min", "ts_min(x, n) takes the last n bars, cs_min(x) the symbols of one day"},
    {"max", "ts_max(x, n) takes the last n bars, cs_max(x) the symbols of one day"},
    {"shift", kShift},
    {"lag", kShift},
    {"ref", kShift},
    {"Ref", kShift},
    {"ts_delay", kShift},
    {"lead", "x[+n] is x n bars ahead, for labels only"},
    {"rolling", kRolling},
    {"expanding", kRolling},
    {"resample", kRolling},
    {"pct_change", kChange},
    {"returns", kChange},
    {"diff", kChange},
    {"ts_delta", kChange},
    {"ewm", kAverage},
    {"ewma", kAverage},
    {"sma", kAverage},
    {"wma", kAverage},
    {"ma", kAverage},
    {"rma", kAverage},
    {"corr", kCorrelation},
    {"correlation", kCorrelation},
    {"cov", kCovariance},
    {"covariance", kCovariance},
    {"beta", "ts_beta(y, x, n) is the slope of y on x over the last n bars"},
    {"skew", "ts_skew(x, n) takes the last n bars"},
    {"kurt", "ts_kurt(x, n) takes the last n bars"},
    {"argmax", "ts_argmax(x, n) takes the last n bars"},
    {"argmin", "ts_argmin(x, n) takes the last n bars"},
    {"product", "ts_product(x, n) takes the last n bars"},
    {"prod", "ts_product(x, n) takes the last n bars"},
    {"cumsum", kCumulative},
    {"cumprod", "exp(cum_sum(log(x))) multiplies all bars so far"},
    {"normalize", kNormalize},
    {"scale", kNormalize},
    {"demean", kNormalize},
    {"winsorize", kWinsorize},
    {"if", kChoice},
    {"else", kChoice},
    {"iif", kChoice},
    {"ts_avg", "ts_mean(x, n) takes the last n bars"},
    {"ts_average", "ts_mean(x, n) takes the last n bars"},
    {"ts_stddev", "ts_std(x, n) takes the last n bars"},
    {"ts_correlation", "ts_corr(x, y, n) takes the last n bars"},
    {"ts_covariance", "ts_cov(x, y, n) takes the last n bars"},
    {"def", "a function is written f(x) = expression"},
    {"lambda", "a function is written f(x) = expression"},
    {"iff", kChoice},
    {"ifelse", kChoice},
    {"if_else", kChoice},
    {"groupby", kGroups},
    {"neutralize", "cs_neutralize(x, f, by=sector) takes the residual of the day's regression"},
    {"indneutralize", "cs_neutralize(x, by=sector) takes out the mean of each group"},
    {"count", kCount},
    {"ffill", kFill},
    {"bfill", "filling backwards would read the future: last_value(x) fills forwards"},
    {"interpolate", "interpolation would read the future: last_value(x) fills forwards"},
    {"dropna", kFill},
    {"crossover", kCross},
    {"cross", kCross},
    {"ln", "log(x) is the natural logarithm"},
    {"log10", "log(x) / log(10)"},
    {"log2", "log(x) / log(2)"},
    {"pow", "a power is written x ^ 2"},
    {"power", "a power is written x ^ 2"},
    {"isna", "isnan(x)"},
    {"notna", "not isnan(x)"},
    {"vwap", "bars of a day have none: (high + low + close) / 3 is near to it"},
    {"True", "write true"},
    {"False", "write false"},
    {"NaN", "write nan"},
    {"None", "write nan"},
    {"null", "write nan"},
    {"AND", "write `and`"},
    {"OR", "write `or`"},
    {"NOT", "write `not`"},
    {"return", "ret(x, n) is x / x[-n] - 1; a definition is written name = expression"},
    {"price", "fields of bars are open, high, low, close and volume"},
});

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return lower;
}

}  // namespace

bool is_bar_field(std::string_view name) {
  return name == "open" || name == "high" || name == "low" || name == "close" || name == "volume";
}

std::optional<EngineField> engine_field(std::string_view name) {
  if (name == "in_universe") return EngineField{name, ResultType::kCondition};
  if (name == "bar_number" || name == "$bars_left") return EngineField{name, ResultType::kNumber};
  return std::nullopt;
}

std::optional<std::string_view> reserved_as(std::string_view name) {
  if (is_keyword(name)) return "a word of the language";
  if (is_bar_field(name)) return "a field of bars";
  if (engine_field(name)) return "a field of the engine";
  if (name == "asof" || find_operator(name) != nullptr) return "an operator";
  return std::nullopt;
}

std::string_view foreign_hint(std::string_view name) {
  const auto hint_of = [](std::string_view wanted) {
    const auto* found = std::find_if(kForeign.begin(), kForeign.end(),
                                     [&](const Hint& entry) { return entry.first == wanted; });
    return found == kForeign.end() ? std::string_view() : found->second;
  };
  const std::string_view hint = hint_of(name);
  return hint.empty() ? hint_of(lower_case(name)) : hint;
}

std::string method_hint(std::string_view name) {
  const std::string_view hint = foreign_hint(name);
  if (!hint.empty()) return std::string(hint);
  if (find_operator(name) != nullptr) return fmt::format("write {}(x)", name);
  return "`tickwerk expr ops` lists the operators, which stand before what they work on";
}

}  // namespace tickwerk::expr
