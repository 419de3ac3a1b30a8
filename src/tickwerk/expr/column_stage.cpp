#include "tickwerk/expr/column_stage.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <mutex>

#include "tickwerk/base/parallel.h"
#include "tickwerk/expr/tile_copy.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::expr {
namespace {

constexpr std::size_t kLanes = kernel::kTileLanes;
constexpr std::size_t kMaxInputs = 64;
constexpr std::size_t kRowsToEnd = 5;  // a symbol without a bar for longer has stopped trading

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
  GroupRun(const Graph& graph,
           const ColumnProgram& program,
           const OwnBars& bars,
           const Places& places,
           const std::vector<std::uint8_t>& is_root,
           const OwnBars::Group& group,
           double* memory,
           std::vector<double>* node_ns)
      : graph_(graph),
        program_(program),
        bars_(bars),
        places_(places),
        is_root_(is_root),
        group_(group),
        buffers_(memory),
        state_(memory + program.buffer_size),
        node_ns_(node_ns) {}

  void run() {
    prepare();
    const auto tile_bars = static_cast<std::int64_t>(program_.tile_bars);
    const std::int64_t ahead = (program_.max_lead + tile_bars - 1) / tile_bars * tile_bars;
    const auto num_bars = static_cast<std::int64_t>(group_.max_count);
    std::size_t tile = 0;
    for (std::int64_t base = -ahead; base < num_bars; base += tile_bars, ++tile) {
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
    if (!step.inputs.empty()) {
      run_kernel(node, step, tile, out);
      if (program_.max_lead > 0) mask_tile(bars_, group_, first_bar, program_.tile_bars, out);
    } else if (node.kind == NodeKind::kConstant) {
      if (step.before > 0 || step.lead > 0) fill(first_bar, out, node.value, 0);
    } else if (places_[step.node].read.data == nullptr) {
      fill_special(node, first_bar, out);
    } else {
      gather_tile(places_[step.node].read, bars_, group_, first_bar, program_.tile_bars, out);
    }
    if (is_root_[step.node]) {
      scatter_tile(out, bars_, group_, first_bar, program_.tile_bars, places_[step.node]);
    }
  }

  void run_kernel(const Node& node, const ColumnStep& step, std::size_t tile, double* out) {
    std::array<const double*, kMaxInputs> inputs;
    for (std::size_t i = 0; i < step.inputs.size(); ++i) {
      const ColumnStep& input = program_.steps[step.inputs[i]];
      inputs[i] = tile_of(input, tile) - (input.lead - step.lead) * static_cast<int>(kLanes);
    }
    node.op->tile({.inputs = inputs.data(),
                   .out = out,
                   .num_bars = program_.tile_bars,
                   .constants = node.constants.data(),
                   .state = state_ + step.state_offset});
  }

  /// start + slope * (number of the bar, from 0) on every bar there is.
  void fill(std::int64_t first_bar, double* out, double start, double slope) {
    for (std::size_t k = 0; k < program_.tile_bars; ++k) {
      const double bar = static_cast<double>(first_bar + static_cast<std::int64_t>(k));
      std::fill_n(out + k * kLanes, kLanes, start + slope * bar);
    }
    mask_tile(bars_, group_, first_bar, program_.tile_bars, out);
  }

  void fill_special(const Node& node, std::int64_t first_bar, double* out) {
    if (node.field == "bar_number") return fill(first_bar, out, 1, 1);
    if (node.field == "in_universe") return fill(first_bar, out, 1, 0);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const std::size_t symbol = group_.symbol + lane;
      const std::int64_t count = lane < group_.num_lanes ? bars_.count(symbol) : 0;
      const bool ended =
          count > 0 && bars_.row(symbol, static_cast<std::size_t>(count) - 1) + kRowsToEnd <
                           bars_.num_rows() - 1;
      for (std::size_t k = 0; k < program_.tile_bars; ++k) {
        const std::int64_t bar = first_bar + static_cast<std::int64_t>(k);
        const bool present = bar >= 0 && bar < count;
        out[k * kLanes + lane] = ended && present ? static_cast<double>(count - 1 - bar) : kNaN;
      }
    }
  }

  const Graph& graph_;
  const ColumnProgram& program_;
  const OwnBars& bars_;
  const Places& places_;
  const std::vector<std::uint8_t>& is_root_;
  OwnBars::Group group_;
  double* buffers_;
  double* state_;
  std::vector<double>* node_ns_;
};

}  // namespace

void run_columns(const Graph& graph,
                 const Stage& stage,
                 const OwnBars& bars,
                 const Places& places,
                 const RunOptions& options) {
  TW_ZONE("expr::run_columns");
  const ColumnProgram program = make_column_program(graph, stage, options.tile_bars);
  std::vector<std::uint8_t> is_root(graph.size(), 0);
  bool has_conditions = false;
  for (const NodeId root : stage.roots) {
    is_root[root] = 1;
    has_conditions = has_conditions || places[root].conditions.data != nullptr;
  }
  for (const ColumnStep& step : program.steps) TW_CHECK(step.inputs.size(), <=, kMaxInputs);

  std::mutex mutex;
  // Conditions are a byte each: threads keep to cache lines of their own.
  const std::size_t groups_per_task = has_conditions ? kLanes : 1;
  parallel_for(bars.num_groups(), groups_per_task, [&](std::size_t first, std::size_t last) {
    static thread_local Arena arena;
    double* memory = arena.reserve(program.buffer_size + program.state_size);
    std::vector<double> node_ns(options.node_ns != nullptr ? graph.size() : 0, 0.0);
    for (std::size_t index = first; index < last; ++index) {
      GroupRun(graph, program, bars, places, is_root, bars.group(index), memory,
               node_ns.empty() ? nullptr : &node_ns)
          .run();
    }
    if (node_ns.empty()) return;
    const std::lock_guard lock(mutex);
    for (NodeId id = 0; id < graph.size(); ++id) (*options.node_ns)[id] += node_ns[id];
  });
}

}  // namespace tickwerk::expr
