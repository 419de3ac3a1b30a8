#include "tickwerk/expr/row_stage.h"

#include <algorithm>
#include <chrono>
#include <mutex>

#include "tickwerk/base/parallel.h"
#include "tickwerk/expr/row_masks.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::expr {
namespace {

constexpr std::size_t kRowsPerTask = 64;
constexpr std::size_t kNone = static_cast<std::size_t>(-1);

using Clock = std::chrono::steady_clock;

/// A node of the stage as it runs. Buffers hold one row.
struct RowStep {
  NodeId node = 0;
  std::vector<std::size_t> inputs;  // steps
  std::size_t buffer = kNone;       // kNone: read where it stands
  bool is_root = false;
  bool across_symbols = false;
  bool is_nan_without_bar = false;    // where the symbol has none
  bool is_nan_for_strangers = false;  // where it is no member of the universe
  bool is_kept_at_once = false;       // a root whose memory no later step reads
};

struct RowProgram {
  std::vector<RowStep> steps;
  std::size_t num_buffers = 0;
  std::size_t scratch_rows = 0;
  std::size_t most_inputs = 0;
};

/// Whether a step after step `index` reads the memory that it writes.
bool is_read_after(const RowProgram& program, const Places& places, std::size_t index) {
  const double* memory = places[program.steps[index].node].write.data;
  for (std::size_t i = index + 1; i < program.steps.size(); ++i) {
    for (const std::size_t input : program.steps[i].inputs) {
      const RowStep& read = program.steps[input];
      if (read.inputs.empty() && places[read.node].read.data == memory) return true;
    }
  }
  return false;
}

/// What is known of a step's values without looking at them.
void describe_values(const Graph& graph,
                     const Inputs& inputs,
                     const Places& places,
                     RowStep& step) {
  const Node& node = graph[step.node];
  if (node.shape != Shape::kPanel) return;
  const bool was_along_time = step.inputs.empty() && node.kind == NodeKind::kOperator;
  const bool is_bar = step.inputs.empty() && places[step.node].read.data == inputs.bar.data;
  step.is_nan_without_bar = step.across_symbols || was_along_time || is_bar;
  const bool everyone = inputs.in_universe.data == nullptr;
  step.is_nan_for_strangers = step.across_symbols || (everyone && step.is_nan_without_bar);
}

RowProgram make_row_program(const Graph& graph,
                            const Stage& stage,
                            const Inputs& inputs,
                            const Places& places) {
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
    std::vector<std::size_t> read;
    for (const NodeId input : graph[id].inputs) read.push_back(add(input));
    const Node& node = graph[id];
    RowStep& step = program.steps[add(id)];
    step.inputs = std::move(read);
    step.across_symbols = node.op->kind == OperatorKind::kCrossSectional;
    program.scratch_rows = std::max(program.scratch_rows, node.op->scratch_rows);
    program.most_inputs = std::max(program.most_inputs, step.inputs.size());
  }
  for (const NodeId root : stage.roots) program.steps[add(root)].is_root = true;
  for (std::size_t i = 0; i < program.steps.size(); ++i) {
    RowStep& step = program.steps[i];
    describe_values(graph, inputs, places, step);
    step.is_kept_at_once = step.is_root && !is_read_after(program, places, i);
  }

  std::vector<std::size_t> last_use(program.steps.size(), 0);
  for (std::size_t i = 0; i < program.steps.size(); ++i) {
    const bool waits = program.steps[i].is_root && !program.steps[i].is_kept_at_once;
    last_use[i] = waits ? program.steps.size() : std::max(last_use[i], i);
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
        masks_(2, inputs.num_symbols, kNaN),
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
      if (step.is_root && !step.is_kept_at_once) keep(step, values_[i], t);
    }
  }

 private:
  double* has_bar() { return masks_.row(0); }
  double* counts() { return masks_.row(1); }

  void see_members(std::size_t t) {
    const std::size_t num_symbols = inputs_.num_symbols;
    all_have_bars_ = mark_bars(inputs_.bar.row(t), num_symbols, has_bar()) == num_symbols;
    all_count_ = all_have_bars_;
    if (inputs_.in_universe.data == nullptr) {
      std::copy_n(has_bar(), num_symbols, counts());
    } else {
      const double* member = inputs_.in_universe.row(t);
      all_count_ = mark_members(has_bar(), member, num_symbols, counts()) == num_symbols;
    }
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
    if (step.is_kept_at_once) keep(step, values_[index], t);
  }

  void run_across(const Node& node, const RowStep& step, double* out) {
    for (std::size_t i = 0; i < step.inputs.size(); ++i) {
      const double* values = values_[step.inputs[i]];
      if (!all_count_ && !program_.steps[step.inputs[i]].is_nan_for_strangers) {
        keep_marked(values, counts(), inputs_.num_symbols, masked_.row(i));
        values = masked_.row(i);
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

  void keep(const RowStep& step, const double* values, std::size_t t) {
    const Place& place = places_[step.node];
    const bool is_daily = graph_[step.node].shape == Shape::kDaily;
    const std::size_t size = is_daily ? 1 : inputs_.num_symbols;
    const bool is_masked = is_daily || all_have_bars_ || step.is_nan_without_bar;
    if (place.write.data != nullptr) {
      double* row = place.write.row(t);
      is_masked ? copy_values(values, size, row) : keep_marked(values, has_bar(), size, row);
    }
    if (place.conditions.data != nullptr) {
      std::int8_t* row = place.conditions.row(t);
      for (std::size_t s = 0; s < size; ++s) {
        const bool is_known = is_masked || has_bar()[s] == 1;
        row[s] = as_condition(is_known ? values[s] : kNaN);
      }
    }
  }

  const Graph& graph_;
  const RowProgram& program_;
  const Inputs& inputs_;
  const Places& places_;
  std::vector<double>* node_ns_;
  std::size_t num_padded_;
  Panel buffers_, masked_, scratch_, masks_;
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
  const RowProgram program = make_row_program(graph, stage, inputs, places);
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
