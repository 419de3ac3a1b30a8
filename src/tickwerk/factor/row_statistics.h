// The cross-sectional kernels of one day (kernel/row_*.h) with the scratch they need: what factor
// analysis asks of a row. One object a thread; knows no dates, factors or labels.
#pragma once

#include <cstddef>

#include "tickwerk/panel/panel.h"

namespace tickwerk::factor {

/// Rows of `num_symbols` doubles, readable up to `num_padded()`; NaN where a symbol has no value.
/// Nothing here allocates after construction. The same bits for every instruction set.
class RowStatistics {
 public:
  explicit RowStatistics(std::size_t num_symbols);

  std::size_t num_symbols() const noexcept { return num_symbols_; }
  std::size_t num_padded() const noexcept { return scratch_.stride(); }

  /// order[i] = number of values below that of symbol i, NaN for NaN; order: [num_padded].
  void order(const double* values, double* order) noexcept;

  /// The order with equal values counted apart, the one further left first: 0 to n - 1. Valid until
  /// the next call.
  const double* distinct_order(const double* order) noexcept;

  /// Spearman's correlation, by the orders of two rows, over the symbols in both; NaN with fewer
  /// than three of them or where one side is constant. Ties have average ranks.
  double rank_correlation(const double* x_order, const double* y_order) noexcept;

  /// Pearson's, of values; NaN as above.
  double correlation(const double* x, const double* y) noexcept;

  /// bucket[i] = 1 to num_buckets by average ranks, equal values alike, NaN for NaN; bucket:
  /// [num_padded]. The edges are 1 + (n - 1) k / num_buckets, right-closed.
  void buckets(const double* order, std::size_t num_buckets, double* bucket) noexcept;

 private:
  std::size_t num_symbols_;
  Panel scratch_;
  Panel distinct_;
};

}  // namespace tickwerk::factor
