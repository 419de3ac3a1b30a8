#include "tickwerk/expr/column_stage.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <mutex>

#include "tickwerk/base/parallel.h"
#include "tickwerk/expr/resume.h"
#include "tickwerk/expr/row_masks.h"
#include "tickwerk/expr/tile_copy.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::expr {
namespace {

constexpr std::size_t kLanes = kernel::kTileLanes;
constexpr std::size_t kMaxInputs = 64;

using Clock = std::chrono::steady_clock;

/// One thread's memory, kept from run to run.
struct Arena {
  Panel memory;
  double* reserve(std::size_t doubles) {
    if (memory.num_bytes() < doubles * sizeof(double)) memory = Panel(1, doubles);
    return memory.row(0);
  }
};

class GroupRun {
 public:
  GroupRun(const ColumnRun& run,
           const ColumnProgram& program,
           const std::vector<std::uint8_t>& is_root,
           double* memory,
           std::vector<double>* node_ns)
      : graph_(run.graph),
        program_(program),
        bars_(run.bars),
        places_(run.places),
        recursions_(run.recursions),
        is_root_(is_root),
        buffers_(memory),
        state_(memory + program.buffer_size),
        node_ns_(node_ns) {}

  void run(const OwnBars::Group& group) {
    group_ = group;
    needs_mask_ = program_.max_lead > 0 || !recursions_.empty();
    prepare();
    const auto tile_bars = static_cast<std::int64_t>(program_.tile_bars);
    const std::int64_t ahead = (program_.max_lead + tile_bars - 1) / tile_bars * tile_bars;
    std::size_t tile = 0;
    for (std::int64_t base = -ahead; base < group_.end; base += tile_bars, ++tile) {
      for (const ColumnStep& step : program_.steps) {
        const Clock::time_point begin = node_ns_ != nullptr ? Clock::now() : Clock::time_point();
        run_step(step, tile, base + step.lead);
        if (node_ns_ != nullptr) {
          (*node_ns_)[step.node] +=
              std::chrono::duration<double, std::nano>(Clock::now() - begin).count();
        }
      }
    }
  }

 private:
  void prepare() {
    std::fill_n(state_, program_.state_size, 0.0);
    for (const ColumnStep& step : program_.steps) {
      const Node& node = graph_[step.node];
      std::fill_n(buffers_ + step.offset, static_cast<std::size_t>(step.before) * kLanes, kNaN);
      if (is_root_[step.node]) clear_missing(bars_, group_, places_[step.node]);
      if (node.kind == NodeKind::kConstant && step.before == 0 && step.lead == 0) {
        std::fill_n(buffers_ + step.offset, program_.tile_bars * kLanes, node.value);
      }
    }
  }

  /// Bar 0 of the step's tile.
  double* tile_of(const ColumnStep& step, std::size_t tile) const {
    const std::size_t bars_before =
        static_cast<std::size_t>(step.before) + tile % step.tiles_held * program_.tile_bars;
    return buffers_ + step.offset + bars_before * kLanes;
  }

  void run_step(const ColumnStep& step, std::size_t tile, std::int64_t first_bar) {
    if (step.before > 0 && tile > 0 && tile % step.tiles_held == 0) {
      double* buffer = buffers_ + step.offset;
      std::memmove(buffer, buffer + step.tiles_held * program_.tile_bars * kLanes,
                   static_cast<std::size_t>(step.before) * kLanes * sizeof(double));
    }
    double* out = tile_of(step, tile);
    const Node& node = graph_[step.node];
    if (step.is_never_full) {
      std::fill_n(out, program_.tile_bars * kLanes, kNaN);
    } else if (!step.inputs.empty()) {
      run_kernel(node, step, tile, first_bar);
      if (needs_mask_) mask_tile(bars_, group_, first_bar, program_.tile_bars, out);
    } else if (node.kind == NodeKind::kConstant) {
      if (step.before > 0 || step.lead > 0) fill(first_bar, out, node.value);
    } else if (places_[step.node].read.data == nullptr) {
      fill_special(node, first_bar, out);
    } else {
      gather_tile(places_[step.node].read, bars_, group_, first_bar, program_.tile_bars, out);
    }
    if (is_root_[step.node]) {
      copy_values(out, program_.tile_bars * kLanes, out);
      scatter_tile(out, bars_, group_, first_bar, program_.tile_bars, places_[step.node]);
    }
  }

  void run_kernel(const Node& node,
                  const ColumnStep& step,
                  std::size_t tile,
                  std::int64_t first_bar) {
    std::array<const double*, kMaxInputs> inputs;
    for (std::size_t i = 0; i < step.inputs.size(); ++i) {
      const ColumnStep& input = program_.steps[step.inputs[i]];
      inputs[i] = tile_of(input, tile) - (input.lead - step.lead) * static_cast<int>(kLanes);
    }
    kernel::TileArgs args = {.inputs = inputs.data(),
                             .out = tile_of(step, tile),
                             .num_bars = program_.tile_bars,
                             .constants = node.constants.data(),
                             .state = state_ + step.state_offset,
                             .num_inputs = step.inputs.size()};
    if (node.op->num_state == 0 || recursions_.empty()) return node.op->tile(args);

    // The bars in pieces, between which lanes take up or leave their state.
    std::array<const double*, kMaxInputs> piece_inputs = inputs;
    double* out = args.out;
    const auto num_bars = static_cast<std::int64_t>(program_.tile_bars);
    for (std::int64_t done = 0;;) {
      exchange_state(node, step, first_bar + done);
      if (done == num_bars) break;
      const std::int64_t end =
          next_exchange(step, first_bar + done, first_bar + num_bars) - first_bar;
      for (std::size_t i = 0; i < step.inputs.size(); ++i) {
        piece_inputs[i] = inputs[i] + done * static_cast<int>(kLanes);
      }
      args.inputs = piece_inputs.data();
      args.out = out + done * static_cast<int>(kLanes);
      args.num_bars = static_cast<std::size_t>(end - done);
      node.op->tile(args);
      done = end;
    }
  }

