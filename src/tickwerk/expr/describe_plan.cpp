#include <fmt/format.h>

#include <algorithm>

#include "tickwerk/expr/column_stage.h"
#include "tickwerk/expr/plan.h"
#include "tickwerk/expr/run.h"

namespace tickwerk::expr {
namespace {

constexpr double kDefaultCost = 0.3;  // nanoseconds a value
constexpr std::size_t kTextWidth = 60;

std::string_view to_string(StageKind kind) {
  switch (kind) {
    case StageKind::kDailyColumns:
      return "daily values along time";
    case StageKind::kColumns:
      return "along time, eight symbols at a time";
    case StageKind::kRows:
      break;
  }
  return "across symbols, a day at a time";
}

std::string shown_reach(const Reach& reach) {
  std::string text = fmt::format(
      "[{}, {}]",
      reach.all_history ? "all"
                        : (reach.lookback == 0 ? "0" : fmt::format("{:+}", -reach.lookback)),
      reach.lookahead > 0 ? fmt::format("+{}", reach.lookahead)
                          : fmt::format("{}", reach.lookahead));
  if (reach.all_history && reach.half_life > 0) {
    text += fmt::format(" half-life {:.3g}", reach.half_life);
  }
  return text;
}

std::string shown_bytes(double bytes) {
  if (bytes >= 1e6) return fmt::format("{:.1f} MB", bytes / 1e6);
  return fmt::format("{:.1f} kB", bytes / 1e3);
}

double num_values(const Node& node, const Inputs& inputs) {
  const auto rows = static_cast<double>(inputs.num_rows);
  return node.shape == Shape::kPanel ? rows * static_cast<double>(inputs.num_symbols) : rows;
}

double estimated_ns(const Node& node, const Inputs& inputs) {
  const double cost =
      node.op->cost != nullptr ? node.op->cost(node.constants.data()) : kDefaultCost;
  // A daily value across symbols is computed from all of them.
  const double values = node.op->kind == OperatorKind::kCrossSectional
                            ? static_cast<double>(inputs.num_rows * inputs.num_symbols)
                            : num_values(node, inputs);
  return cost * values;
}

class PlanText {
 public:
  PlanText(const Graph& graph, const Inputs& inputs, std::span<const double> node_ns)
      : graph_(graph),
        inputs_(inputs),
        node_ns_(node_ns),
        texts_(shortened_texts(graph, kTextWidth)),
        most_bars_(OwnBars(inputs.bar).most_bars()) {}

  void add_stage(const Stage& stage, std::size_t number) {
    text_ += fmt::format("stage {}: {}", number, to_string(stage.kind));
    if (stage.kind != StageKind::kRows) {
      const ColumnProgram program = make_column_program(graph_, stage, 0, most_bars_);
      text_ += fmt::format("; tiles of {} bars, {} of buffers a thread", program.tile_bars,
                           shown_bytes(static_cast<double>(
                               (program.buffer_size + program.state_size) * sizeof(double))));
    }
    text_ += "\n";
    for (const NodeId id : stage.reads) {
      text_ +=
          fmt::format("  {:>5}  reads {}\n", fmt::format("#{}", id),
                      graph_[id].kind == NodeKind::kField ? graph_[id].field : "an earlier stage");
    }
    text_ += fmt::format("  {:>5}  {:<22} {:>10}  {}\n", "node", "reach",
                         node_ns_.empty() ? "estimate" : "measured", "expression");
    for (const NodeId id : stage.order) add_node(stage, id);
  }

  std::string finish(std::size_t num_requests, std::size_t num_batches, double kept_bytes) const {
    return fmt::format(
        "{} values wanted, {} nodes, {} batch{}; panels between stages: at most {}\n"
        "{} {:.2f} ms of one thread\n\n{}",
        num_requests, graph_.size(), num_batches, num_batches == 1 ? "" : "es",
        shown_bytes(kept_bytes), node_ns_.empty() ? "estimated" : "measured", total_ns_ / 1e6,
        text_);
  }

 private:
  void add_node(const Stage& stage, NodeId id) {
    const Node& node = graph_[id];
    const bool kept = std::find(stage.roots.begin(), stage.roots.end(), id) != stage.roots.end();
    std::string time = "-";
    if (node.kind == NodeKind::kOperator) {
      const double ns = node_ns_.empty() ? estimated_ns(node, inputs_) : node_ns_[id];
      total_ns_ += ns;
      time = fmt::format("{:.3f} ms", ns / 1e6);
    }
    text_ += fmt::format(
        "  {:>5}  {:<22} {:>10}  {}{}\n", fmt::format("#{}", id), shown_reach(node.reach), time,
        texts_[id], kept ? fmt::format("  -> {}", shown_bytes(8 * num_values(node, inputs_))) : "");
  }

  const Graph& graph_;
  const Inputs& inputs_;
  std::span<const double> node_ns_;
  std::vector<std::string> texts_;  // one per node
  std::int64_t most_bars_;
  std::string text_;
  double total_ns_ = 0;
};

}  // namespace

std::string describe_plan(const Graph& graph,
                          std::span<const Request> requests,
                          const Inputs& inputs,
                          std::span<const double> node_ns) {
  std::vector<NodeId> nodes;
  for (const Request& request : requests) {
    if (std::find(nodes.begin(), nodes.end(), request.node) == nodes.end()) {
      nodes.push_back(request.node);
    }
  }
  const auto batches = make_batches(graph, nodes, inputs, RunOptions().max_panels);
  PlanText text(graph, inputs, node_ns);
  std::size_t number = 0;
  double most_bytes = 0;
  for (const auto& batch : batches) {
    double bytes = 0;
    for (const Stage& stage : make_plan(graph, batch, inputs).stages) {
      text.add_stage(stage, ++number);
      for (const NodeId id : stage.roots) {
        const bool is_wanted = std::find(nodes.begin(), nodes.end(), id) != nodes.end();
        if (!is_wanted) bytes += 8 * num_values(graph[id], inputs);
      }
    }
    most_bytes = std::max(most_bytes, bytes);
  }
  return text.finish(nodes.size(), batches.size(), most_bytes);
}

}  // namespace tickwerk::expr
