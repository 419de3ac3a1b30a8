// Plans expressions together and evaluates them over panels: common sub-expressions once, bars in
// tiles that stay in the cache, symbols as vector lanes, threads over tiles. The same bits for any
// number of threads, any tile, any later cut of the data, and for a run resumed from stored state.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "tickwerk/expr/graph.h"
#include "tickwerk/expr/inputs.h"
#include "tickwerk/expr/state.h"

namespace tickwerk::expr {

/// What a condition says of a symbol and bar: 0 false, 1 true, 2 NaN (also where there is no bar).
using ConditionPanel = BasicPanel<std::int8_t>;

/// The byte of a condition.
inline std::int8_t as_condition(double value) noexcept {
  return value != value ? std::int8_t{2} : std::int8_t{value != 0};
}

enum class Format { kNumbers, kConditions };

/// A value wanted from a run.
struct Request {
  NodeId node = 0;
  Format format = Format::kNumbers;
};

struct RunOptions {
  std::size_t tile_bars = 0;    // a multiple of kernel::kTileBlock; 0 = chosen by the planner
  std::size_t max_panels = 16;  // live panels between stages that a batch may hold
  std::vector<double>* node_ns = nullptr;  // measured time per node of the graph; slower

  /// Go on from what an earlier run left. The inputs then begin at row `rows_before` of the first
  /// run, not after `resume->first_row`; only rows from `resume->num_rows` on have defined values.
  const State* resume = nullptr;
  std::size_t rows_before = 0;
  State* save = nullptr;  // what the next run may go on from
};

/// One value per request, in its order: a panel like the inputs (NaN, or 2, where the symbol has no
/// bar), or for a daily or constant node one column.
struct Values {
  std::vector<Panel> numbers;              // empty panels where conditions were asked for
  std::vector<ConditionPanel> conditions;  // and the other way round
};

/// Throws kNotFound for a field the inputs lack, and when it cannot go on from `resume`: the state
/// is of other expressions, begins later than needed, or a symbol that had stopped trades again.
Values evaluate(const Graph& graph,
                std::span<const Request> requests,
                const Inputs& inputs,
                const RunOptions& options = {});

/// How `evaluate` would go about it, for people: the nodes with reach, stage, bytes, estimated or
/// measured cost (`node_ns` of a run).
std::string describe_plan(const Graph& graph,
                          std::span<const Request> requests,
                          const Inputs& inputs,
                          std::span<const double> node_ns = {});

}  // namespace tickwerk::expr
