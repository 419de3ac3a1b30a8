#include <algorithm>

#include "tickwerk/expr/column_stage.h"

namespace tickwerk::expr {
namespace {

constexpr std::size_t kCacheDoubles = std::size_t{512} * 1024 / sizeof(double);  // half of a core's
constexpr std::size_t kMostBars = 128;
constexpr std::size_t kFewestBars = 64;

constexpr std::int64_t kBlock = kernel::kTileBlock;

std::int64_t whole_blocks(std::int64_t bars) {
  return bars <= 0 ? 0 : (bars + kBlock - 1) / kBlock * kBlock;
}

/// Whether the operator leaves out what is missing in its window.
bool takes_part_windows(const Node& node) {
  std::size_t number = 0;
  double window = 0;
  for (const Parameter& parameter : node.op->parameters) {
    const bool is_number =
        parameter.kind == ParameterKind::kNumber || parameter.kind == ParameterKind::kWindow ||
        parameter.kind == ParameterKind::kCount || parameter.kind == ParameterKind::kBars;
    if (!is_number) continue;
    const double value = node.constants[number++];
    if (parameter.kind == ParameterKind::kWindow) window = value;
    if (parameter.name == "min_count" && value < window) return true;
  }
  return false;
}

Reach own_reach(const Node& node) {
  return node.kind == NodeKind::kOperator && node.op->reach != nullptr
             ? node.op->reach(node.constants.data())
             : Reach{};
}

/// The nodes in the order of the stage, what each reads first before it.
std::vector<ColumnStep> steps_of(const Graph& graph, const Stage& stage) {
  constexpr auto kNone = static_cast<std::size_t>(-1);
  std::vector<ColumnStep> steps;
  std::vector<std::size_t> step_of(graph.size(), kNone);
  const auto add = [&](NodeId id) {
    if (step_of[id] != kNone) return step_of[id];
    step_of[id] = steps.size();
    ColumnStep step;
    step.node = id;
    steps.push_back(std::move(step));
    return step_of[id];
  };
  for (const NodeId id : stage.order) {
    std::vector<std::size_t> inputs;
    for (const NodeId input : graph[id].inputs) inputs.push_back(add(input));
    steps[add(id)].inputs = std::move(inputs);
  }
  for (const NodeId root : stage.roots) add(root);
  return steps;
}

/// How far each tile runs ahead of the stage's, and how much of the past its readers need.
void place_in_time(const Graph& graph, std::vector<ColumnStep>& steps) {
  for (std::size_t i = steps.size(); i-- > 0;) {
    const Reach own = own_reach(graph[steps[i].node]);
    for (const std::size_t input : steps[i].inputs) {
      steps[input].lead = std::max(steps[input].lead, whole_blocks(steps[i].lead + own.lookahead));
    }
  }
  for (const ColumnStep& step : steps) {
    if (step.is_never_full) continue;
    const Reach own = own_reach(graph[step.node]);
    for (const std::size_t input : step.inputs) {
      const std::int64_t past = steps[input].lead - step.lead + own.lookback;
      steps[input].before = std::max(steps[input].before, whole_blocks(past));
    }
  }
}

/// Gives each step its buffer; those that nobody reads later share memory. Returns doubles.
std::size_t place_in_memory(const Graph& graph,
                            std::vector<ColumnStep>& steps,
                            std::size_t tile_bars) {
  const std::size_t tile = tile_bars * kernel::kTileLanes;
  std::vector<std::size_t> last_use(steps.size(), 0);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    last_use[i] = std::max(last_use[i], i);
    for (const std::size_t input : steps[i].inputs) last_use[input] = i;
  }
  std::size_t size = 0;
  std::vector<std::size_t> free_tiles;
  const auto is_shared = [&](std::size_t i) {
    return steps[i].before == 0 && graph[steps[i].node].kind == NodeKind::kOperator;
  };
  for (std::size_t i = 0; i < steps.size(); ++i) {
    ColumnStep& step = steps[i];
    if (is_shared(i) && !free_tiles.empty()) {
      step.offset = free_tiles.back();
      free_tiles.pop_back();
    } else {
      const auto before = static_cast<std::size_t>(step.before);
      step.tiles_held = std::max<std::size_t>(1, (before + tile_bars - 1) / tile_bars);
      step.offset = size;
      size += before * kernel::kTileLanes + step.tiles_held * tile;
    }
    if (last_use[i] == i && is_shared(i)) free_tiles.push_back(step.offset);
    for (std::size_t k = 0; k < step.inputs.size(); ++k) {
      const std::size_t input = step.inputs[k];
      const bool repeated =
          std::find(step.inputs.begin(), step.inputs.begin() + static_cast<std::ptrdiff_t>(k),
                    input) != step.inputs.begin() + static_cast<std::ptrdiff_t>(k);
      if (last_use[input] == i && is_shared(input) && !repeated) {
        free_tiles.push_back(steps[input].offset);
      }
    }
  }
  return size;
}

}  // namespace

ColumnProgram make_column_program(const Graph& graph,
                                  const Stage& stage,
                                  std::size_t tile_bars,
                                  std::int64_t most_bars) {
  ColumnProgram program;
  program.steps = steps_of(graph, stage);
  for (ColumnStep& step : program.steps) {
    const Node& node = graph[step.node];
    step.is_never_full = node.kind == NodeKind::kOperator &&
                         own_reach(node).lookback >= most_bars && !takes_part_windows(node);
  }
  place_in_time(graph, program.steps);
  for (ColumnStep& step : program.steps) {
    program.max_lead = std::max(program.max_lead, step.lead);
    const Node& node = graph[step.node];
    if (node.kind != NodeKind::kOperator) continue;
    step.state_offset = program.state_size;
    program.state_size += node.op->num_state * kernel::kTileLanes;
  }
  program.tile_bars = tile_bars == 0 ? kMostBars : tile_bars;
  program.buffer_size = place_in_memory(graph, program.steps, program.tile_bars);
  while (tile_bars == 0 && program.buffer_size > kCacheDoubles && program.tile_bars > kFewestBars) {
    program.tile_bars /= 2;
    program.buffer_size = place_in_memory(graph, program.steps, program.tile_bars);
  }
  return program;
}

}  // namespace tickwerk::expr
