// Evaluates what the store lacks, and no more than it must: windows from as many rows back as they
// reach, recursive operators from the stored state or else from the first bar. The same bits as an
// evaluation of everything. Internal to `store`; reads no file.
#pragma once

#include <optional>
#include <vector>

#include "tickwerk/expr/run.h"
#include "tickwerk/expr/state.h"
#include "tickwerk/store/column.h"
#include "tickwerk/store/plan.h"

namespace tickwerk::store {

struct MissingInputs {
  const expr::Graph& graph;
  const expr::Inputs& inputs;  // all rows there are
  const std::vector<ColumnSpec>& specs;
  const std::vector<YearRows>& years;
  const Plan& plan;
  std::size_t most_missing = 0;        // Prints::most_missing
  const expr::State* state = nullptr;  // of the columns here; null when there is none to go on from
};

struct Missing {
  std::vector<Panel> values;           // per column, empty where nothing was evaluated
  std::vector<std::size_t> row;        // per column, that its first row of values is
  std::optional<expr::State> state;    // after the last row, for the columns evaluated up to there
  std::vector<expr::NodeId> in_state;  // recursive columns that it is of
};

/// First and last row that a column lacks; equal when it lacks none.
struct LackingRows {
  std::size_t first = 0, last = 0;
};
LackingRows lacking_rows(const MissingInputs& inputs, std::size_t column);

/// Throws as expr::evaluate.
Missing evaluate_missing(const MissingInputs& inputs);

}  // namespace tickwerk::store
