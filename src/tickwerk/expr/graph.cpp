#include "tickwerk/expr/graph.h"

#include <algorithm>
#include <bit>
#include <functional>

#include "tickwerk/base/error.h"

namespace tickwerk::expr {
namespace {

std::uint64_t mixed(std::uint64_t hash, std::uint64_t value) {
  hash ^= value + 0x9e3779b97f4a7c15 + (hash << 6) + (hash >> 2);
  return hash * 0xff51afd7ed558ccd;
}

std::uint64_t bits(double value) { return std::bit_cast<std::uint64_t>(value); }

std::uint64_t content_hash(const Node& node) {
  std::uint64_t hash = static_cast<std::uint64_t>(node.kind);
  hash = mixed(hash, bits(node.value));
  hash = mixed(hash, std::hash<std::string>()(node.field));
  hash = mixed(hash, reinterpret_cast<std::uintptr_t>(node.op));
  for (const NodeId input : node.inputs) hash = mixed(hash, input);
  for (const double constant : node.constants) hash = mixed(hash, bits(constant));
  return hash;
}

bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](double x, double y) { return bits(x) == bits(y); });
}

bool same_content(const Node& a, const Node& b) {
  return a.kind == b.kind && a.type == b.type && bits(a.value) == bits(b.value) &&
         a.field == b.field && a.op == b.op && a.inputs == b.inputs &&
         same_bits(a.constants, b.constants);
}

}  // namespace

NodeId Graph::constant(double value, ResultType type) {
  Node node;
  node.value = value;
  node.type = type;
  return intern(std::move(node));
}

NodeId Graph::field(std::string_view name, Shape shape, ResultType type) {
  Node node;
  node.kind = NodeKind::kField;
  node.field = name;
  node.shape = shape;
  node.type = type;
  return intern(std::move(node));
}

NodeId Graph::apply(const Operator& op, std::vector<NodeId> inputs, std::vector<double> constants) {
  TW_CHECK(op.definition.empty(), ==, true);
  Node node;
  node.kind = NodeKind::kOperator;
  node.op = &op;
  node.type = op.type;
  const Reach own = op.reach != nullptr ? op.reach(constants.data()) : Reach{};
  bool first = true;
  for (const NodeId input : inputs) {
    const Node& read = nodes_[input];
    node.shape = std::max(node.shape, read.shape);
    if (read.shape == Shape::kConstant) continue;
    const Reach reach = through(own, read.reach);
    node.reach = first ? reach : cover(node.reach, reach);
    first = false;
  }
  if (op.shape == ResultShape::kDaily) node.shape = Shape::kDaily;
  if (op.keeps_conditions && std::all_of(inputs.begin(), inputs.end(), [&](NodeId input) {
        return nodes_[input].type == ResultType::kCondition;
      })) {
    node.type = ResultType::kCondition;
  }
  node.inputs = std::move(inputs);
  node.constants = std::move(constants);
  return intern(std::move(node));
}

NodeId Graph::intern(Node node) {
  const std::uint64_t hash = content_hash(node);
  const auto [first, last] = by_content_.equal_range(hash);
  for (auto it = first; it != last; ++it) {
    if (same_content(nodes_[it->second], node)) return it->second;
  }
  const auto id = static_cast<NodeId>(nodes_.size());
  nodes_.push_back(std::move(node));
  by_content_.emplace(hash, id);
  return id;
}

Substituted substitute(const Graph& graph, const std::map<NodeId, std::string>& fields) {
  Substituted result;
  result.node_of.reserve(graph.size());
  for (NodeId id = 0; id < graph.size(); ++id) {
    const Node& node = graph[id];
    if (const auto read = fields.find(id); read != fields.end()) {
      TW_CHECK((node.kind != NodeKind::kConstant), ==, true);
      result.node_of.push_back(result.graph.field(read->second, node.shape, node.type));
    } else if (node.kind == NodeKind::kConstant) {
      result.node_of.push_back(result.graph.constant(node.value, node.type));
    } else if (node.kind == NodeKind::kField) {
      result.node_of.push_back(result.graph.field(node.field, node.shape, node.type));
    } else {
      std::vector<NodeId> inputs;
      for (const NodeId input : node.inputs) inputs.push_back(result.node_of[input]);
      result.node_of.push_back(result.graph.apply(*node.op, std::move(inputs), node.constants));
    }
  }
  return result;
}

}  // namespace tickwerk::expr
