// Runs one stage along time: for each group of eight symbols, the stage's nodes over all bars of
// the group, a tile of bars at a time. Internal to `expr`.
#pragma once

#include <span>
#include <vector>

#include "tickwerk/expr/own_bars.h"
#include "tickwerk/expr/plan.h"
#include "tickwerk/expr/values.h"

namespace tickwerk::expr {

/// A node of the stage as it runs. Buffers hold tiles, [bar][lane].
struct ColumnStep {
  NodeId node = 0;
  std::vector<std::size_t> inputs;  // steps
  /// Bars that its tile runs ahead of the stage's, since some later step reads ahead.
  std::int64_t lead = 0;
  /// Bars before its tile that later steps read.
  std::int64_t before = 0;
  std::size_t offset = 0;        // of its buffer, in doubles
  std::size_t tiles_held = 1;    // tiles behind `before`, until the newest are moved to the front
  std::size_t state_offset = 0;  // in doubles
  /// Its window is longer than any symbol's history and must be full: NaN without computing it.
  bool is_never_full = false;
};

/// The same for every group.
struct ColumnProgram {
  std::vector<ColumnStep> steps;
  std::size_t tile_bars = 0;
  std::int64_t max_lead = 0;
  std::size_t buffer_size = 0;  // doubles
  std::size_t state_size = 0;   // doubles
};

/// `tile_bars`: a multiple of kernel::kTileBlock, or 0 for as many as fit the cache; `most_bars`:
/// the longest history of a symbol.
ColumnProgram make_column_program(const Graph& graph,
                                  const Stage& stage,
                                  std::size_t tile_bars,
                                  std::int64_t most_bars);

/// Where a recursive node takes its state from and leaves it: after the bars before a row, per
/// symbol of the state's columns, [variable][symbol]. Null = it begins anew, nobody asks for it.
struct Recursion {
  std::size_t load_row = 0;
  const double* load = nullptr;
  std::size_t save_row = 0;
  double* save = nullptr;
};

struct ColumnRun {
  const Graph& graph;
  const OwnBars& bars;
  const Places& places;                      // what the stage reads, and where its roots go
  const std::vector<Recursion>& recursions;  // per node, or empty
  const RunOptions& options;
};

void run_columns(const ColumnRun& run, const Stage& stage);

}  // namespace tickwerk::expr