  /// Where a lane stands when it has seen the rows before `row`.
  std::int64_t bar_at_row(std::size_t symbol, std::size_t row) const {
    return bars_.begin(symbol) + bars_.count_before(symbol, row);
  }

  std::int64_t next_exchange(const ColumnStep& step, std::int64_t bar, std::int64_t end) const {
    const Recursion& recursion = recursions_[step.node];
    for (std::size_t lane = 0; lane < group_.num_lanes; ++lane) {
      const std::size_t symbol = group_.symbol + lane;
      for (const std::size_t row : {recursion.load_row, recursion.save_row}) {
        const std::int64_t at = bar_at_row(symbol, row);
        if (at > bar) end = std::min(end, at);
      }
    }
    return end;
  }

  void exchange_state(const Node& node, const ColumnStep& step, std::int64_t bar) {
    const Recursion& recursion = recursions_[step.node];
    for (std::size_t lane = 0; lane < group_.num_lanes; ++lane) {
      const std::size_t symbol = group_.symbol + lane;
      const bool loads = recursion.load != nullptr && bars_.earlier(symbol) > 0 &&
                         bar == bar_at_row(symbol, recursion.load_row);
      const bool saves = recursion.save != nullptr && bar == bar_at_row(symbol, recursion.save_row);
      for (std::size_t variable = 0; variable < node.op->num_state; ++variable) {
        double& value = state_[step.state_offset + variable * kLanes + lane];
        const std::size_t place = variable * bars_.num_symbols() + symbol;
        if (loads) value = recursion.load[place];
        if (saves) recursion.save[place] = value;
      }
    }
  }

  /// `value` on every bar there is.
  void fill(std::int64_t first_bar, double* out, double value) {
    std::fill_n(out, program_.tile_bars * kLanes, value);
    mask_tile(bars_, group_, first_bar, program_.tile_bars, out);
  }

  void fill_special(const Node& node, std::int64_t first_bar, double* out) {
    if (node.field == "in_universe") return fill(first_bar, out, 1);
    const bool counts_up = node.field == "bar_number";
    for (std::size_t lane = 0; lane < group_.num_lanes; ++lane) {
      const std::size_t symbol = group_.symbol + lane;
      const std::int64_t earlier = bars_.earlier(symbol) - bars_.begin(symbol);
      const bool is_known = counts_up || has_stopped(bars_, symbol);
      for (std::size_t k = 0; k < program_.tile_bars; ++k) {
        const std::int64_t bar = first_bar + static_cast<std::int64_t>(k);
        const std::int64_t value = counts_up ? earlier + bar + 1 : bars_.end(symbol) - 1 - bar;
        out[k * kLanes + lane] = is_known ? static_cast<double>(value) : kNaN;
      }
    }
    mask_tile(bars_, group_, first_bar, program_.tile_bars, out);
  }

  const Graph& graph_;
  const ColumnProgram& program_;
  const OwnBars& bars_;
  const Places& places_;
  const std::vector<Recursion>& recursions_;
  const std::vector<std::uint8_t>& is_root_;
  OwnBars::Group group_;
  bool needs_mask_ = false;
  double* buffers_;
  double* state_;
  std::vector<double>* node_ns_;
};

}  // namespace

void run_columns(const ColumnRun& run, const Stage& stage) {
  TW_ZONE("expr::run_columns");
  const std::size_t num_nodes = run.graph.size();
  const ColumnProgram program =
      make_column_program(run.graph, stage, run.options.tile_bars, run.bars.most_bars());
  std::vector<std::uint8_t> is_root(num_nodes, 0);
  bool has_conditions = false;
  for (const NodeId root : stage.roots) {
    is_root[root] = 1;
    has_conditions = has_conditions || run.places[root].conditions.data != nullptr;
  }
  for (const ColumnStep& step : program.steps) TW_CHECK(step.inputs.size(), <=, kMaxInputs);

  std::vector<double>* total_ns = run.options.node_ns;
  std::mutex mutex;
  // Conditions are a byte each: threads keep to cache lines of their own.
  const std::size_t groups_per_task = has_conditions ? kLanes : 1;
  parallel_for(run.bars.num_groups(), groups_per_task, [&](std::size_t first, std::size_t last) {
    static thread_local Arena arena;
    double* memory = arena.reserve(program.buffer_size + program.state_size);
    std::vector<double> node_ns(total_ns != nullptr ? num_nodes : 0, 0.0);
    GroupRun group_run(run, program, is_root, memory, node_ns.empty() ? nullptr : &node_ns);
    for (std::size_t index = first; index < last; ++index) group_run.run(run.bars.group(index));
    finish_scatter();
    if (node_ns.empty()) return;
    const std::lock_guard lock(mutex);
    for (NodeId id = 0; id < num_nodes; ++id) (*total_ns)[id] += node_ns[id];
  });
}

}  // namespace tickwerk::expr
