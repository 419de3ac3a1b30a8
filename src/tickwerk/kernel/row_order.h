// Where each symbol of a row stands in the order of the row's values: the one sort of a day that
// ranks, buckets, medians and rank correlations share. Used by the cross-sectional operators of
// expr/; knows no names, dates or groups.
#pragma once

#include <cstddef>

#include "tickwerk/kernel/tile.h"

namespace tickwerk::kernel {

/// Rows of `RowArgs::scratch` that `row_order` needs.
inline constexpr std::size_t kOrderScratchRows = 3;

/// out[i] = number of symbols with a value below that of symbol i: 0 for the smallest, equal values
/// alike (-0 equals +0; infinities are values). inputs: the values; out: [num_padded], a count.
/// NaN: gives NaN and is counted by nobody. Reads this row only. Cost: about 2 ns a symbol at 500
/// symbols, O(n log^2 n), no allocation.
/// Source: the network is Batcher (1968), "Sorting networks and their applications", AFIPS SJCC 32.
void row_order(const RowArgs& args) noexcept;

}  // namespace tickwerk::kernel
