// Quantiles of the values of a row, found by their order (kernel/row_order.h): the median, and
// values clipped at quantiles of the day. Used by the cross-sectional operators of expr/; sorts
// nothing.
#pragma once

#include "tickwerk/kernel/tile.h"

namespace tickwerk::kernel {

/// Median: the mean of the two middle values when their number is even.
/// inputs: values, and their `row_order`; out[0] only, unit of the values.
/// NaN: does not count; NaN when there is no value. An infinity may be the result; between -inf and
/// +inf the median is NaN. Reads this row only. Cost: linear, no allocation.
void row_median(const RowArgs& args) noexcept;

/// Values clipped to [quantile(low), quantile(high)] of the row, quantiles of type 7 (Hyndman and
/// Fan 1996: linear between the order statistics at (n - 1) q). inputs: values, and their
/// `row_order`; constants: low, high, each in [0, 1]; out: [num_padded], unit of the values. Where
/// low is above high, every value becomes quantile(high).
/// NaN: gives NaN and does not count; also where a bound lies between -inf and +inf.
/// Reads this row only. Cost: linear, no allocation.
void row_winsorize(const RowArgs& args) noexcept;

}  // namespace tickwerk::kernel
