// Between panels and tiles: the own bars of eight symbols are gathered from their rows, and what
// was computed is scattered back. Internal to `expr`.
#pragma once

#include "tickwerk/expr/own_bars.h"
#include "tickwerk/expr/values.h"

namespace tickwerk::expr {

/// tile[k * 8 + lane] = the panel at bar first + k of the lane's symbol, for 0 <= k < num_bars; NaN
/// where there is no such bar. A panel of one column is read by every lane.
void gather_tile(PanelView panel,
                 const OwnBars& bars,
                 const OwnBars::Group& group,
                 std::int64_t first,
                 std::size_t num_bars,
                 double* tile);

/// Writes the tile's bars to their rows; nothing where there is no such bar.
void scatter_tile(const double* tile,
                  const OwnBars& bars,
                  const OwnBars::Group& group,
                  std::int64_t first,
                  std::size_t num_bars,
                  const Place& place);

/// Makes what this thread scattered visible to the others, before they are told that it is done:
/// writes past the cache are not in order by themselves.
void finish_scatter() noexcept;

/// Makes the group's symbols NaN (as a condition 2) on every row that is no bar of theirs.
void clear_missing(const OwnBars& bars, const OwnBars::Group& group, const Place& place);

/// NaN in every lane of the tile where there is no such bar.
void mask_tile(const OwnBars& bars,
               const OwnBars::Group& group,
               std::int64_t first,
               std::size_t num_bars,
               double* tile);

}  // namespace tickwerk::expr
