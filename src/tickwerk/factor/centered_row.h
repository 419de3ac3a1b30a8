// One row of values less their mean, to be correlated with many others. Used by row_statistics.h;
// the sums are those of kernel::row_correlation, in its order.
#pragma once

#include <cstddef>

#include "tickwerk/panel/panel.h"

namespace tickwerk::factor {

/// Values that do not count, and the padding, are 0.
struct CenteredRow {
  explicit CenteredRow(std::size_t num_symbols);

  const double* values = nullptr;  // as they were given to center()
  Panel deviations;                // one row
  double count = 0;
  double rest = 0;     // sum of the deviations, which rounding leaves
  double squares = 0;  // sum of their squares, less what the rest makes of it
  bool is_constant = true;
};

/// values: [num_symbols], NaN where there is none; count: those that are not. Two passes, no
/// allocation.
void center(const double* values,
            std::size_t num_symbols,
            std::size_t count,
            CenteredRow& row) noexcept;

/// Pearson's correlation of rows that have values of the same symbols; NaN with fewer than three,
/// or where one side is constant. The bits of kernel::row_correlation.
double correlation_of_alike(const CenteredRow& x, const CenteredRow& y) noexcept;

}  // namespace tickwerk::factor
