// Sums, means, deviations and extremes of a row, and what is scaled by them. Sums over symbols are
// eight-lane sums (kernel/lanes.h) in which a symbol that does not count adds exactly 0. Used by
// the cross-sectional operators of expr/; knows no groups.
//
// All of them: inputs [num_symbols]; NaN does not count, and gives NaN where there is a value per
// symbol; read this row only; linear, no allocation, no scratch. Infinities follow IEEE.
#pragma once

#include "tickwerk/kernel/tile.h"

namespace tickwerk::kernel {

/// out[0] = sum of the values; NaN when there is none.
void row_sum(const RowArgs& args) noexcept;

/// out[0] = mean; of equal values exactly that value; NaN when there is none.
void row_mean(const RowArgs& args) noexcept;

/// out[0] = standard deviation by n - ddof; constants: ddof. Of equal values exactly 0; NaN when
/// there are not more than ddof values. Squares of differences from the mean, with the correction
/// of Chan, Golub and LeVeque (1983), "Algorithms for computing the sample variance", formula 1.7.
void row_deviation(const RowArgs& args) noexcept;

/// out[0] = smallest, largest value; NaN when there is none.
void row_min(const RowArgs& args) noexcept;
void row_max(const RowArgs& args) noexcept;

/// out[0] = number of values; 0 when there is none.
void row_count(const RowArgs& args) noexcept;

/// out[i] = value - mean.
void row_demean(const RowArgs& args) noexcept;

/// out[i] = (value - mean) / deviation; constants: ddof. NaN where the deviation is 0 or none.
void row_zscore(const RowArgs& args) noexcept;

/// out[i] = value * a / sum of |value|; constants: a. NaN where all values are 0.
void row_scale(const RowArgs& args) noexcept;

/// out[0] = Pearson's correlation of inputs 0 and 1 over the symbols with both values, in [-1, 1];
/// NaN with fewer than 3 of them or when one side is constant.
void row_correlation(const RowArgs& args) noexcept;

}  // namespace tickwerk::kernel
