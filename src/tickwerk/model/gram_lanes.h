// Products of every pair of columns of a block of rows, added to eight partial sums a pair. The
// inner loop of gram.cpp, written once for every width of vector registers; it knows neither
// features nor weights and refuses nothing.
#pragma once

#include <cstddef>

#include "tickwerk/panel/panel.h"

namespace tickwerk::model {

/// Rows of a full block; a shorter one is filled up with zeros to whole eights.
inline constexpr std::size_t kBlockRows = 128;

/// Columns are taken four by four.
inline constexpr std::size_t kTileColumns = 4;

/// `count` rounded up to whole tiles; the columns beyond it must be zero.
constexpr std::size_t padded_columns(std::size_t count) noexcept {
  return (count + kTileColumns - 1) / kTileColumns * kTileColumns;
}

/// Pairs (i, j) with i <= j of `count` columns, and the place of one among them.
constexpr std::size_t num_pairs(std::size_t count) noexcept { return count * (count + 1) / 2; }
constexpr std::size_t pair_at(std::size_t i, std::size_t j) noexcept { return j * (j + 1) / 2 + i; }

/// Zeroed partial sums of `columns` columns (padded): a row of eight for each pair of each tile.
Panel make_lane_sums(std::size_t columns);

/// lane_sums(pair (i, j))[r mod 8] += left(i, r) * right(j, r) for r = 0, 1, ..., rows - 1 in this
/// order, for all pairs of tiles with tile(i) <= tile(j).
/// left, right: [column, row], kBlockRows a row, a padded number of columns, may be the same;
/// `rows` a multiple of 8. Reads no other rows. NaN: spreads to its pairs. Cost: O(columns^2 *
/// rows), no allocation; the same bits for every instruction set.
void add_products(PanelView left, PanelView right, std::size_t rows, PanelSpan lane_sums) noexcept;

/// totals[pair_at(i, j)] = the eight partial sums of the pair in the order of kernel/lanes.h, for
/// the pairs of the first `count` columns.
void total_products(PanelView lane_sums, std::size_t count, double* totals) noexcept;

}  // namespace tickwerk::model
