#include "tickwerk/expr/run.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "tickwerk/expr/column_stage.h"
#include "tickwerk/expr/plan.h"
#include "tickwerk/expr/resume.h"
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

[[noreturn]] void refuse_state(const std::string& why) {
  throw Error(Code::kNotFound,
              fmt::format("the stored state must allow to go on from it, {}", why));
}

/// Bars of each symbol before the inputs' first row; empty for a run from the beginning.
std::vector<std::int64_t> bars_before(const Inputs& inputs, const RunOptions& options) {
  if (options.resume == nullptr) return {};
  const State& state = *options.resume;
  if (state.bars_before.size() != inputs.num_symbols) {
    refuse_state(
        fmt::format("found {} symbols for {}", state.bars_before.size(), inputs.num_symbols));
  }
  if (options.rows_before > state.first_row ||
      options.rows_before + inputs.num_rows < state.num_rows) {
    refuse_state(fmt::format("found rows {} to {} where rows {} to {} are needed",
                             options.rows_before, options.rows_before + inputs.num_rows,
                             state.first_row, state.num_rows));
  }
  std::vector<std::int64_t> before = state.bars_before;
  const OwnBars bars(inputs.bar);
  for (std::size_t s = 0; s < before.size(); ++s) {
    before[s] -= bars.count_before(s, state.first_row - options.rows_before);
    const std::int64_t now = before[s] + bars.count(s);
    if (state.stopped[s] != 0 && now > state.num_bars[s]) {
      refuse_state(fmt::format("found new bars of symbol {}, which had stopped trading", s));
    }
  }
  return before;
}

class Run {
 public:
  Run(const Graph& graph, const Inputs& inputs, const RunOptions& options)
      : graph_(graph),
        inputs_(inputs),
        options_(options),
        bars_(inputs.bar, bars_before(inputs, options)),
        every_row_(
            OwnBars::every_row(inputs.num_rows, static_cast<std::int64_t>(options.rows_before))),
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
    if (options_.resume != nullptr) load_state(nodes);
    if (options_.save != nullptr) prepare_state(nodes);
    for (const auto& batch : make_batches(graph_, nodes, inputs_, options_.max_panels)) {
      run_batch(batch);
    }
    return collect(requests);
  }

 private:
  /// The recursive nodes that the requests need.
  std::vector<NodeId> recursive_nodes(std::span<const NodeId> nodes) const {
    std::vector<std::uint8_t> needed(graph_.size(), 0);
    for (const NodeId id : nodes) needed[id] = 1;
    std::vector<NodeId> found;
    for (NodeId id = static_cast<NodeId>(graph_.size()); id-- > 0;) {
      if (!needed[id]) continue;
      for (const NodeId input : graph_[id].inputs) needed[input] = 1;
      if (graph_[id].kind == NodeKind::kOperator && graph_[id].op->num_state > 0) {
        found.push_back(id);
      }
    }
    return found;
  }

  void load_state(std::span<const NodeId> nodes) {
    recursions_.resize(graph_.size());
    for (const NodeId id : recursive_nodes(nodes)) {
      const std::string text = to_string(graph_, id);
      const auto found = options_.resume->recursions.find(text);
      if (found == options_.resume->recursions.end()) {
        refuse_state(fmt::format("found nothing of '{}' in it", text));
      }
      recursions_[id].load_row = found->second.row - options_.rows_before;
      recursions_[id].load = found->second.values.data();
    }
  }

  /// Makes room for what recursive nodes leave, and says what the next run must be given.
  void prepare_state(std::span<const NodeId> nodes) {
    recursions_.resize(graph_.size());
    State& state = *options_.save;
    state = {};
    const std::vector<std::size_t> first = first_rows_needed(graph_, nodes, bars_);
    std::size_t earliest = inputs_.num_rows;
    for (const std::size_t row : first) earliest = std::min(earliest, row);
    state.num_rows = options_.rows_before + inputs_.num_rows;
    state.first_row = options_.rows_before + earliest;
    for (std::size_t s = 0; s < inputs_.num_symbols; ++s) {
      state.bars_before.push_back(bars_.earlier(s) + bars_.count_before(s, earliest));
      state.num_bars.push_back(bars_.earlier(s) + bars_.count(s));
      // Without a bar on the rows of a resumed run it had stopped before them.
      const bool stopped_earlier = bars_.count(s) == 0 && bars_.earlier(s) > 0;
      state.stopped.push_back(stopped_earlier || has_stopped(bars_, s));
    }
    for (const NodeId id : recursive_nodes(nodes)) {
      const Node& node = graph_[id];
      const auto [entry, is_new] = state.recursions.try_emplace(to_string(graph_, id));
      TW_CHECK(is_new, ==, true);
      State::Recursion& left = entry->second;
      left.row = options_.rows_before + first[id];
      left.is_daily = node.shape == Shape::kDaily;
      left.values.assign(node.op->num_state * width(node), 0.0);
      recursions_[id].save_row = first[id];
      recursions_[id].save = left.values.data();
    }
  }

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
          run_columns({graph_, bars_, places, recursions_, options_}, stage);
          break;
        case StageKind::kDailyColumns:
          run_columns({graph_, every_row_, places, recursions_, options_}, stage);
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
        kept.numbers = std::exchange(kept_[replaceable.front()].numbers, Panel());
        replaceable.erase(replaceable.begin());
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
    return ConditionPanel(inputs_.num_rows, 1, as_condition(graph_[id].value));
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
  std::vector<Recursion> recursions_;  // per node; empty in a run without state
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
