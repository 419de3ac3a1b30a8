#include "tickwerk/expr/run.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "tickwerk/expr/column_stage.h"
#include "tickwerk/expr/plan.h"
#include "tickwerk/expr/row_stage.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::expr {
namespace {

/// What a run keeps of one node.
struct Kept {
  Panel numbers;
  ConditionPanel conditions;
};

struct Wanted {
  bool numbers = false;
  bool conditions = false;
};

PanelView field_view(const Node& node, const Inputs& inputs, std::vector<Panel>& daily_copies) {
  if (is_special_field(node, inputs)) return {};
  if (node.field == "in_universe") return inputs.in_universe;
  if (node.shape == Shape::kDaily) {
    if (const auto found = inputs.daily.find(node.field); found != inputs.daily.end()) {
      TW_CHECK(found->second.size(), ==, inputs.num_rows);
      Panel copy(inputs.num_rows, 1);
      for (std::size_t t = 0; t < inputs.num_rows; ++t) copy(t, 0) = found->second[t];
      daily_copies.push_back(std::move(copy));
      return daily_copies.back().view();
    }
  } else if (const auto found = inputs.fields.find(node.field); found != inputs.fields.end()) {
    return found->second;
  }
  std::vector<std::string> names;
  for (const auto& entry : inputs.fields) names.push_back(entry.first);
  throw Error(Code::kNotFound, fmt::format("a field must be one of the data ({}), found '{}'",
                                           fmt::join(names, ", "), node.field));
}

class Run {
 public:
  Run(const Graph& graph, const Inputs& inputs, const RunOptions& options)
      : graph_(graph),
        inputs_(inputs),
        options_(options),
        bars_(inputs.bar),
        every_row_(OwnBars::every_row(inputs.num_rows)),
        wanted_(graph.size()),
        kept_(graph.size()) {
    TW_CHECK(options.tile_bars % kernel::kTileBlock, ==, 0u);
  }

  Values run(std::span<const Request> requests) {
    std::vector<NodeId> nodes;
    for (const Request& request : requests) {
      Wanted& wanted = wanted_[request.node];
      if (!wanted.numbers && !wanted.conditions) nodes.push_back(request.node);
      (request.format == Format::kNumbers ? wanted.numbers : wanted.conditions) = true;
    }
    const std::size_t max_panels = std::max(options_.max_panels, nodes.size() / 4);
    for (const auto& batch : make_batches(graph_, nodes, inputs_, max_panels)) run_batch(batch);
    return collect(requests);
  }

 private:
  std::size_t width(const Node& node) const {
    return node.shape == Shape::kPanel ? inputs_.num_symbols : 1;
  }

  void run_batch(std::span<const NodeId> batch) {
    Places places(graph_.size());
    std::vector<Panel> daily_copies;
    const Plan plan = make_plan(graph_, batch, inputs_);
    for (const Stage& stage : plan.stages) {
      for (const NodeId id : stage.reads) {
        if (graph_[id].kind == NodeKind::kField && places[id].read.data == nullptr) {
          places[id].read = field_view(graph_[id], inputs_, daily_copies);
        }
      }
      give_places(plan, stage, places);
      switch (stage.kind) {
        case StageKind::kColumns:
          run_columns(graph_, stage, bars_, places, options_);
          break;
        case StageKind::kDailyColumns:
          run_columns(graph_, stage, every_row_, places, options_);
          break;
        case StageKind::kRows:
          run_rows(graph_, stage, inputs_, places, options_);
          break;
      }
      for (const NodeId id : stage.roots) {
        places[id] = {.read = places[id].write, .write = {}, .conditions = {}};
      }
      for (const NodeId id : stage.last_reads) release(id);
      for (const NodeId id : stage.roots) {
        if (!is_read_after(plan, stage, id)) release(id);
      }
    }
  }

  static bool is_read_after(const Plan& plan, const Stage& stage, NodeId id) {
    for (const Stage* later = &stage + 1; later < plan.stages.data() + plan.stages.size();
         ++later) {
      if (std::find(later->reads.begin(), later->reads.end(), id) != later->reads.end())
        return true;
    }
    return false;
  }

