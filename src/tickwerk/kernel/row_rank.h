// What follows from the order of a row (kernel/row_order.h) alone: average ranks, buckets, rank
// correlation. Used by the cross-sectional operators of expr/; sorts nothing.
#pragma once

#include <cstddef>

#include "tickwerk/kernel/tile.h"

namespace tickwerk::kernel {

/// Rows of `RowArgs::scratch` that the functions below need.
inline constexpr std::size_t kRankScratchRows = 3;

/// Average rank / number of values, in (0, 1]: equal values share the mean of the ranks they take.
/// inputs: one, by `row_order`; out: [num_padded], dimensionless.
/// NaN: gives NaN and does not count. Reads this row only. Cost: linear, no allocation.
void row_rank(const RowArgs& args) noexcept;

/// Bucket 1..k of the average rank r among n values: the smallest j with r <= 1 + (n - 1) j / k, so
/// that equal values share a bucket; exact, whatever k. A single value is in bucket 1.
/// inputs: one, by `row_order`; constants: k >= 1. Shapes, NaN, rows read and cost as `row_rank`.
/// Source: docs/language.md, cs_quantile; pandas `cut` of the average ranks at these edges (`qcut`
/// takes quantiles of the ranks for edges: others where values are equal).
void row_bucket(const RowArgs& args) noexcept;

/// Spearman's correlation over the symbols that have both values: Pearson's of their average ranks
/// among themselves. inputs: two, each by `row_order` of a whole row; out[0] only, in [-1, 1].
/// NaN: a symbol with a NaN in either does not count; fewer than 3 symbols, or all values of one
/// side equal, give NaN. Reads this row only. Cost: linear, no allocation. All sums are whole
/// numbers and exact; what is rounded is one product, one root and one division.
void row_spearman(const RowArgs& args) noexcept;

}  // namespace tickwerk::kernel
