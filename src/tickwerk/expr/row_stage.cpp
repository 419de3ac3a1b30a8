#include "tickwerk/expr/row_stage.h"

#include <algorithm>
#include <chrono>
#include <mutex>

#include "tickwerk/base/parallel.h"
#include "tickwerk/expr/tile_copy.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::expr {
namespace {

constexpr std::size_t kRowsPerTask = 32;
constexpr std::size_t kNone = static_cast<std::size_t>(-1);

using Clock = std::chrono::steady_clock;

/// A node of the stage as it runs. Buffers hold one row.
struct RowStep {
  NodeId node = 0;
  std::vector<std::size_t> inputs;  // steps
  std::size_t buffer = kNone;       // kNone: read where it stands
  bool is_root = false;
  bool across_symbols = false;
};

struct RowProgram {
  std::vector<RowStep> steps;
  std::size_t num_buffers = 0;
  std::size_t scratch_rows = 0;
  std::size_t most_inputs = 0;
};

RowProgram make_row_program(const Graph& graph, const Stage& stage) {
  RowProgram program;
  std::vector<std::size_t> step_of(graph.size(), kNone);
  const auto add = [&](NodeId id) {
    if (step_of[id] != kNone) return step_of[id];
    step_of[id] = program.steps.size();
    RowStep step;
    step.node = id;
    program.steps.push_back(std::move(step));
    return step_of[id];
  };
  for (const NodeId id : stage.order) {
    std::vector<std::size_t> inputs;
    for (const NodeId input : graph[id].inputs) inputs.push_back(add(input));
    const Node& node = graph[id];
    RowStep& step = program.steps[add(id)];
    step.inputs = std::move(inputs);
    step.across_symbols = node.op->kind == OperatorKind::kCrossSectional;
    program.scratch_rows = std::max(program.scratch_rows, node.op->scratch_rows);
    program.most_inputs = std::max(program.most_inputs, step.inputs.size());
  }
  for (const NodeId root : stage.roots) program.steps[add(root)].is_root = true;

  std::vector<std::size_t> last_use(program.steps.size(), 0);
  for (std::size_t i = 0; i < program.steps.size(); ++i) {
    // Roots are kept when the row is done: a panel may be read and written in the same stage.
    last_use[i] = program.steps[i].is_root ? program.steps.size() : std::max(last_use[i], i);
    for (const std::size_t input : program.steps[i].inputs) {
      last_use[input] = std::max(last_use[input], i);
    }
  }
  std::vector<std::vector<std::size_t>> ends_at(program.steps.size() + 1);
  for (std::size_t i = 0; i < program.steps.size(); ++i) ends_at[last_use[i]].push_back(i);
  std::vector<std::size_t> free_buffers;
  for (std::size_t i = 0; i < program.steps.size(); ++i) {
    RowStep& step = program.steps[i];
    const Node& node = graph[step.node];
    const bool read_in_place = step.inputs.empty() && node.shape == Shape::kPanel;
    if (!read_in_place) {
      // Constants keep a row of their own, filled once.
      if (free_buffers.empty() || node.kind == NodeKind::kConstant) {
        step.buffer = program.num_buffers++;
      } else {
        step.buffer = free_buffers.back();
        free_buffers.pop_back();
      }
    }
    for (const std::size_t ended : ends_at[i]) {
      const bool is_constant = graph[program.steps[ended].node].kind == NodeKind::kConstant;
      if (program.steps[ended].buffer != kNone && !is_constant) {
        free_buffers.push_back(program.steps[ended].buffer);
      }
    }
  }
  return program;
}

/// Memory of one thread for rows of `num_padded` symbols.
class RowRun {
 public:
  RowRun(const Graph& graph,
         const RowProgram& program,
         const Inputs& inputs,
         const Places& places,
         std::vector<double>* node_ns)
      : graph_(graph),
        program_(program),
        inputs_(inputs),
        places_(places),
        node_ns_(node_ns),
        num_padded_(Panel::padded(inputs.num_symbols)),
        buffers_(program.num_buffers + 1, inputs.num_symbols, 0.0),
        masked_(program.most_inputs + 1, inputs.num_symbols, kNaN),
        scratch_(program.scratch_rows + 1, inputs.num_symbols, 0.0),
        has_bar_(num_padded_, 0),
        counts_(num_padded_, 0),
        values_(program.steps.size()),
        kernel_inputs_(program.most_inputs + 1) {
    for (std::size_t i = 0; i < program_.steps.size(); ++i) {
      const Node& node = graph_[program_.steps[i].node];
      if (node.kind != NodeKind::kConstant) continue;
      std::fill_n(buffers_.row(program_.steps[i].buffer), num_padded_, node.value);
    }
  }

  void run(std::size_t t) {
    see_members(t);
    for (std::size_t i = 0; i < program_.steps.size(); ++i) {
      const Clock::time_point begin = node_ns_ != nullptr ? Clock::now() : Clock::time_point();
      run_step(i, t);
      if (node_ns_ != nullptr) {
        (*node_ns_)[program_.steps[i].node] +=
            std::chrono::duration<double, std::nano>(Clock::now() - begin).count();
      }
    }
    for (std::size_t i = 0; i < program_.steps.size(); ++i) {
      const RowStep& step = program_.steps[i];
      if (step.is_root) keep(values_[i], graph_[step.node], t, places_[step.node]);
    }
  }

