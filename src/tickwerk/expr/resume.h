// How far back a later run must read to go on: rows that each node of a graph must know, given the
// bars there are. Internal to `expr`.
#pragma once

#include <vector>

#include "tickwerk/expr/graph.h"
#include "tickwerk/expr/own_bars.h"

namespace tickwerk::expr {

/// Per node the first row, from the first row of the bars, on which a run that begins at row
/// `num_rows` must know its value. `nodes` are wanted from that row on; a node that nobody reads
/// has num_rows.
std::vector<std::size_t> first_rows_needed(const Graph& graph,
                                           std::span<const NodeId> nodes,
                                           const OwnBars& bars);

/// True where the symbol's last bar lies so far back that it is taken to have stopped trading.
bool has_stopped(const OwnBars& bars, std::size_t symbol);

/// Rows without a bar, at the end, after which a symbol is taken to have stopped trading.
inline constexpr std::size_t kRowsToEnd = 5;

}  // namespace tickwerk::expr
