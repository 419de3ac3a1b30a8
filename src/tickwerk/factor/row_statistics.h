// What factor analysis asks of one day, on the cross-sectional kernels (kernel/row_*.h), with the
// scratch they need. A row is ranked once and then compared with many others. One object a thread;
// knows no dates, factors or labels.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tickwerk/factor/centered_row.h"
#include "tickwerk/panel/panel.h"

namespace tickwerk::factor {

/// The ranks of one row, made by RowStatistics::rank(), and its values less their mean where
/// center() was called.
class RankRow {
 public:
  explicit RankRow(std::size_t num_symbols);

  /// Number of values below that of each symbol, NaN for NaN: [num_padded].
  const double* order() const noexcept { return rows_.row(0); }
  /// Symbols with a value.
  std::size_t count() const noexcept { return count_; }

 private:
  friend class RowStatistics;

  double* twice() noexcept { return rows_.row(1); }
  const double* twice() const noexcept { return rows_.row(1); }

  Panel rows_;                          // the order; twice the average ranks, 0 for NaN
  std::vector<std::uint64_t> present_;  // a bit a symbol
  std::size_t count_ = 0;
  double squares_ = 0;  // sum of those of twice the ranks
  CenteredRow centered_;
};

/// Rows of `num_symbols` doubles, readable up to the next multiple of eight; NaN where a symbol has
/// no value. Nothing here allocates after construction. The same bits for every instruction set.
class RowStatistics {
 public:
  explicit RowStatistics(std::size_t num_symbols);

  std::size_t num_symbols() const noexcept { return num_symbols_; }
  std::size_t num_padded() const noexcept { return scratch_.stride(); }

  /// Sorts a row. Cost: about 2 ns a symbol.
  void rank(const double* values, RankRow& ranks) noexcept;

  /// Spearman's correlation over the symbols that are in both rows; NaN with fewer than three of
  /// them or where one side is constant. Ties have average ranks, among those symbols alone. Cost:
  /// 0.1 ns a symbol where both rows have the same symbols, as much again for each symbol that only
  /// one has, up to 3 ns. The bits of kernel::row_spearman.
  double rank_correlation(const RankRow& x, const RankRow& y) noexcept;

  /// Pearson's, of values; NaN as above.
  double correlation(const double* x, const double* y) noexcept;

  /// Takes the mean from the values that `ranks` was made of, for the correlations below.
  void center(const double* values, RankRow& ranks) noexcept;

  /// Pearson's correlation of centered rows: 0.1 ns a symbol where both have the same symbols. The
  /// bits of the one above.
  double correlation(const RankRow& x, const RankRow& y) noexcept;

  /// bucket[i] = 1 to num_buckets by average ranks, equal values alike, NaN for NaN; bucket:
  /// [num_padded]. The edges are 1 + (n - 1) k / num_buckets, right-closed.
  void buckets(const double* order, std::size_t num_buckets, double* bucket) noexcept;

  /// An order with equal values counted apart, the one further left first: 0 to n - 1. Valid until
  /// the next call.
  const double* distinct_order(const double* order) noexcept;

 private:
  /// Twice the ranks of a row without some of its symbols.
  struct Remaining {
    const double* twice;
    double squares;
  };
  Remaining without(const RankRow& row,
                    std::span<const std::size_t> places,
                    double* twice) const noexcept;
  double correlation_of_orders(const double* x_order, const double* y_order) noexcept;

  std::size_t num_symbols_;
  Panel scratch_;
  Panel lines_;  // two more rows
};

}  // namespace tickwerk::factor