 private:
  void see_members(std::size_t t) {
    const double* bar = inputs_.bar.row(t);
    const double* member =
        inputs_.in_universe.data != nullptr ? inputs_.in_universe.row(t) : nullptr;
    std::size_t with_bar = 0, counting = 0;
    for (std::size_t i = 0; i < inputs_.num_symbols; ++i) {
      has_bar_[i] = bar[i] == bar[i];
      with_bar += has_bar_[i];
    }
    for (std::size_t i = 0; i < inputs_.num_symbols; ++i) {
      counts_[i] = has_bar_[i] & static_cast<std::uint8_t>(member == nullptr || member[i] == 1);
      counting += counts_[i];
    }
    all_have_bars_ = with_bar == inputs_.num_symbols;
    all_count_ = counting == inputs_.num_symbols;
  }

  void run_step(std::size_t index, std::size_t t) {
    const RowStep& step = program_.steps[index];
    const Node& node = graph_[step.node];
    const Place& place = places_[step.node];
    double* out = step.buffer != kNone ? buffers_.row(step.buffer) : nullptr;
    values_[index] = out;
    if (!step.inputs.empty()) {
      step.across_symbols ? run_across(node, step, out) : run_element_wise(node, step, out);
    } else if (node.shape == Shape::kDaily) {
      std::fill_n(out, num_padded_, place.read(t, 0));
    } else if (node.kind != NodeKind::kConstant) {
      values_[index] = place.read.row(t);
    }
  }

  void run_across(const Node& node, const RowStep& step, double* out) {
    for (std::size_t i = 0; i < step.inputs.size(); ++i) {
      const double* values = values_[step.inputs[i]];
      if (!all_count_) {
        double* copy = masked_.row(i);
        for (std::size_t s = 0; s < inputs_.num_symbols; ++s)
          copy[s] = counts_[s] ? values[s] : kNaN;
        values = copy;
      }
      kernel_inputs_[i] = values;
    }
    node.op->row({.inputs = kernel_inputs_.data(),
                  .out = out,
                  .num_symbols = inputs_.num_symbols,
                  .num_padded = num_padded_,
                  .num_inputs = step.inputs.size(),
                  .constants = node.constants.data(),
                  .scratch = scratch_.row(0)});
    if (node.shape == Shape::kDaily) std::fill_n(out, num_padded_, double{out[0]});
  }

  void run_element_wise(const Node& node, const RowStep& step, double* out) {
    for (std::size_t i = 0; i < step.inputs.size(); ++i)
      kernel_inputs_[i] = values_[step.inputs[i]];
    node.op->tile({.inputs = kernel_inputs_.data(),
                   .out = out,
                   .num_bars = num_padded_ / kernel::kTileLanes,
                   .constants = node.constants.data(),
                   .state = nullptr,
                   .num_inputs = step.inputs.size()});
  }

  void keep(const double* values, const Node& node, std::size_t t, const Place& place) {
    if (node.shape == Shape::kDaily) {
      if (place.write.data != nullptr)
        place.write(t, 0) = values[0] == values[0] ? values[0] : kNaN;
      if (place.conditions.data != nullptr) place.conditions(t, 0) = as_condition(values[0]);
      return;
    }
    if (place.write.data != nullptr) {
      double* row = place.write.row(t);
      std::copy_n(values, inputs_.num_symbols, row);
      make_nan_one(row, inputs_.num_symbols);
      if (!all_have_bars_) {
        for (std::size_t s = 0; s < inputs_.num_symbols; ++s) row[s] = has_bar_[s] ? row[s] : kNaN;
      }
    }
    if (place.conditions.data != nullptr) {
      std::int8_t* row = place.conditions.row(t);
      for (std::size_t s = 0; s < inputs_.num_symbols; ++s) {
        row[s] = has_bar_[s] ? as_condition(values[s]) : std::int8_t{2};
      }
    }
  }

  static std::int8_t as_condition(double value) {
    if (value != value) return 2;
    return value != 0 ? 1 : 0;
  }

  const Graph& graph_;
  const RowProgram& program_;
  const Inputs& inputs_;
  const Places& places_;
  std::vector<double>* node_ns_;
  std::size_t num_padded_;
  Panel buffers_, masked_, scratch_;
  std::vector<std::uint8_t> has_bar_, counts_;
  bool all_have_bars_ = false, all_count_ = false;
  std::vector<const double*> values_;         // of each step, on the current row
  std::vector<const double*> kernel_inputs_;  // of the current step
};

}  // namespace

void run_rows(const Graph& graph,
              const Stage& stage,
              const Inputs& inputs,
              const Places& places,
              const RunOptions& options) {
  TW_ZONE("expr::run_rows");
  const RowProgram program = make_row_program(graph, stage);
  std::mutex mutex;
  parallel_for(inputs.num_rows, kRowsPerTask, [&](std::size_t first, std::size_t last) {
    std::vector<double> node_ns(options.node_ns != nullptr ? graph.size() : 0, 0.0);
    RowRun run(graph, program, inputs, places, node_ns.empty() ? nullptr : &node_ns);
    for (std::size_t t = first; t < last; ++t) run.run(t);
    if (node_ns.empty()) return;
    const std::lock_guard lock(mutex);
    for (NodeId id = 0; id < graph.size(); ++id) (*options.node_ns)[id] += node_ns[id];
  });
}

}  // namespace tickwerk::expr
