// Checked expressions as one directed acyclic graph: what the front end makes and the planner
// reads. Equal sub-expressions are one node, also across files and parameter combinations, since a
// node is found by its content before it is made.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "tickwerk/expr/operator.h"

namespace tickwerk::expr {

using NodeId = std::uint32_t;

enum class NodeKind { kConstant, kField, kOperator };

/// kConstant: one number; kDaily: one value a row; kPanel: one value per symbol and row.
enum class Shape { kConstant, kDaily, kPanel };

struct Node {
  NodeKind kind = NodeKind::kConstant;
  double value = 0;              // of a constant
  std::string field;             // name of a field
  const Operator* op = nullptr;  // with a kernel, never a derived one
  std::vector<NodeId> inputs;    // series, conditions and groups, smaller ids
  std::vector<double> constants;
  Shape shape = Shape::kConstant;
  ResultType type = ResultType::kNumber;
  Reach reach;  // of the whole expression
};

class Graph {
 public:
  NodeId constant(double value, ResultType type = ResultType::kNumber);
  NodeId field(std::string_view name, Shape shape, ResultType type = ResultType::kNumber);
  /// Shape and reach follow from the inputs; constants are folded by the front end, not here.
  NodeId apply(const Operator& op, std::vector<NodeId> inputs, std::vector<double> constants);

  const Node& operator[](NodeId id) const { return nodes_[id]; }
  std::size_t size() const noexcept { return nodes_.size(); }
  std::span<const Node> nodes() const noexcept { return nodes_; }

 private:
  NodeId intern(Node node);

  std::vector<Node> nodes_;  // inputs before what reads them
  std::unordered_multimap<std::uint64_t, NodeId> by_content_;
};

/// A graph in which some nodes are read instead of computed.
struct Substituted {
  Graph graph;
  std::vector<NodeId> node_of;  // for each node of the old graph
};

/// `fields`: node and the name of the field that holds its values; no constants. What reads such a
/// node reads the field, whose reach is the bar itself: causality was checked on the old graph.
Substituted substitute(const Graph& graph, const std::map<NodeId, std::string>& fields);

/// The node as text of the language, every sub-expression written out.
std::string to_string(const Graph& graph, NodeId id);

/// The same of every node, in no more than `max_bytes`; what is longer ends in "...". Time and
/// memory are those of the nodes times `max_bytes`, however deep the graph is.
std::vector<std::string> shortened_texts(const Graph& graph, std::size_t max_bytes);

}  // namespace tickwerk::expr
