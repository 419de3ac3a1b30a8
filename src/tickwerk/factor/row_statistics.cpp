#include "tickwerk/factor/row_statistics.h"

#include <algorithm>
#include <cmath>

#include "tickwerk/kernel/row_moments.h"
#include "tickwerk/kernel/row_order.h"
#include "tickwerk/kernel/row_rank.h"

namespace tickwerk::factor {
namespace {

constexpr std::size_t kScratchRows = std::max(kernel::kOrderScratchRows, kernel::kRankScratchRows);

}  // namespace

RowStatistics::RowStatistics(std::size_t num_symbols)
    : num_symbols_(num_symbols), scratch_(kScratchRows, num_symbols), distinct_(2, num_symbols) {}

void RowStatistics::order(const double* values, double* order) noexcept {
  const double* const inputs[] = {values};
  kernel::row_order(
      {inputs, order, num_symbols_, num_padded(), std::size(inputs), nullptr, scratch_.row(0)});
}

const double* RowStatistics::distinct_order(const double* order) noexcept {
  double* const seen = distinct_.row(0);  // by count of smaller values: how many have it so far
  double* const distinct = distinct_.row(1);
  std::fill_n(seen, num_symbols_, 0.0);
  for (std::size_t i = 0; i < num_symbols_; ++i) {
    if (std::isnan(order[i])) {
      distinct[i] = kNaN;
      continue;
    }
    double& equal_before = seen[static_cast<std::size_t>(order[i])];
    distinct[i] = order[i] + equal_before;
    equal_before += 1;
  }
  return distinct;
}

double RowStatistics::rank_correlation(const double* x_order, const double* y_order) noexcept {
  const double* const inputs[] = {x_order, y_order};
  double result = kNaN;
  kernel::row_spearman(
      {inputs, &result, num_symbols_, num_padded(), std::size(inputs), nullptr, scratch_.row(0)});
  return result;
}

double RowStatistics::correlation(const double* x, const double* y) noexcept {
  const double* const inputs[] = {x, y};
  double result = kNaN;
  kernel::row_correlation(
      {inputs, &result, num_symbols_, num_padded(), std::size(inputs), nullptr, scratch_.row(0)});
  return result;
}

void RowStatistics::buckets(const double* order, std::size_t num_buckets, double* bucket) noexcept {
  const double* const inputs[] = {order};
  const double constants[] = {static_cast<double>(num_buckets)};
  kernel::row_bucket(
      {inputs, bucket, num_symbols_, num_padded(), std::size(inputs), constants, scratch_.row(0)});
}

}  // namespace tickwerk::factor
