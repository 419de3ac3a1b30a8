// How requested nodes are computed: in stages, alternately along time (columns: eight symbols, all
// their bars, tile by tile) and across symbols (rows: one day, all symbols). What one stage hands
// to another is a panel. Internal to `expr`.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "tickwerk/expr/graph.h"
#include "tickwerk/expr/inputs.h"

namespace tickwerk::expr {

enum class StageKind { kDailyColumns, kColumns, kRows };

struct Stage {
  StageKind kind = StageKind::kColumns;
  std::vector<NodeId> roots;  // computed here and kept: requested, or read by a later stage
  std::vector<NodeId> order;  // all nodes computed here, inputs before what reads them; no sources
  std::vector<NodeId> reads;  // fields and roots of earlier stages
  std::vector<NodeId> last_reads;  // of `reads`, those that no later stage needs
};

struct Plan {
  std::vector<Stage> stages;
};

/// Plans the nodes together. Requested constants are in no stage; special fields are made by column
/// stages themselves.
Plan make_plan(const Graph& graph, std::span<const NodeId> requested, const Inputs& inputs);

/// Splits requests so that the plan of each part hands over at most `max_panels` panels (or a
/// quarter of the requests', if that is more), as far as whole requests allow; keeps the order.
std::vector<std::vector<NodeId>> make_batches(const Graph& graph,
                                              std::span<const NodeId> requested,
                                              const Inputs& inputs,
                                              std::size_t max_panels);

/// A field that no panel holds and a column stage computes from the bars' positions: `bar_number`,
/// `$bars_left`, and `in_universe` where everyone is a member.
bool is_special_field(const Node& node, const Inputs& inputs);

}  // namespace tickwerk::expr