  void give_places(const Plan& plan, const Stage& stage, Places& places) {
    // A row stage may write a panel in the place of one that it is the last to read.
    std::vector<NodeId> replaceable;
    if (stage.kind == StageKind::kRows) {
      for (const NodeId id : stage.last_reads) {
        if (!wanted_[id].numbers && !kept_[id].numbers.empty() &&
            graph_[id].shape == Shape::kPanel) {
          replaceable.push_back(id);
        }
      }
    }
    for (const NodeId id : stage.roots) {
      const Node& node = graph_[id];
      Kept& kept = kept_[id];
      if (wanted_[id].conditions) {
        kept.conditions = ConditionPanel(inputs_.num_rows, width(node));
        places[id].conditions = kept.conditions.span();
        if (!wanted_[id].numbers && !is_read_after(plan, stage, id)) continue;
      }
      if (node.shape == Shape::kPanel && !replaceable.empty()) {
        kept.numbers = std::exchange(kept_[replaceable.back()].numbers, Panel());
        replaceable.pop_back();
      } else if (node.shape == Shape::kPanel && !free_panels_.empty()) {
        kept.numbers = std::move(free_panels_.back());
        free_panels_.pop_back();
      } else {
        kept.numbers = Panel(inputs_.num_rows, width(node));
      }
      places[id].write = kept.numbers.span();
    }
  }

  /// Gives the memory of a node back that nobody wants to see.
  void release(NodeId id) {
    if (wanted_[id].numbers || kept_[id].numbers.empty()) return;
    Panel panel = std::exchange(kept_[id].numbers, Panel());
    if (graph_[id].shape == Shape::kPanel) free_panels_.push_back(std::move(panel));
  }

  Values collect(std::span<const Request> requests) {
    Values values;
    values.numbers.resize(requests.size());
    values.conditions.resize(requests.size());
    std::unordered_map<NodeId, std::size_t> numbers_at, conditions_at;
    for (std::size_t i = 0; i < requests.size(); ++i) {
      const NodeId id = requests[i].node;
      if (requests[i].format == Format::kNumbers) {
        const auto [at, is_new] = numbers_at.emplace(id, i);
        values.numbers[i] = is_new ? numbers_of(id) : copy_of(values.numbers[at->second]);
      } else {
        const auto [at, is_new] = conditions_at.emplace(id, i);
        values.conditions[i] = is_new ? conditions_of(id) : copy_of(values.conditions[at->second]);
      }
    }
    return values;
  }

  Panel numbers_of(NodeId id) {
    if (graph_[id].shape != Shape::kConstant) return std::move(kept_[id].numbers);
    return Panel(inputs_.num_rows, 1, graph_[id].value);
  }

  ConditionPanel conditions_of(NodeId id) {
    if (graph_[id].shape != Shape::kConstant) return std::move(kept_[id].conditions);
    const double value = graph_[id].value;
    const int truth = value != value ? 2 : (value != 0 ? 1 : 0);
    return ConditionPanel(inputs_.num_rows, 1, static_cast<std::int8_t>(truth));
  }

  template <class T>
  static BasicPanel<T> copy_of(const BasicPanel<T>& panel) {
    BasicPanel<T> copy(panel.num_rows(), panel.num_symbols());
    std::copy_n(panel.row(0), panel.num_rows() * panel.stride(), copy.row(0));
    return copy;
  }

  const Graph& graph_;
  const Inputs& inputs_;
  const RunOptions& options_;
  OwnBars bars_;
  OwnBars every_row_;
  std::vector<Wanted> wanted_;
  std::vector<Kept> kept_;
  std::vector<Panel> free_panels_;
};

}  // namespace

Values evaluate(const Graph& graph,
                std::span<const Request> requests,
                const Inputs& inputs,
                const RunOptions& options) {
  TW_ZONE("expr::evaluate");
  if (options.node_ns != nullptr) options.node_ns->assign(graph.size(), 0.0);
  return Run(graph, inputs, options).run(requests);
}

}  // namespace tickwerk::expr
