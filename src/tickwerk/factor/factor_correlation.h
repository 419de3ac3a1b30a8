// Which factors say the same: the mean over all days of the rank correlation of two factors across
// symbols. Used by analysis.h.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "tickwerk/factor/row_statistics.h"
#include "tickwerk/panel/panel.h"

namespace tickwerk::factor {

/// [factor, factor], symmetric: the mean of the rows where the two have a rank correlation, so 1 on
/// the diagonal; NaN where no row has one. factors: [time, symbol], same shapes, NaN also where a
/// symbol is no member. Cost: about 0.1 ns a symbol, row and pair, up to 3 where the two miss many
/// different symbols. Throws kInvalidArgument when shapes differ. The same bits for any number of
/// threads.
Panel factor_correlation(std::span<const PanelView> factors);

/// Sums of rank correlations over some rows.
class CorrelationSums {
 public:
  explicit CorrelationSums(std::size_t num_factors);

  /// Adds a row: the ranks of each factor.
  void add(std::span<const RankRow> ranks, RowStatistics& rows) noexcept;
  /// Adds the rows of another.
  void add(const CorrelationSums& other) noexcept;
  /// The matrix of factor_correlation().
  Panel mean() const;

 private:
  std::size_t num_factors_;
  std::vector<double> sums_;  // pairs (0, 0), (0, 1), ... (1, 1), ...
  std::vector<double> counts_;
};

}  // namespace tickwerk::factor
