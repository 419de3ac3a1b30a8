#include "tickwerk/expr/resume.h"

#include <algorithm>

#include "tickwerk/expr/state.h"

namespace tickwerk::expr {
namespace {

/// The first row that a window of `lookback` bars reaches on any row from `row` on.
std::size_t row_of_window(const OwnBars& bars, std::size_t row, std::int64_t lookback) {
  if (lookback <= 0) return row;
  std::size_t first = row;
  for (std::size_t s = 0; s < bars.num_symbols(); ++s) {
    const std::int64_t before = bars.count_before(s, row);
    const bool ended_before = before == bars.count(s) && has_stopped(bars, s);
    if (before == 0 || ended_before) continue;
    const std::int64_t oldest = bars.begin(s) + std::max<std::int64_t>(before - lookback, 0);
    first = std::min(first, bars.row(s, oldest));
  }
  return first;
}

/// The same of daily values, which have one on every row.
std::size_t daily_row_of_window(std::size_t row, std::int64_t lookback) {
  return row - std::min(row, static_cast<std::size_t>(std::max<std::int64_t>(lookback, 0)));
}

}  // namespace

bool has_stopped(const OwnBars& bars, std::size_t symbol) {
  return bars.count(symbol) > 0 &&
         bars.row(symbol, bars.end(symbol) - 1) + kRowsToEnd + 1 < bars.num_rows();
}

std::vector<std::size_t> first_rows_needed(const Graph& graph,
                                           std::span<const NodeId> nodes,
                                           const OwnBars& bars) {
  std::vector<std::size_t> first(graph.size(), bars.num_rows());
  std::vector<std::uint8_t> needed(graph.size(), 0);
  for (const NodeId id : nodes) needed[id] = 1;
  for (NodeId id = static_cast<NodeId>(graph.size()); id-- > 0;) {
    const Node& node = graph[id];
    if (!needed[id] || node.kind != NodeKind::kOperator) continue;
    const std::int64_t lookback =
        node.op->reach != nullptr ? node.op->reach(node.constants.data()).lookback : 0;
    const std::size_t row = node.shape == Shape::kDaily ? daily_row_of_window(first[id], lookback)
                                                        : row_of_window(bars, first[id], lookback);
    for (const NodeId input : node.inputs) {
      needed[input] = 1;
      first[input] = std::min(first[input], row);
    }
  }
  return first;
}

State select_symbols(const State& state, std::span<const std::int64_t> from) {
  State selected;
  selected.num_rows = state.num_rows;
  selected.first_row = state.first_row;
  const auto pick = [&](const auto& values, auto absent) {
    std::vector<std::decay_t<decltype(absent)>> picked;
    for (const std::int64_t column : from) {
      picked.push_back(column < 0 ? absent : values[static_cast<std::size_t>(column)]);
    }
    return picked;
  };
  selected.bars_before = pick(state.bars_before, std::int64_t{0});
  selected.num_bars = pick(state.num_bars, std::int64_t{0});
  selected.stopped = pick(state.stopped, std::uint8_t{0});
  const std::size_t num_symbols = state.num_bars.size();
  for (const auto& [text, recursion] : state.recursions) {
    State::Recursion& kept = selected.recursions[text];
    kept.row = recursion.row;
    if (recursion.is_daily) {
      kept.is_daily = true;
      kept.values = recursion.values;
      continue;
    }
    for (std::size_t first = 0; first < recursion.values.size(); first += num_symbols) {
      const std::vector<double> variable(
          recursion.values.begin() + static_cast<std::ptrdiff_t>(first),
          recursion.values.begin() + static_cast<std::ptrdiff_t>(first + num_symbols));
      const std::vector<double> picked = pick(variable, 0.0);
      kept.values.insert(kept.values.end(), picked.begin(), picked.end());
    }
  }
  return selected;
}

}  // namespace tickwerk::expr
