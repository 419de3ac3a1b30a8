#include <algorithm>
#include <utility>

#include "tickwerk/expr/operator.h"
#include "tickwerk/kernel/row_groups.h"
#include "tickwerk/kernel/row_least_squares.h"
#include "tickwerk/kernel/row_moments.h"
#include "tickwerk/kernel/row_order.h"
#include "tickwerk/kernel/row_quantile.h"
#include "tickwerk/kernel/row_rank.h"

namespace tickwerk::expr {
namespace {

using kernel::RowArgs;
using kernel::RowKernel;

constexpr Parameter kX{.name = "x"};
constexpr Parameter kY{.name = "y"};
constexpr Parameter kOrder{.name = "order"};
constexpr Parameter kFactors{.name = "f", .repeats = true, .optional = true};
constexpr Parameter kBy{.name = "by", .kind = ParameterKind::kGroup, .optional = true};
constexpr Parameter kDdof{
    .name = "ddof", .kind = ParameterKind::kCount, .default_text = "1", .low = 0, .high = 1e6};
constexpr Parameter kTotal{.name = "a", .kind = ParameterKind::kNumber, .default_text = "1"};
constexpr Parameter kLow{
    .name = "low", .kind = ParameterKind::kNumber, .default_text = "0.01", .low = 0, .high = 1};
constexpr Parameter kHigh{
    .name = "high", .kind = ParameterKind::kNumber, .default_text = "0.99", .low = 0, .high = 1};
constexpr Parameter kBuckets{.name = "k", .kind = ParameterKind::kCount, .low = 1, .high = 1e6};

constexpr std::string_view kNaN = "NaN does not count and stays NaN; a NaN group gives NaN";
constexpr std::string_view kNaNDaily = "NaN does not count; NaN where no symbol has a value";

constexpr OperatorText kOrderText{
    .summary = "Number of symbols with a smaller value: what all ranks of x of a day share",
    .formula = "count of j with x_j < x_i",
    .nan = "NaN does not count and stays NaN",
    .details = "Equal values have equal numbers; -0 equals 0"};
constexpr OperatorText kRankText{
    .summary = "Rank among the symbols of the day, in (0, 1]",
    .formula = "average rank / number of values",
    .nan = kNaN,
    .details =
        "Equal values share the mean of the ranks they take; -0 equals 0, infinities are "
        "values",
    .source = "pandas rank(pct=True)"};
constexpr OperatorText kQuantileText{
    .summary = "Bucket 1..k of the rank among the symbols of the day",
    .formula = "smallest j with r <= 1 + (n - 1) j / k, of the average rank r among n values",
    .nan = kNaN,
    .details =
        "Edges are exact and closed to the right; equal values share a bucket; a single "
        "value is in bucket 1",
    .source =
        "pandas cut of the average ranks at these edges; qcut moves them where values are equal"};
constexpr OperatorText kWinsorizeText{
    .summary = "Values clipped at two quantiles of the day",
    .formula = "min(max(x, quantile(low)), quantile(high)), quantiles of type 7",
    .nan = kNaN,
    .details =
        "Type 7 is linear between the sorted values at (n - 1) q; where low is above high "
        "every value becomes quantile(high)",
    .source = "Hyndman and Fan (1996), \"Sample quantiles in statistical packages\""};
constexpr OperatorText kMedianText{
    .summary = "Median of the symbols of the day",
    .formula = "middle of the sorted values, mean of the two middle ones for an even number",
    .nan = kNaNDaily};
constexpr OperatorText kSpearmanText{
    .summary = "Rank correlation of two values over the symbols of the day",
    .formula = "Pearson's correlation of the average ranks",
    .nan =
        "Only symbols with both values count and are ranked; NaN with fewer than 3 of them or "
        "when one side is constant",
    .details = "Exact but for the rounding of one product, one root and one division",
    .source = "scipy.stats.spearmanr"};
constexpr OperatorText kZscoreText{
    .summary = "Distance from the mean of the day in standard deviations",
    .formula = "(x - mean) / deviation, deviation by n - ddof",
    .nan =
        "NaN does not count and stays NaN; NaN where the deviation is 0 or there are not more "
        "than ddof values; a NaN group gives NaN"};
constexpr OperatorText kDemeanText{
    .summary = "Difference from the mean of the day", .formula = "x - mean", .nan = kNaN};
constexpr OperatorText kScaleText{
    .summary = "Values scaled so that their sizes sum to a",
    .formula = "a * x / sum of |x|",
    .nan = "NaN does not count and stays NaN; NaN where all values are 0; a NaN group gives NaN"};
constexpr OperatorText kNeutralizeText{
    .summary = "What f... do not explain of x on the day, by least squares with an intercept",
    .formula =
        "residual of x on 1, f...; within each group where by= is given; without f as "
        "cs_demean",
    .nan =
        "A symbol with a NaN or an infinity in x or any f does not count and gives NaN; a NaN "
        "group gives NaN",
    .details =
        "A factor that is constant or a combination of those before it (what is left of "
        "it is below 1e-9 of its deviation) changes nothing; at most 32 factors",
    .source =
        "Bjorck (1967), \"Solving linear least squares problems by Gram-Schmidt "
        "orthogonalization\""};
constexpr OperatorText kCorrelationText{
    .summary = "Correlation of two values over the symbols of the day",
    .formula = "Pearson's correlation",
    .nan =
        "Only symbols with both values count; NaN with fewer than 3 of them or when one side "
        "is constant"};
constexpr OperatorText kDeviationText{
    .summary = "Standard deviation over the symbols of the day",
    .formula = "sqrt(sum of (x - mean)^2 / (n - ddof))",
    .nan = "NaN does not count; NaN where there are not more than ddof values",
    .details = "Of equal values exactly 0"};
constexpr OperatorText kCountText{
    .summary = "Number of symbols of the day with a value",
    .formula = "count of values that are not NaN",
    .nan = "NaN does not count; 0 where no symbol has a value",
    .details = "The number of symbols for which a condition is true is its cs_sum"};

/// Measured by kernel/row_bench.cpp: 500 symbols, AVX-512; of a row in which some values are
/// missing where that matters, and of three factors.
template <int tenths>
double nanoseconds(const double*) {
  return tenths / 10.0;
}

/// `kernel` within groups.
template <RowKernel kernel>
void by_group(const RowArgs& args) noexcept {
  kernel::row_by_group(args, kernel);
}

constexpr std::size_t kSortingRows =
    1 + std::max(kernel::kOrderScratchRows, kernel::kRankScratchRows);

/// Orders the values and runs `kernel` on that order.
template <RowKernel kernel>
void order_then(const RowArgs& args) noexcept {
  RowArgs next = args;
  next.scratch = args.scratch + args.num_padded;
  next.out = args.scratch;
  kernel::row_order(next);
  const double* const inputs[] = {args.scratch};
  next.inputs = inputs;
  next.out = args.out;
  kernel(next);
}

/// Orders the values and runs `kernel` on them and their order.
template <RowKernel kernel>
void order_beside(const RowArgs& args) noexcept {
  RowArgs next = args;
  next.scratch = args.scratch + args.num_padded;
  next.out = args.scratch;
  kernel::row_order(next);
  const double* const inputs[] = {args.inputs[0], args.scratch};
  next.inputs = inputs;
  next.num_inputs = 2;
  next.out = args.out;
  kernel(next);
}

struct Kernel {
  RowKernel run;
  double (*cost)(const double*);
  std::size_t scratch_rows = 0;
};

Operator row_operator(std::string_view name,
                      std::vector<Parameter> parameters,
                      const OperatorText& text,
                      const Kernel& kernel) {
  return {.name = name,
          .kind = OperatorKind::kCrossSectional,
          .parameters = std::move(parameters),
          .text = text,
          .scaling = Scaling::kSymbols,
          .row = kernel.run,
          .scratch_rows = kernel.scratch_rows,
          .cost = kernel.cost};
}

Operator derived_operator(std::string_view name,
                          std::vector<Parameter> parameters,
                          const OperatorText& text,
                          std::string_view definition) {
  return {.name = name,
          .kind = OperatorKind::kCrossSectional,
          .parameters = std::move(parameters),
          .text = text,
          .scaling = Scaling::kSymbols,
          .definition = definition};
}

Operator daily(Operator op) {
  op.shape = ResultShape::kDaily;
  return op;
}

/// What stands for `op` where `by=` is given: the same parameters, the group required and first.
Operator twin_by_group(std::string_view name, const Operator& op, const Kernel& kernel) {
  std::vector<Parameter> parameters = {{.name = "by", .kind = ParameterKind::kGroup}};
  std::copy_if(op.parameters.begin(), op.parameters.end(), std::back_inserter(parameters),
               [](const Parameter& parameter) { return parameter.kind != ParameterKind::kGroup; });
  return row_operator(name, std::move(parameters), op.text, kernel);
}

/// From the order of x, which all of them share; within groups each group is ordered by itself.
void add_ranking(std::vector<Operator>& all) {
  constexpr std::size_t kTwinRows = kernel::group_scratch_rows(2) + kSortingRows;
  all.push_back(row_operator("$cs_order", {kX}, kOrderText,
                             {kernel::row_order, nanoseconds<25>, kernel::kOrderScratchRows}));

  all.push_back(row_operator("$cs_rank", {kOrder}, kRankText,
                             {kernel::row_rank, nanoseconds<3>, kernel::kRankScratchRows}));
  all.push_back(derived_operator("cs_rank", {kX, kBy}, kRankText, "$cs_rank($cs_order(x))"));
  all.push_back(
      twin_by_group("$cs_rank_by", all.back(),
                    {by_group<order_then<kernel::row_rank>>, nanoseconds<80>, kTwinRows}));

  all.push_back(row_operator("$cs_quantile", {kOrder, kBuckets}, kQuantileText,
                             {kernel::row_bucket, nanoseconds<3>, kernel::kRankScratchRows}));
  all.push_back(derived_operator("cs_quantile", {kX, kBuckets, kBy}, kQuantileText,
                                 "$cs_quantile($cs_order(x), k)"));
  all.push_back(
      twin_by_group("$cs_quantile_by", all.back(),
                    {by_group<order_then<kernel::row_bucket>>, nanoseconds<80>, kTwinRows}));

  all.push_back(row_operator("$cs_winsorize", {kX, kOrder, kLow, kHigh}, kWinsorizeText,
                             {kernel::row_winsorize, nanoseconds<4>}));
  all.push_back(derived_operator("cs_winsorize", {kX, kLow, kHigh, kBy}, kWinsorizeText,
                                 "$cs_winsorize(x, $cs_order(x), low, high)"));
  all.push_back(
      twin_by_group("$cs_winsorize_by", all.back(),
                    {by_group<order_beside<kernel::row_winsorize>>, nanoseconds<80>, kTwinRows}));

  all.push_back(daily(
      row_operator("$cs_median", {kX, kOrder}, kMedianText, {kernel::row_median, nanoseconds<2>})));
  all.push_back(
      daily(derived_operator("cs_median", {kX}, kMedianText, "$cs_median(x, $cs_order(x))")));

  all.push_back(
      daily(row_operator("$cs_spearman", {kOrder, {.name = "other"}}, kSpearmanText,
                         {kernel::row_spearman, nanoseconds<15>, kernel::kRankScratchRows})));
  all.push_back(daily(derived_operator("cs_spearman", {kX, kY}, kSpearmanText,
                                       "$cs_spearman($cs_order(x), $cs_order(y))")));
}

void add_scaling(std::vector<Operator>& all) {
  constexpr std::size_t kTwinRows = kernel::group_scratch_rows(2);
  all.push_back(row_operator("cs_zscore", {kX, kBy, kDdof}, kZscoreText,
                             {kernel::row_zscore, nanoseconds<4>}));
  all.push_back(twin_by_group("$cs_zscore_by", all.back(),
                              {by_group<kernel::row_zscore>, nanoseconds<50>, kTwinRows}));
  all.push_back(
      row_operator("cs_demean", {kX, kBy}, kDemeanText, {kernel::row_demean, nanoseconds<3>}));
  all.push_back(twin_by_group("$cs_demean_by", all.back(),
                              {by_group<kernel::row_demean>, nanoseconds<50>, kTwinRows}));
  all.push_back(
      row_operator("cs_scale", {kX, kTotal, kBy}, kScaleText, {kernel::row_scale, nanoseconds<2>}));
  all.push_back(twin_by_group("$cs_scale_by", all.back(),
                              {by_group<kernel::row_scale>, nanoseconds<50>, kTwinRows}));

  constexpr std::size_t kMaxInputs = kernel::kMaxFactors + 2;
  all.push_back(
      row_operator("cs_neutralize", {kX, kFactors, kBy}, kNeutralizeText,
                   {kernel::row_residual, nanoseconds<50>, kernel::kResidualScratchRows}));
  all.push_back(
      twin_by_group("$cs_neutralize_by", all.back(),
                    {by_group<kernel::row_residual>, nanoseconds<50>,
                     kernel::group_scratch_rows(kMaxInputs) + kernel::kResidualScratchRows}));
}

void add_daily(std::vector<Operator>& all) {
  const auto add = [&all](std::string_view name, const OperatorText& text, RowKernel run) {
    all.push_back(daily(row_operator(name, {kX}, text, {run, nanoseconds<1>})));
  };
  add("cs_mean",
      {.summary = "Mean over the symbols of the day", .formula = "sum / n", .nan = kNaNDaily},
      kernel::row_mean);
  add("cs_sum",
      {.summary = "Sum over the symbols of the day", .formula = "sum of x", .nan = kNaNDaily},
      kernel::row_sum);
  add("cs_min", {.summary = "Smallest value of the day", .formula = "min of x", .nan = kNaNDaily},
      kernel::row_min);
  add("cs_max", {.summary = "Largest value of the day", .formula = "max of x", .nan = kNaNDaily},
      kernel::row_max);
  add("cs_count", kCountText, kernel::row_count);
  all.back().scaling = Scaling::kInvariant;
  all.push_back(daily(row_operator("cs_std", {kX, kDdof}, kDeviationText,
                                   {kernel::row_deviation, nanoseconds<2>})));
  all.push_back(daily(row_operator("cs_corr", {kX, kY}, kCorrelationText,
                                   {kernel::row_correlation, nanoseconds<5>})));
}

}  // namespace

std::vector<Operator> cross_sectional_operators() {
  std::vector<Operator> all;
  add_ranking(all);
  add_scaling(all);
  add_daily(all);
  return all;
}

}  // namespace tickwerk::expr
