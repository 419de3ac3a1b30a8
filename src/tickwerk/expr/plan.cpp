#include "tickwerk/expr/plan.h"

#include <algorithm>
#include <map>

namespace tickwerk::expr {
namespace {

constexpr int kFloating = -1;  // computed wherever it is read: fields, constants, and element-wise
                               // nodes over them
constexpr int kNumKinds = 3;   // a stage's level modulo this is its kind

StageKind kind_of(int level) { return static_cast<StageKind>(level % kNumKinds); }

int next_level(int level, StageKind kind) {
  level = std::max(level, 0);
  while (kind_of(level) != kind) ++level;
  return level;
}

StageKind columns_for(Shape shape) {
  return shape == Shape::kDaily ? StageKind::kDailyColumns : StageKind::kColumns;
}

class Planner {
 public:
  Planner(const Graph& graph, std::span<const NodeId> requested, const Inputs& inputs)
      : graph_(graph), inputs_(inputs), level_(graph.size(), kFloating), needed_(graph.size(), 0) {
    for (const NodeId id : requested) {
      if (graph[id].shape != Shape::kConstant) requested_.push_back(id);
    }
    mark_needed();
    for (NodeId id = 0; id < graph.size(); ++id) {
      if (needed_[id]) level_[id] = level_of(id);
    }
    for (const NodeId id : requested_) {
      if (level_[id] == kFloating) level_[id] = next_level(0, columns_for(graph[id].shape));
    }
  }

  Plan plan() {
    std::map<int, Stage> stages;
    const std::vector<std::uint8_t> kept = nodes_kept();
    for (NodeId id = 0; id < graph_.size(); ++id) {
      if (kept[id]) stages[level_[id]].roots.push_back(id);
    }
    Plan plan;
    for (auto& [level, stage] : stages) {
      stage.kind = kind_of(level);
      fill(level, stage);
      plan.stages.push_back(std::move(stage));
    }
    std::vector<std::uint8_t> read_later(graph_.size(), 0);
    for (auto stage = plan.stages.rbegin(); stage != plan.stages.rend(); ++stage) {
      for (const NodeId id : stage->reads) {
        if (read_later[id]) continue;
        read_later[id] = 1;
        stage->last_reads.push_back(id);
      }
    }
    return plan;
  }

 private:
  void mark_needed() {
    for (const NodeId id : requested_) needed_[id] = 1;
    for (NodeId id = static_cast<NodeId>(graph_.size()); id-- > 0;) {
      if (!needed_[id]) continue;
      for (const NodeId input : graph_[id].inputs) needed_[input] = 1;
    }
  }

  int level_of(NodeId id) const {
    const Node& node = graph_[id];
    if (node.kind == NodeKind::kConstant) return kFloating;
    if (node.kind == NodeKind::kField) {
      return is_special_field(node, inputs_) ? next_level(0, StageKind::kColumns) : kFloating;
    }
    int level = kFloating;
    for (const NodeId input : node.inputs) level = std::max(level, level_[input]);
    switch (node.op->kind) {
      case OperatorKind::kTimeSeries:
        return next_level(level, columns_for(node.shape));
      case OperatorKind::kCrossSectional:
        return next_level(level, StageKind::kRows);
      case OperatorKind::kElementWise:
        break;
    }
    if (level == kFloating) return kFloating;
    // A daily value is at home in rows and daily columns, a panel in rows and columns.
    const StageKind stranger =
        node.shape == Shape::kDaily ? StageKind::kColumns : StageKind::kDailyColumns;
    return kind_of(level) == stranger ? level + 1 : level;
  }

  std::vector<std::uint8_t> nodes_kept() const {
    std::vector<std::uint8_t> kept(graph_.size(), 0);
    for (const NodeId id : requested_) kept[id] = 1;
    for (NodeId id = 0; id < graph_.size(); ++id) {
      if (!needed_[id] || level_[id] == kFloating) continue;
      for (const NodeId input : graph_[id].inputs) {
        if (level_[input] != kFloating && level_[input] < level_[id]) kept[input] = 1;
      }
    }
    return kept;
  }

  /// True where the stage computes the node itself rather than reading it.
  bool computed_in(int level, NodeId id) const {
    const Node& node = graph_[id];
    if (node.kind == NodeKind::kConstant) return false;
    if (level_[id] == level)
      return node.kind == NodeKind::kOperator || is_special_field(node, inputs_);
    return level_[id] == kFloating && node.kind == NodeKind::kOperator;
  }

  /// Depth first from each root, so that values are used soon after they were made.
  void fill(int level, Stage& stage) const {
    std::vector<std::uint8_t> seen(graph_.size(), 0);
    std::vector<std::pair<NodeId, std::size_t>> open;
    for (const NodeId root : stage.roots) {
      if (!seen[root]) open.emplace_back(root, 0);
      seen[root] = 1;
      while (!open.empty()) {
        auto& [id, next_input] = open.back();
        const Node& node = graph_[id];
        if (!computed_in(level, id)) {
          if (node.kind != NodeKind::kConstant) stage.reads.push_back(id);
          open.pop_back();
        } else if (next_input < node.inputs.size()) {
          const NodeId input = node.inputs[next_input++];
          if (!seen[input]) {
            seen[input] = 1;
            open.emplace_back(input, 0);
          }
        } else {
          stage.order.push_back(id);
          open.pop_back();
        }
      }
    }
  }

  const Graph& graph_;
  const Inputs& inputs_;
  std::vector<int> level_;
  std::vector<std::uint8_t> needed_;
  std::vector<NodeId> requested_;
};

std::size_t panels_handed_over(const Graph& graph,
                               std::span<const NodeId> requested,
                               const Inputs& inputs) {
  std::size_t count = 0;
  for (const Stage& stage : make_plan(graph, requested, inputs).stages) {
    for (const NodeId id : stage.roots) {
      const bool is_asked_for =
          std::find(requested.begin(), requested.end(), id) != requested.end();
      count += graph[id].shape == Shape::kPanel && !is_asked_for ? 1 : 0;
    }
  }
  return count;
}

}  // namespace

bool is_special_field(const Node& node, const Inputs& inputs) {
  if (node.kind != NodeKind::kField) return false;
  if (node.field == "bar_number" || node.field == "$bars_left") return true;
  return node.field == "in_universe" && inputs.in_universe.data == nullptr;
}

Plan make_plan(const Graph& graph, std::span<const NodeId> requested, const Inputs& inputs) {
  return Planner(graph, requested, inputs).plan();
}

std::vector<std::vector<NodeId>> make_batches(const Graph& graph,
                                              std::span<const NodeId> requested,
                                              const Inputs& inputs,
                                              std::size_t max_panels) {
  max_panels = std::max(max_panels, requested.size() / 4);
  const std::vector<NodeId> all(requested.begin(), requested.end());
  if (panels_handed_over(graph, all, inputs) <= max_panels) return {all};
  std::vector<std::vector<NodeId>> batches;
  for (const NodeId id : requested) {
    if (batches.empty()) batches.emplace_back();
    batches.back().push_back(id);
    const std::vector<NodeId>& batch = batches.back();
    if (batch.size() == 1 || panels_handed_over(graph, batch, inputs) <= max_panels) continue;
    batches.back().pop_back();
    batches.push_back({id});
  }
  return batches;
}

}  // namespace tickwerk::expr
