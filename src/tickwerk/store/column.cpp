#include "tickwerk/store/column.h"

#include <fmt/format.h>

#include <algorithm>

#include "tickwerk/base/hash.h"
#include "tickwerk/store/prints.h"

namespace tickwerk::store {
namespace {

using expr::NodeId;

std::vector<std::uint8_t> needed_by(const expr::Graph& graph, std::span<const NodeId> nodes) {
  std::vector<std::uint8_t> needed(graph.size(), 0);
  for (const NodeId id : nodes) needed[id] = 1;
  for (auto id = static_cast<NodeId>(graph.size()); id-- > 0;) {
    if (!needed[id]) continue;
    for (const NodeId input : graph[id].inputs) needed[input] = 1;
  }
  return needed;
}

bool is_given(const expr::Inputs& inputs, const std::string& field) {
  if (field == "in_universe") return inputs.in_universe.data != nullptr;
  return inputs.fields.contains(field) || inputs.daily.contains(field);
}

ColumnSpec described(const expr::Graph& graph, const expr::Inputs& inputs, const Column& column) {
  const expr::Node& root = graph[column.node];
  ColumnSpec spec;
  spec.name = column.name;
  spec.node = column.node;
  spec.text = expr::to_string(graph, column.node);
  Hasher hasher;
  hasher.update(spec.text);
  spec.fingerprint = hasher.hex();
  spec.reach = root.reach;
  spec.shape = root.shape;
  spec.is_recursive = root.reach.all_history;
  spec.counts_bars = root.reach.all_history || root.reach.lookback > 0;
  spec.inputs.emplace(kBarInput);
  const std::vector<std::uint8_t> needed = needed_by(graph, {&column.node, 1});
  for (NodeId id = 0; id < graph.size(); ++id) {
    if (!needed[id]) continue;
    const expr::Node& node = graph[id];
    if (node.kind == expr::NodeKind::kField) {
      if (is_given(inputs, node.field)) {
        spec.inputs.insert(node.field);
      } else {
        spec.counts_bars = true;  // bar_number
      }
    } else if (node.kind == expr::NodeKind::kOperator) {
      spec.is_recursive |= node.op->num_state > 0;
      spec.counts_bars |= node.op->kind == expr::OperatorKind::kTimeSeries;
      if (node.op->kind != expr::OperatorKind::kCrossSectional) continue;
      // Sums over symbols are added up in the order of their columns.
      spec.inputs.emplace(kPlaceInput);
      if (inputs.in_universe.data != nullptr) spec.inputs.emplace("in_universe");
    }
  }
  return spec;
}

}  // namespace

std::vector<ColumnSpec> describe(const expr::Graph& graph,
                                 const expr::Inputs& inputs,
                                 std::span<const Column> columns) {
  std::vector<ColumnSpec> specs;
  std::set<std::string, std::less<>> names = {"timestamp", "symbol", ""};
  for (const Column& column : columns) {
    if (!names.insert(column.name).second) {
      throw Error(Code::kInvalidArgument,
                  fmt::format("a column of the store must have a name of its own, not timestamp "
                              "or symbol, found '{}'",
                              column.name));
    }
    specs.push_back(described(graph, inputs, column));
  }
  return specs;
}

std::size_t rows_back(const expr::Graph& graph, NodeId node, std::size_t most_missing) {
  const std::vector<std::uint8_t> needed = needed_by(graph, {&node, 1});
  std::vector<std::size_t> back(graph.size(), 0);
  for (NodeId id = 0; id <= node; ++id) {
    const expr::Node& one = graph[id];
    if (!needed[id] || one.kind != expr::NodeKind::kOperator) continue;
    std::size_t rows = 0;
    for (const NodeId input : one.inputs) rows = std::max(rows, back[input]);
    const std::int64_t lookback =
        one.op->reach != nullptr ? one.op->reach(one.constants.data()).lookback : 0;
    if (lookback > 0) {
      // A row more for a symbol that has no bar on the row itself.
      rows += static_cast<std::size_t>(lookback) + most_missing + 1;
    }
    back[id] = rows;
  }
  return back[node];
}

std::set<std::string> recursions_of(const expr::Graph& graph, std::span<const NodeId> nodes) {
  const std::vector<std::uint8_t> needed = needed_by(graph, nodes);
  std::set<std::string> texts;
  for (NodeId id = 0; id < graph.size(); ++id) {
    const expr::Node& node = graph[id];
    if (!needed[id] || node.kind != expr::NodeKind::kOperator || node.op->num_state == 0) continue;
    texts.insert(expr::to_string(graph, id));
  }
  return texts;
}

}  // namespace tickwerk::store
